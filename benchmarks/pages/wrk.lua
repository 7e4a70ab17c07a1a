-- wrk ... -s wrk.lua ADDRESS -- FILE DELAY ["Name: value" ...]: a random path of the file for each request, the same ones
-- in the same order every time; DELAY milliseconds (give or take a half) between an answer and the next request.
local paths = {}
local pause = 0

function init(args)
  math.randomseed(7)
  for path in io.lines(args[1]) do paths[#paths + 1] = path end
  pause = tonumber(args[2])
  for number = 3, #args do
    local name, value = args[number]:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
end

function request()
  return wrk.format("GET", paths[math.random(#paths)])
end

function delay()
  return pause == 0 and 0 or pause * (0.5 + math.random())
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %f, "bytes": %d, "p50": %f, "p99": %f, "broken": %d, "refused": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
