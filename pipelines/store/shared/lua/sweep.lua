-- Take what is too old from the next few buckets, so that each is looked at once in a while.
local refusal = refuse()
if refusal then return refusal end

local function cursor(name, buckets, count)
  local start = call('HINCRBY', P .. 'sweep', name, count) - count
  return start % buckets, buckets
end

-- Postings are in the order of their documents: the forgotten ones stand first.
local function trim(key, size, number_of)
  local ends, start = call('STRLEN', key), 0
  while start < ends and number_of(call('GETRANGE', key, start, start + size - 1)) < a.floor do
    start = start + size
  end
  if start == 0 then return end
  if start == ends then
    call('DEL', key)
  else
    call('SET', key, call('GETRANGE', key, start, -1))
  end
end

if a.floor > 0 then
  local span = 2 ^ a.number_bits
  local start, buckets = cursor('k', 2 ^ a.bits, a.postings)
  for i = 0, a.postings - 1 do
    local key = P .. 'k' .. struct.pack('>I4', (start + i) % buckets)
    trim(key, 6, function(posting) return struct.unpack('>I6', posting) % span end)
  end
  start, buckets = cursor('b', 4 * 65536, a.blocks)
  for i = 0, a.blocks - 1 do
    local place = (start + i) % buckets
    local key = P .. 'b' .. math.floor(place / 65536) .. struct.pack('>I2', place % 65536)
    trim(key, 11, function(posting) return struct.unpack('>I5', posting) end)
  end
end

if a.settled > 0 then
  local start, buckets = cursor('c', 2 ^ (a.bits - 4), a.candidates)
  for i = 0, a.candidates - 1 do
    local place = string.format('%x', (start + i) % buckets)
    local seen = call('HGETALL', P .. 'c' .. place)
    for j = 1, #seen, 2 do
      local outcome, _, _, _, settled = struct.unpack(STATE, seen[j + 1])
      if outcome ~= 0 and settled < a.settled then
        call('HDEL', P .. 'c' .. place, seen[j])
        call('HDEL', P .. 'later', seen[j])
        call('ZREM', P .. 'retry', seen[j])
        call('ZREM', P .. 'dated', seen[j])
      end
    end
    local versions = call('HGETALL', P .. 'v' .. place)
    for j = 1, #versions, 2 do
      local _, settled = struct.unpack('>I4I4', versions[j + 1])
      if settled < a.settled then call('HDEL', P .. 'v' .. place, versions[j]) end
    end
  end
end
return {'OK'}
