-- The outcome of one candidate, all of it or nothing: it is settled, its version is counted, its
-- fingerprint is found from now on, and its record waits for its worker to write it.
-- ARGV: 2 article id, 3 text digest, 4 postings asked and made, 5 simhash blocks, 6 sketch,
-- 7 record.
local refusal = refuse()
if refusal then return refusal end

local c = candidate(a.bucket, a.digest)
if c and c.token ~= a.token then return {'LOST'} end
if c and c.outcome ~= 0 then return {'AGAIN'} end

local version = a.version
if version then
  local known = call('HGET', a.versions, ARGV[2])
  local last = known and struct.unpack('>I4', known) or 0
  if version ~= last + 1 then return {'STALE'} end
end

-- What this process committed a moment ago was in its own memory when it judged.
local function known_to_us(number)
  local earlier = call('HGET', P .. 'p' .. a.process, '#' .. string.format('%d', number))
  return earlier and tonumber(earlier) < a.place
end

-- Postings come in the order of their documents, so what is newer than the judgement is last.
local function newer(key, size, is_it)
  local ends = call('STRLEN', key)
  while ends > 0 do
    local posting = call('GETRANGE', key, ends - size, ends - 1)
    local number, same = is_it(posting)
    if number <= a.seen then return false end
    if same and not known_to_us(number) then return true end
    ends = ends - size
  end
  return false
end

local span = a.number_bits and 2 ^ a.number_bits
local asked = {}
if a.print then
  for i = 1, #ARGV[4], 11 do
    local bucket, rest, made = string.sub(ARGV[4], i, i + 3), struct.unpack('>I6B', ARGV[4], i + 4)
    asked[#asked + 1] = {key = P .. 'k' .. bucket, rest = rest, made = made == 1}
  end
  for _, one in ipairs(asked) do
    if newer(one.key, 6, function(posting)
      local whole = struct.unpack('>I6', posting)
      local rest = math.floor(whole / span)
      return whole - rest * span, rest == one.rest
    end) then return {'STALE'} end
  end
  if a.near then
    for i = 1, #ARGV[5], 9 do
      local key = P .. 'b' .. string.sub(ARGV[5], i, i + 2)
      if newer(key, 11, function(posting) return struct.unpack('>I5', posting), true end) then
        return {'STALE'}
      end
    end
  end
end

-- A first print may be of the same batch; it has its number only if it was committed itself.
local first = a.first
if a.first_of then
  first = tonumber(call('HGET', P .. 'p' .. a.process, string.format('%d', a.first_of)) or 0)
  if first == 0 then return {'STALE'} end
end

local number = 0
if a.print then
  number = call('INCR', P .. 'last')
  call('HSETNX', P .. 'days', string.format('%d', a.day), number)
  for _, one in ipairs(asked) do
    if one.made then call('APPEND', one.key, struct.pack('>I6', one.rest * span + number)) end
  end
  for i = 1, #ARGV[5], 9 do
    call('APPEND', P .. 'b' .. string.sub(ARGV[5], i, i + 2),
      struct.pack('>I5', number) .. string.sub(ARGV[5], i + 3, i + 8))
  end
  if first == 0 then first = number end
  call('HSET', P .. 'fresh', string.format('%d', number), struct.pack('>I5', first) .. ARGV[6])
  local places, text = P .. 'p' .. a.process, string.format('%d', number)
  call('HSET', places, string.format('%d', a.place), text, '#' .. text, string.format('%d', a.place))
  call('EXPIRE', places, 86400)
end
if version then
  call('HSET', a.versions, ARGV[2], struct.pack('>I4I4', version, a.settled) .. ARGV[3])
end

c = c or {tries = 0, modified = 0}
c.outcome, c.tries, c.token, c.settled = a.outcome, c.tries + 1, a.token, a.settled
keep(a.bucket, a.digest, c)
if a.host then
  local data = call('HGET', P .. 't' .. a.host, a.digest)
  call('HDEL', P .. 't' .. a.host, a.digest)
  call('ZREM', queue('c', a.site, a.host), a.digest)
  call('HDEL', taken(a.site, a.host), 'c' .. a.digest)
  place(a.site, a.host)
  if data and ((a.retry and c.tries < a.most) or a.dated) then
    call('HSET', P .. 'later', a.digest, a.bucket .. '\n' .. data)
    if a.retry and c.tries < a.most then call('ZADD', P .. 'retry', a.retry, a.digest) end
    if a.dated then call('ZADD', P .. 'dated', a.dated, a.digest) end
  end
end
if a.outcome <= 2 then call('HINCRBY', P .. 'news', a.site, 1) end

local seq = call('INCR', P .. 'seq')
call('RPUSH', P .. 'u' .. a.worker, struct.pack('>I8', seq) .. ARGV[7])
return {'OK', seq, number}
