-- Nobody who takes a host over asks it anything for so many milliseconds.
local refusal = refuse()
if refusal then return refusal end

local ends = math.max(now + a.rests, tonumber(call('HGET', P .. 'rests', a.host) or 0))
call('HSET', P .. 'rests', a.host, string.format('%d', ends))
for _, site in ipairs(sites_of(a.host)) do place(site, a.host) end
return {'OK'}
