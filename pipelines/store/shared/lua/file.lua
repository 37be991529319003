-- Lease a file of an archive, or say that it is done; another worker's lately is not read again.
local refusal = refuse()
if refusal then return refusal end

local process, ends = lease(a.file)
if a.done then
  if process == a.process then
    call('HDEL', P .. 'held', a.file)
    call('HSET', P .. 'files', a.file, a.worker .. ' ' .. string.format('%d', now))
  end
  return {'OK', 'done'}
end
local done = call('HGET', P .. 'files', a.file)
if done then
  local worker, at = string.match(done, '^(.*) (%d+)$')
  if worker ~= a.worker and tonumber(at) >= a.since then return {'OK', 'done'} end
end
if process and process ~= a.process and ends > now then return {'OK', 'theirs'} end
hold(a.file, a.process, now + a.lease)
return {'OK', 'ours'}
