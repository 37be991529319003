-- Lease a host and hand out its most urgent tasks; nothing while it is another's, or rests.
local refusal = refuse()
if refusal then return refusal end

-- A worker has its share of the hosts: more than that only where nobody wanted one for as long as
-- a lease.
local function is_over_share()
  local alive, oldest = 0, now - a.lease
  local workers = call('HVALS', P .. 'workers')
  for _, worker in ipairs(workers) do
    if tonumber(string.match(worker, '^%d+')) >= oldest then alive = alive + 1 end
  end
  if alive < 2 or a.others < math.ceil(call('ZCARD', P .. 'ready') / alive) then return false end
  for _, site in ipairs(a.sites) do
    local since = tonumber(call('ZSCORE', P .. 'ready', site .. '\n' .. a.host) or now)
    if since < oldest then return false end
  end
  return true
end
if is_over_share() then return {'HELD', 1000} end

local process, ends = lease(a.host)
if process ~= a.process then
  local rests = tonumber(call('HGET', P .. 'rests', a.host) or 0)
  if ends > now then return {'HELD', ends - now} end
  if rests > now then return {'HELD', rests - now} end
  put_back(a.host)
end
hold(a.host, a.process, now + a.lease)
local token = call('INCR', P .. 'token') % 4294967296

local lanes = {}
for _, site in ipairs(sites_of(a.host)) do
  for _, ours in ipairs(a.sites) do
    if ours == site then lanes[#lanes + 1] = site end
  end
end

local given = {'OK', token, 0}
local function pick(kind, most)
  local found = {}
  for _, site in ipairs(lanes) do
    local best = call('ZRANGE', queue(kind, site, a.host), 0, most - 1, 'WITHSCORES')
    for i = 1, #best, 2 do
      found[#found + 1] = {name = best[i], score = best[i + 1], site = site}
    end
  end
  table.sort(found, function(one, other)
    local left, right = tonumber(one.score), tonumber(other.score)
    if left ~= right then return left < right end
    return one.name < other.name
  end)
  local picked = math.min(most, #found)
  for i = 1, picked do
    local task = found[i]
    call('ZREM', queue(kind, task.site, a.host), task.name)
    call('HSET', taken(task.site, a.host), kind .. task.name, task.score)
    local data
    if kind == 'c' then
      data = call('HGET', P .. 't' .. a.host, task.name)
      local bucket = string.match(data, '"bucket":"(.-)"')
      local c = candidate(bucket, task.name)
      c.token = token
      keep(bucket, task.name, c)
    else
      data = call('HGET', P .. 'L' .. task.site, task.name)
    end
    given[#given + 1] = data
  end
  return picked
end

local count = pick('l', math.max(1, math.floor(a.limit / 4)))
count = count + pick('c', a.limit - count)
if count == 0 then pick('l', a.limit) end
for _, site in ipairs(lanes) do
  given[3] = given[3] + call('ZCARD', queue('c', site, a.host))
    + call('ZCARD', queue('l', site, a.host))
end
for _, site in ipairs(sites_of(a.host)) do place(site, a.host) end
return given
