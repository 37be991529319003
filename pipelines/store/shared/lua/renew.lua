-- Keep the leases of hosts of which something is in hand; gives those that another has by now.
local refusal = refuse()
if refusal then return refusal end

call('HSET', P .. 'workers', a.worker, string.format('%d %s', now, a.about))
local lost = {'OK'}
for _, host in ipairs(a.hosts) do
  if lease(host) == a.process then
    hold(host, a.process, now + a.lease)
    for _, site in ipairs(sites_of(host)) do place(site, host) end
  else
    lost[#lost + 1] = host
  end
end
return lost
