-- Take up a document that is at hand already, unless it is done.
local refusal = refuse()
if refusal then return refusal end

local c = candidate(a.bucket, a.digest)
if c and c.outcome ~= 0 then return {'OK', 0} end
local token = call('INCR', P .. 'token') % 4294967296
c = c or {outcome = 0, tries = 0, modified = 0, settled = 0}
c.token = token
keep(a.bucket, a.digest, c)
return {'OK', token}
