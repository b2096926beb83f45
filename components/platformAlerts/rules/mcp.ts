import type { Watched } from "../watched.ts";
import type { AlertRule, RuleGroup } from "./rule.ts";

/** So many failed sign-ins in a quarter of an hour are worth a look, when they are more than usual. */
const SIGN_IN_FAILURES = 30;

/** Alerts on what the guards of MCP servers say. */
export function mcpGroup({ mcp, search }: Watched): RuleGroup | undefined {
  if (!mcp) return undefined;
  return {
    name: "mcp",
    description: "MCP servers, as their guards see them.",
    rules: [...guardAlerts(), ...(search ? searchAlerts() : [])],
  };
}

function guardAlerts(): AlertRule[] {
  const failures = 'mcp_guard_authentication_failures_total{reason!="keys-unavailable"}';
  return [
    {
      alert: "McpBreakerOpen",
      expr: "max by (server) (mcp_guard_breaker_state) == 2",
      forMinutes: 2,
      severity: 2,
      summary: "The breaker of {{ $labels.server }} is open.",
      description:
        "The server failed so often that its guard answers in its place; every call is refused until it recovers.",
      runbook: "mcp",
    },
    {
      alert: "McpAuthenticationFailing",
      // The last part is the usual number in a quarter of an hour: a day has 96 of them.
      expr:
        `sum by (server) (increase(${failures}[15m])) > ${SIGN_IN_FAILURES} and ` +
        `sum by (server) (increase(${failures}[15m])) > 3 * sum by (server) (increase(${failures}[1d] offset 15m)) / 96`,
      forMinutes: 5,
      severity: 2,
      summary: "Many requests to {{ $labels.server }} have no valid token.",
      description:
        "Far more requests than usual are refused for their token: a client's token has expired, or somebody tries tokens.",
      runbook: "mcp",
    },
    {
      alert: "McpIssuerKeysUnavailable",
      expr: 'sum by (server) (increase(mcp_guard_authentication_failures_total{reason="keys-unavailable"}[10m])) > 0',
      forMinutes: 5,
      severity: 1,
      summary: "{{ $labels.server }} can't check tokens.",
      description: "The issuer's keys can't be fetched, so that nobody can sign in to the server.",
      runbook: "mcp",
    },
    {
      alert: "McpCallsLimited",
      expr:
        "sum by (server, limit) (rate(mcp_guard_limits_hit_total[15m])) / on (server) group_left () " +
        "(sum by (server) (rate(mcp_guard_calls_total[15m])) > 0) > 0.1",
      forMinutes: 15,
      severity: 3,
      summary: "More than a tenth of the calls to {{ $labels.server }} meet the limit {{ $labels.limit }}.",
      description:
        "Callers are refused by a limit of the guard: it is too tight, or one of them asks too much.",
      runbook: "mcp",
    },
  ];
}

function searchAlerts(): AlertRule[] {
  return [
    {
      alert: "SearchEngineRateLimited",
      expr: 'sum by (server, engine) (increase(mcp_guard_engine_failures_total{reason="rate-limited"}[15m])) >= 3',
      forMinutes: 5,
      severity: 3,
      summary: "{{ $labels.engine }} answers {{ $labels.server }} with 429.",
      description:
        "A search engine says that it is asked too often; searches go to the other engines meanwhile.",
      runbook: "mcp",
    },
    {
      alert: "SearchEngineFailing",
      expr:
        "sum by (server, engine) (increase(mcp_guard_engine_failures_total[30m])) >= 5 and " +
        "sum by (server, engine) (increase(mcp_guard_engine_failures_total[30m])) > " +
        "0.5 * sum by (server, engine) (increase(mcp_guard_engine_requests_total[30m]))",
      forMinutes: 10,
      severity: 3,
      summary: "More than half of the searches that {{ $labels.server }} sends to {{ $labels.engine }} fail.",
      description: "A search engine doesn't answer, or with something that isn't a result.",
      runbook: "mcp",
    },
  ];
}
