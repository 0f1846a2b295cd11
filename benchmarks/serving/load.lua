-- Asks the requests of a file over and over, in order: METHOD, path and body, separated by tabs.
-- Prints what came of it as a line of JSON, the last one.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, body = line:match("([^\t]*)\t([^\t]*)\t(.*)")
    local headers = body ~= "" and { ["Content-Type"] = "application/json" } or {}
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  -- What was never answered is not among the requests.
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "p50": %.3f, "p99": %.3f, "errors": %d}\n',
    summary.requests + lost, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    lost + errors.status))
end
