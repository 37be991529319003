-- The worker has written these records. Stops at the first that it has not: one that was handed to
-- it from a retired worker, which it has yet to read. Gives how many are left.
local refusal = refuse()
if refusal then return refusal end

local outbox = P .. 'u' .. a.worker
local written = {}
for _, seq in ipairs(a.seqs) do written[seq] = true end
local first = call('LINDEX', outbox, 0)
while first and written[struct.unpack('>I8', first)] do
  call('LPOP', outbox)
  first = call('LINDEX', outbox, 0)
end
call('DEL', P .. 'p' .. a.process)
return {'OK', call('LLEN', outbox)}
