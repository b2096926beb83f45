/** How much an alert matters, as Azure counts: 1 wants somebody now, 2 today, 3 this week. */
export type Severity = 1 | 2 | 3;

/** The label `severity` of alerts, for receivers that know words and not Azure's numbers. */
export const SEVERITY_NAMES: Record<Severity, string> = { 1: "critical", 2: "warning", 3: "info" };

/** The runbooks: files of docs/runbooks without ".md", each with a heading for every alert that names it (or its topic). */
export type Runbook =
  | "objectives"
  | "mcp"
  | "models"
  | "gpu"
  | "workloads"
  | "certificates"
  | "monitoring"
  | "audit"
  | "quota";

/** A series that is computed again and again, for alerts and dashboards. */
export interface RecordingRule {
  /** The name of the new series. */
  readonly record: string;
  /** PromQL. */
  readonly expr: string;
  /** Labels that all its series get. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What people are told when a Prometheus expression has results. */
export interface AlertRule {
  readonly alert: string;
  /** PromQL; each series of its result is an alert of its own. */
  readonly expr: string;
  /** How long there must be a result first, in minutes; 0 is at once. */
  readonly forMinutes: number;
  readonly severity: Severity;
  /** One line, with the series' labels as `{{ $labels.name }}`. */
  readonly summary: string;
  /** What it means to those who use the platform, in a sentence or two. */
  readonly description: string;
  readonly runbook: Runbook;
  /** The runbook's heading. @default - the alert's name */
  readonly topic?: string;
}

export type Rule = RecordingRule | AlertRule;

/** Rules that are computed together, in their order. */
export interface RuleGroup {
  /** Small letters, digits and '-'; part of the Azure resource's name. */
  readonly name: string;
  /** What it is about, in a sentence. */
  readonly description: string;
  /** How often, in minutes. Azure takes 1 to 15. @default 1 */
  readonly intervalMinutes?: number;
  /** At most 20: Azure takes no more in a group. */
  readonly rules: readonly Rule[];
}

export function isAlert(rule: Rule): rule is AlertRule {
  return "alert" in rule;
}

/** A matcher for a label that is one of these values; they are names, which need no escapes. */
export function oneOf(label: string, values: readonly string[]): string {
  return values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${[...values].sort().join("|")}"`;
}

/**
 * A matcher for a histogram's bucket. Prometheus 3 writes whole numbers as "5.0" whatever the exporter wrote, earlier
 * ones and the collector that Azure's agent is made of leave "5" as it was.
 */
export function bucket(limit: number): string {
  return Number.isInteger(limit) ? `le=~"${limit}([.]0)?"` : `le="${limit}"`;
}
