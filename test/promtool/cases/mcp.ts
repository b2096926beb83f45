import type { AlertCase } from "../case.ts";

const server = { server: "open-websearch" };
const of = 'server="open-websearch"';
const failures = (reason: string) => `mcp_guard_authentication_failures_total{${of}, reason="${reason}"}`;
const engine = 'server="open-websearch", engine="bing"';

export const mcpCases: AlertCase[] = [
  {
    alert: "McpBreakerOpen",
    when: "open for five minutes, in one of two pods",
    series: {
      [`mcp_guard_breaker_state{${of}, pod="a"}`]: "0x4 2x6",
      [`mcp_guard_breaker_state{${of}, pod="b"}`]: "0x10",
    },
    at: "10m",
    fires: [{ labels: server }],
  },
  {
    alert: "McpBreakerOpen",
    when: "half-open",
    series: { [`mcp_guard_breaker_state{${of}}`]: "0x4 1x6" },
    at: "10m",
    fires: [],
  },
  {
    alert: "McpAuthenticationFailing",
    when: "two a day, then ten a minute",
    series: { [failures("unknown-token")]: "0x1440 10+10x30" },
    at: "1465m",
    fires: [{ labels: server }],
  },
  {
    alert: "McpAuthenticationFailing",
    when: "ten a minute, as always",
    series: { [failures("unknown-token")]: "0+10x1500" },
    at: "1500m",
    fires: [],
  },
  {
    alert: "McpAuthenticationFailing",
    when: "the issuer's keys are missing, which isn't the callers' fault",
    series: { [failures("keys-unavailable")]: "0x1440 10+10x30" },
    at: "1465m",
    fires: [],
  },
  {
    alert: "McpIssuerKeysUnavailable",
    when: "nobody can sign in",
    series: { [failures("keys-unavailable")]: "0+3x20" },
    at: "20m",
    fires: [{ labels: server }],
  },
  {
    alert: "McpIssuerKeysUnavailable",
    when: "wrong tokens",
    series: { [failures("keys-unavailable")]: "0x20", [failures("expired")]: "0+3x20" },
    at: "20m",
    fires: [],
  },
  {
    alert: "McpCallsLimited",
    when: "one of four calls is too many",
    series: {
      [`mcp_guard_calls_total{${of}, tool="search", outcome="ok"}`]: "0+9x60",
      [`mcp_guard_calls_total{${of}, tool="search", outcome="limited"}`]: "0+3x60",
      [`mcp_guard_limits_hit_total{${of}, limit="caller"}`]: "0+3x60",
      [`mcp_guard_limits_hit_total{${of}, limit="engine"}`]: "0x60",
    },
    at: "60m",
    fires: [{ labels: { ...server, limit: "caller" } }],
  },
  {
    alert: "McpCallsLimited",
    when: "one of a hundred calls is too many",
    series: {
      [`mcp_guard_calls_total{${of}, tool="search", outcome="ok"}`]: "0+99x60",
      [`mcp_guard_limits_hit_total{${of}, limit="caller"}`]: "0+1x60",
    },
    at: "60m",
    fires: [],
  },
  {
    alert: "SearchEngineRateLimited",
    when: "429 every other minute",
    series: {
      [`mcp_guard_engine_failures_total{${engine}, reason="rate-limited"}`]:
        "0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9 10",
    },
    at: "20m",
    fires: [{ labels: { ...server, engine: "bing" } }],
  },
  {
    alert: "SearchEngineRateLimited",
    when: "it fails otherwise",
    series: {
      [`mcp_guard_engine_failures_total{${engine}, reason="rate-limited"}`]: "0x20",
      [`mcp_guard_engine_failures_total{${engine}, reason="timeout"}`]: "0+1x20",
    },
    at: "20m",
    fires: [],
  },
  {
    alert: "SearchEngineFailing",
    when: "three of four searches fail",
    series: {
      [`mcp_guard_engine_requests_total{${engine}}`]: "0+4x60",
      [`mcp_guard_engine_failures_total{${engine}, reason="blocked"}`]: "0+2x60",
      [`mcp_guard_engine_failures_total{${engine}, reason="timeout"}`]: "0+1x60",
    },
    at: "60m",
    fires: [{ labels: { ...server, engine: "bing" } }],
  },
  {
    alert: "SearchEngineFailing",
    when: "one of four searches fails",
    series: {
      [`mcp_guard_engine_requests_total{${engine}}`]: "0+4x60",
      [`mcp_guard_engine_failures_total{${engine}, reason="timeout"}`]: "0+1x60",
    },
    at: "60m",
    fires: [],
  },
];
