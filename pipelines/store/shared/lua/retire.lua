-- A worker never comes back: what it had in hand waits again, its records go to the heir.
if call('HGET', P .. 'meta', 'id') ~= a.fleet then return {'FLEET'} end
if call('HEXISTS', P .. 'workers', a.heir) == 0 or call('HEXISTS', P .. 'retired', a.heir) == 1 then
  return {'HEIR'}
end
if call('HEXISTS', P .. 'retired', a.gone) == 1 then return {'RETIRED'} end
if call('HEXISTS', P .. 'workers', a.gone) == 0 then return {'UNKNOWN'} end
if a.gone == a.heir then return {'HEIR'} end

local hosts = call('HGETALL', P .. 'held')
local newest = 0
for i = 1, #hosts, 2 do
  local process, ends = string.match(hosts[i + 1], '^(.*) (%d+)$')
  if string.sub(process, 1, #a.gone + 1) == a.gone .. '/' then
    if tonumber(ends) > now then return {'ALIVE', tonumber(ends) - now} end
    put_back(hosts[i])
    call('HDEL', P .. 'held', hosts[i])
    for _, site in ipairs(sites_of(hosts[i])) do place(site, hosts[i]) end
  end
end

call('HSET', P .. 'retired', a.gone, a.heir)
call('HDEL', P .. 'workers', a.gone)
-- The heir applies records in the order of their numbers, so these get new ones.
local records = call('LRANGE', P .. 'u' .. a.gone, 0, -1)
for _, record in ipairs(records) do
  local seq = call('INCR', P .. 'seq')
  call('RPUSH', P .. 'u' .. a.heir, struct.pack('>I8', seq) .. string.sub(record, 9))
end
call('DEL', P .. 'u' .. a.gone)
return {'OK', #records}
