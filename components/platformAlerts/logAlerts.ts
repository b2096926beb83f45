import type { Runbook, Severity } from "./rules/rule.ts";

/** What people are told when a query on logs has results. */
export interface LogAlert {
  readonly alert: string;
  /** KQL. It starts with a table: Azure takes no `search` and no `union` in alerts. */
  readonly query: string;
  /** Told when the number of rows, or the column of `measure`, compares so with the threshold. */
  readonly operator: "GreaterThan" | "GreaterThanOrEqual" | "LessThan";
  readonly threshold: number;
  /** A column to look at the smallest value of. @default - the number of rows counts */
  readonly measure?: string;
  /** Columns of text: each combination of their values is an alert of its own. At most six. @default - none */
  readonly dimensions?: readonly string[];
  /** How often it is asked, and about how long a time, as ISO 8601. */
  readonly every: string;
  readonly window: string;
  /** How far back the query itself looks, where that is longer than `window`; P2D at most. @default - the window */
  readonly lookback?: "P2D";
  /**
   * It tells of something that happened, and not of a state that lasts: each time is told, and nothing is resolved.
   * Source: "Stateful alerts" of https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview
   *
   * @default false
   */
  readonly event?: boolean;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
  readonly runbook: Runbook;
}

/** What is unusual in the guards' audit. */
export interface AuditArgs {
  /** So many calls of one caller that are denied in a quarter of an hour are too many, 1 to 10,000. @default 10 */
  deniedCalls?: number;
  /**
   * Tools whose every call is told, by name. @default - those that execute: execute_document, test_document (Innovation
   * Engine) and call_az, call_kubectl (aks-mcp)
   */
  dangerousTools?: string[];
  /** Tell of callers that nobody has seen in the two days before. @default true */
  newCallers?: boolean;
  /**
   * Tell when no call at all was audited for so many hours, 1 to 6, 24 or 48; only where somebody always calls, because
   * nobody can tell an audit that fails from a platform that nobody uses. @default - never
   */
  silenceHours?: (typeof SILENCE_HOURS)[number];
}

/** Hours that Azure can look back for an alert. Source: windowSize of scheduledQueryRules. */
export const SILENCE_HOURS = [1, 2, 3, 4, 5, 6, 24, 48] as const;

/** Tools that do more than read. Source: components/innovationEngine/settings.ts; tools of Azure/aks-mcp v0.0.19. */
export const DANGEROUS_TOOLS = ["execute_document", "test_document", "call_az", "call_kubectl"] as const;

/** The columns of the audit's lines that the queries read; servers/guard/audit.ts writes them. */
export const AUDIT_COLUMNS = ["audit", "server", "caller", "tool", "outcome"] as const;

/** The guard's container. Source: components/mcpGuard/sidecar.ts. */
const GUARD_CONTAINER = "guard";

/** A list of texts as KQL has it; JSON's escapes are KQL's. */
const list = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text)).join(", ");

/**
 * The audit's lines of one namespace. LogMessage is dynamic, and an object where the agent has read the line as JSON; as
 * text it is the same for both. Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/containerlogv2
 */
function auditLines(namespace: string): string[] {
  return [
    "ContainerLogV2",
    `| where PodNamespace == ${JSON.stringify(namespace)} and ContainerName == "${GUARD_CONTAINER}"`,
    "| extend line = parse_json(tostring(LogMessage))",
    "| where tobool(line.audit)",
    "| extend server = tostring(line.server), caller = tostring(line.caller), tool = tostring(line.tool), outcome = tostring(line.outcome)",
  ];
}

/** Alerts on the audit of the MCP servers in a namespace. */
export function auditAlerts(namespace: string, args: AuditArgs = {}): LogAlert[] {
  const { deniedCalls = 10, dangerousTools = DANGEROUS_TOOLS, newCallers = true, silenceHours } = args;
  const lines = auditLines(namespace);
  const common = { runbook: "audit" } as const;
  const quarter = { every: "PT15M", window: "PT15M" };
  const found: LogAlert[] = [
    {
      ...common,
      ...quarter,
      alert: "AuditDeniedCalls",
      query: [...lines, '| where outcome == "denied"', "| project TimeGenerated, server, caller, tool"].join(
        "\n",
      ),
      operator: "GreaterThanOrEqual",
      threshold: deniedCalls,
      dimensions: ["caller", "server"],
      severity: 2,
      summary: "A caller asks for tools that it may not use.",
      description: `${deniedCalls} calls or more of one caller were denied in a quarter of an hour.`,
    },
  ];
  if (dangerousTools.length > 0) {
    found.push({
      ...common,
      ...quarter,
      alert: "AuditDangerousTool",
      query: [
        ...lines,
        `| where tool in (${list(dangerousTools)}) and outcome != "denied"`,
        "| project TimeGenerated, server, caller, tool",
      ].join("\n"),
      operator: "GreaterThan",
      threshold: 0,
      dimensions: ["caller", "tool"],
      event: true,
      severity: 3,
      summary: "A tool that changes things was called.",
      description: `One of ${dangerousTools.join(", ")} was called; the audit says by whom.`,
    });
  }
  if (newCallers) {
    found.push({
      ...common,
      alert: "AuditNewCaller",
      query: [
        ...lines,
        "| summarize seenFirst = min(TimeGenerated) by caller",
        // Asked every hour, of a little more: lines arrive minutes late. Rather twice than never.
        "| where seenFirst > ago(75m)",
      ].join("\n"),
      operator: "GreaterThan",
      threshold: 0,
      dimensions: ["caller"],
      event: true,
      every: "PT1H",
      window: "PT1H",
      // Azure looks no further back for an alert: a caller that comes once a week is new each time.
      lookback: "P2D",
      severity: 3,
      summary: "Somebody calls who didn't in the last two days.",
      description: "A caller is in the audit that wasn't there in the two days before.",
    });
  }
  if (silenceHours !== undefined) {
    found.push({
      ...common,
      alert: "AuditSilent",
      query: [...lines, "| project TimeGenerated"].join("\n"),
      operator: "LessThan",
      threshold: 1,
      every: "PT1H",
      window: silenceHours < 24 ? `PT${silenceHours}H` : `P${silenceHours / 24}D`,
      severity: 2,
      summary: "No call was audited for a long time.",
      description: `The audit has had no line for ${silenceHours} h: nobody calls, or the audit doesn't arrive.`,
    });
  }
  return found;
}

/**
 * Tells that the workspace takes no more logs today, and that every alert on logs is blind until tomorrow.
 * Source: "Alert when daily cap is reached" of https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap
 */
export const LOGS_CAPPED: LogAlert = {
  alert: "LogsCapped",
  query: '_LogOperation\n| where Category =~ "Ingestion" and Detail has "OverQuota"',
  operator: "GreaterThan",
  threshold: 0,
  every: "PT5M",
  window: "PT5M",
  severity: 2,
  summary: "The daily cap of logs is reached.",
  description: "No log arrives any more until tomorrow: the audit has a gap, and alerts on logs can't fire.",
  runbook: "monitoring",
};

/**
 * Tells of quota of cores that runs out, in one region: all cores, those of spot VMs, and those of each family of which
 * something runs. No Prometheus knows them; Azure Resource Graph does. The smallest share that is left in an hour
 * counts, for each quota by itself.
 *
 * Source: https://learn.microsoft.com/azure/quotas/how-to-guide-monitoring-alerting
 */
export function quotaAlert(freePercent: number): Omit<LogAlert, "query"> {
  return {
    alert: "QuotaHeadroomLow",
    operator: "LessThan",
    threshold: freePercent,
    measure: "freePercent",
    dimensions: ["quota"],
    every: "PT1H",
    window: "PT1H",
    severity: 3,
    summary: "Quota of cores is nearly used up.",
    description: `Less than ${freePercent} percent of a quota of cores is left in the region: pools can't grow much more.`,
    runbook: "quota",
  };
}

/** The query of {@link quotaAlert}: a row for each quota, with the share in percent that is left. */
export function quotaQuery(subscriptionId: string, location: string): string {
  return [
    'arg("").QuotaResources',
    `| where subscriptionId =~ ${JSON.stringify(subscriptionId)} and location =~ ${JSON.stringify(location)}`,
    '| where type =~ "microsoft.compute/locations/usages" and isnotempty(properties)',
    "| mv-expand entry = properties.value limit 400",
    '| extend quota = tostring(entry.name.value), used = toint(entry.currentValue), most = toint(entry["limit"])',
    '| where used > 0 and most > 0 and (quota in~ ("cores", "lowPriorityCores") or quota endswith "Family")',
    "| project quota, freePercent = 100.0 * (most - used) / most",
  ].join("\n");
}
