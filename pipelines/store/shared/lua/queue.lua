-- Everything that the answer of a list leads to, in one step: its articles, further lists, its memo.
local refusal = refuse()
if refusal then return refusal end

local function add_candidate(o)
  if call('HEXISTS', o.bucket, o.name) == 1 then return 0 end
  keep(o.bucket, o.name, {outcome = 0, tries = 0, token = 0, modified = o.modified, settled = 0})
  wait(o.name, o.site, o.host, o.score, o.data)
  return 1
end

-- A candidate that is done waits again if its listing says that it changed since.
local function update(o)
  local c = candidate(o.bucket, o.name)
  if not c or c.outcome == 0 or o.modified <= c.modified then return 0 end
  local bad = c.outcome == REJECTED or c.outcome == FAILED
  -- Sites also stamp the pages that are no articles, each time that they publish one.
  local changed = (c.modified > 0 or o.modified > c.settled) and not (bad and c.tries >= a.most)
  c.modified = o.modified
  if changed then
    c.outcome = 0
    if not bad then c.tries = 0 end
    wait(o.name, o.site, o.host, o.score, o.data)
  end
  keep(o.bucket, o.name, c)
  return changed and 1 or 0
end

local function list_waits(o)
  call('HSET', P .. 'L' .. o.site, o.name, o.data)
  call('ZADD', queue('l', o.site, o.host), o.score, o.name)
  place(o.site, o.host)
  return 1
end

local function add_list(o)
  if call('HEXISTS', P .. 'L' .. o.site, o.name) == 1 then return 0 end
  return list_waits(o)
end

-- Ask a list that is known, unless it is queued, or another worker has just asked it.
local function ask(o)
  if call('ZSCORE', queue('l', o.site, o.host), o.name)
    or call('HEXISTS', taken(o.site, o.host), 'l' .. o.name) == 1 then return 0 end
  local done = call('HGET', P .. 'D' .. o.site, o.name)
  if done then
    local worker, at = string.match(done, '^(.*) (%d+)$')
    if worker ~= a.worker and tonumber(at) >= a.since then return 0 end
  end
  return list_waits(o)
end

local function finish(o)
  if call('HEXISTS', P .. 'L' .. o.site, o.name) == 0 then return 0 end
  call('HSET', P .. 'L' .. o.site, o.name, o.data)
  call('ZREM', queue('l', o.site, o.host), o.name)
  call('HDEL', taken(o.site, o.host), 'l' .. o.name)
  call('HSET', P .. 'D' .. o.site, o.name, a.worker .. ' ' .. string.format('%d', now))
  place(o.site, o.host)
  return 1
end

local steps = {add = add_candidate, update = update, list = add_list, ask = ask, finish = finish}
local results = {'OK'}
for i, o in ipairs(a.steps) do results[i + 1] = steps[o.step](o) end
return results
