-- What every script begins with. ARGV[1] is a MessagePack map of plain values, bytes come after it.
-- Every script begins with `local refusal = refuse(a)`; see server.py.
local P = '{fp}'
local a = cmsgpack.unpack(ARGV[1])
local call = redis.call

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Nothing is done for a worker of another fleet, as after a restart without data, nor for one
-- that was retired.
local function refuse()
  if call('HGET', P .. 'meta', 'id') ~= a.fleet then return {'FLEET'} end
  if a.worker and call('HEXISTS', P .. 'retired', a.worker) == 1 then return {'GONE'} end
end

-- A host is leased to one process at a time: 'worker/run', and until when.
local function lease(host)
  local held = call('HGET', P .. 'held', host)
  if not held then return nil, 0 end
  local process, ends = string.match(held, '^(.*) (%d+)$')
  return process, tonumber(ends)
end

local function hold(host, process, ends)
  call('HSET', P .. 'held', host, process .. ' ' .. string.format('%d', ends))
end

local function sites_of(host) return call('SMEMBERS', P .. 's' .. host) end

-- What a site has at a host is a lane: its waiting candidates and lists, and what is taken.
local function queue(kind, site, host) return P .. 'q' .. kind .. site .. '\n' .. host end
local function taken(site, host) return P .. 'x' .. site .. '\n' .. host end

-- Say from when on a lane can be taken; forget it when nothing is left in it.
local function place(site, host)
  local lane = site .. '\n' .. host
  if call('EXISTS', queue('c', site, host), queue('l', site, host), taken(site, host)) == 0 then
    if call('ZREM', P .. 'ready', lane) == 1 then
      if call('HINCRBY', P .. 'open', site, -1) <= 0 then call('HDEL', P .. 'open', site) end
      call('SREM', P .. 's' .. host, site)
    end
    return
  end
  local _, ends = lease(host)
  local from = math.max(ends, tonumber(call('HGET', P .. 'rests', host) or 0))
  if from <= now then
    local since = tonumber(call('ZSCORE', P .. 'ready', lane) or now)
    from = since <= now and since or now
  end
  if call('ZADD', P .. 'ready', from, lane) == 1 then
    call('HINCRBY', P .. 'open', site, 1)
    call('SADD', P .. 's' .. host, site)
  end
end

-- What a process that is no more had in hand waits again, in its old place.
local function put_back(host)
  for _, site in ipairs(sites_of(host)) do
    local held = call('HGETALL', taken(site, host))
    for i = 1, #held, 2 do
      call('ZADD', queue(string.sub(held[i], 1, 1), site, host), held[i + 1], string.sub(held[i], 2))
    end
    call('DEL', taken(site, host))
  end
end

-- A candidate: outcome (0: none yet), tries, token of who has it, modified, settled.
local STATE = '>BBI4I4I4'
local REJECTED, FAILED = 3, 4
local function candidate(bucket, digest)
  local raw = call('HGET', bucket, digest)
  if not raw then return nil end
  local c = {}
  c.outcome, c.tries, c.token, c.modified, c.settled = struct.unpack(STATE, raw)
  return c
end
local function keep(bucket, digest, c)
  call('HSET', bucket, digest, struct.pack(STATE, c.outcome, math.min(c.tries, 255), c.token,
    c.modified, c.settled))
end

-- A candidate waits in its lane; its task is kept until it is done.
local function wait(digest, site, host, score, data)
  call('HSET', P .. 't' .. host, digest, data)
  call('ZADD', queue('c', site, host), score, digest)
  call('HDEL', P .. 'later', digest)
  call('ZREM', P .. 'retry', digest)
  call('ZREM', P .. 'dated', digest)
  place(site, host)
end
