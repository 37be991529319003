-- A run begins: what an earlier process of this worker had in hand waits again, and so does what
-- failed and may be tried again, or lies within this run's dates. Gives the waiting candidates.
local refusal = refuse()
if refusal then return refusal end

local hosts = call('HGETALL', P .. 'held')
for i = 1, #hosts, 2 do
  local host, process = hosts[i], string.match(hosts[i + 1], '^(.*) %d+$')
  if process ~= a.process and string.sub(process, 1, #a.worker + 1) == a.worker .. '/' then
    put_back(host)
    call('HDEL', P .. 'held', host)
    for _, site in ipairs(sites_of(host)) do place(site, host) end
  end
end

local ours
if a.sites then
  ours = {}
  for _, site in ipairs(a.sites) do ours[site] = true end
end

local function again(digest)
  local later = call('HGET', P .. 'later', digest)
  local bucket, data = string.match(later, '^(.-)\n(.*)$')
  local task = cjson.decode(data)
  return bucket, data, task
end

for _, digest in ipairs(call('ZRANGEBYSCORE', P .. 'retry', '-inf', a.now)) do
  local bucket, data, task = again(digest)
  local c = candidate(bucket, digest)
  c.outcome = 0
  keep(bucket, digest, c)
  wait(digest, task.site, task.host, -task.priority, data)
end
for _, digest in ipairs(call('ZRANGEBYSCORE', P .. 'dated', a.since, a['until'])) do
  local bucket, data, task = again(digest)
  if not ours or ours[task.site] then
    local c = candidate(bucket, digest)
    c.outcome = 0
    keep(bucket, digest, c)
    wait(digest, task.site, task.host, -task.priority, data)
  end
end

local waiting = 0
for _, lane in ipairs(call('ZRANGE', P .. 'ready', 0, -1)) do
  local site, host = string.match(lane, '^(.*)\n(.*)$')
  if not ours or ours[site] then waiting = waiting + call('ZCARD', queue('c', site, host)) end
end
return {'OK', waiting}
