-- What can be taken now, from a place on; and whether anything of these sites is left at all.
local refusal = refuse()
if refusal then return refusal end

local left = call('HLEN', P .. 'open')
if a.sites then
  left = 0
  for _, site in ipairs(a.sites) do left = left + call('HEXISTS', P .. 'open', site) end
end
local found = call('ZRANGEBYSCORE', P .. 'ready', '-inf', now, 'LIMIT', a.start, a.most)
return {'OK', left, unpack(found)}
