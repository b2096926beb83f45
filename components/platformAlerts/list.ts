import { auditAlerts, LOGS_CAPPED, quotaAlert } from "./logAlerts.ts";
import { isAlert, type RuleGroup, type Runbook, SEVERITY_NAMES, type Severity } from "./rules/rule.ts";
import { RUNBOOK_FOLDER, runbookPath } from "./runbooks.ts";
import type { Thresholds } from "./watched.ts";

/** What all alerts have, whatever they ask. */
export interface ListedAlert {
  alert: string;
  severity: Severity;
  description: string;
  /** How long it lasts before it is told, or how often logs are asked, in words. */
  after: string;
  runbook: Runbook;
  topic?: string;
}

/** All alerts on metrics and on logs, in the order in which they are made. */
export function allAlerts(groups: readonly RuleGroup[], thresholds: Thresholds): ListedAlert[] {
  const onMetrics = groups
    .flatMap(({ rules }) => rules)
    .filter(isAlert)
    .map((rule) => ({ ...rule, after: rule.forMinutes === 0 ? "at once" : `${rule.forMinutes} min` }));
  const onLogs = [
    ...auditAlerts("mcp", { silenceHours: 24 }),
    LOGS_CAPPED,
    quotaAlert(thresholds.quotaFreePercent),
  ].map((alert) => ({ ...alert, after: `asked every ${everyInWords(alert.every)}` }));
  return [...onMetrics, ...onLogs];
}

const everyInWords = (iso: string) => iso.replace(/^PT(\d+)M$/, "$1 min").replace(/^PT(\d+)H$/, "$1 h");

/** The list for docs/alerts.md. */
export function alertsMarkdown(alerts: readonly ListedAlert[]): string {
  const rows = alerts.map((alert) => {
    const link = runbookPath(alert).replace(`${RUNBOOK_FOLDER}/`, "runbooks/");
    return `| [${alert.alert}](${link}) | ${SEVERITY_NAMES[alert.severity]} | ${alert.after} | ${readable(alert.description)} |`;
  });
  return ["| alert | severity | after | means |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** Templates as what they stand for. */
const readable = (text: string) => text.replace(/\{\{ \$value[^}]*\}\}/g, "so many").replaceAll("|", "\\|");
