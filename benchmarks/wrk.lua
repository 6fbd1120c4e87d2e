-- Sends the requests of a file, each once: a line with the length, then that many bytes. Thread n takes every nth.
local requests, next_request, threads = {}, 1, 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(args)
  local file, count = io.open(args[1], "rb"), 0
  local all = tonumber(args[2])
  while true do
    local line = file:read("*l")
    if not line then break end
    local text = file:read(tonumber(line))
    if count % all == number then requests[#requests + 1] = text end
    count = count + 1
  end
  file:close()
end
function request()
  local text = requests[next_request]
  next_request = next_request + 1
  if not text then wrk.thread:stop() return requests[1] end
  return text
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
