import type { Runbook } from "../platformAlerts/rules/rule.ts";
import type { Scope } from "./scope.ts";

/** What a platform may have or not; sections and panels of what it hasn't are left out. */
export const FEATURES = [
  "mcp",
  "search",
  "models",
  "kaito",
  "gpu",
  "ingress",
  "certificates",
  "autoscaling",
  "objectives",
  "logs",
  "quota",
] as const;

export type Feature = (typeof FEATURES)[number];

/** What the numbers of a panel are, which decides how they are written. A ratio is 0 to 1, written as percent. */
export type PanelUnit =
  | "count"
  | "per-second"
  | "ratio"
  | "percent"
  | "seconds"
  | "bytes"
  | "gigabytes"
  | "tokens-per-second"
  | "celsius"
  | "watts"
  | "days"
  | "state";

/**
 * How a panel looks. `stat`: one number. `lines`: over time. `areas`: over time and stacked. `bars`: the latest values,
 * one bar a series, largest first. `table`: the latest values with their labels, or a log query's rows.
 */
export type PanelKind = "stat" | "lines" | "areas" | "bars" | "table";

/** From which value on a number is marked; `below` turns the direction round, for what must not run out. */
export interface Threshold {
  readonly value: number;
  readonly level: "warning" | "critical";
}

export interface Thresholds {
  readonly when: "above" | "below";
  /** The mildest first. */
  readonly steps: readonly Threshold[];
}

/** One query of Prometheus, in a place that a dashboard's variables narrow. */
export interface PrometheusQuery {
  readonly promql: (at: Scope) => string;
  /** What a series is called: text with labels such as "{{server}}". Its labels are those of the result. */
  readonly legend: string;
}

/** A query of logs in Log Analytics; the dashboard narrows it to its time. */
export interface LogQuery {
  readonly kql: string;
  /** The rows' columns, in their order: what tables show, and pictures. */
  readonly columns: readonly string[];
}

/** A query of Azure Resource Graph: what is now. */
export interface ResourceQuery {
  /** @param location the region's name, such as "eastus", or undefined for all regions */
  readonly resources: (location: string | undefined) => string;
  readonly columns: readonly string[];
}

export type Query = PrometheusQuery | LogQuery | ResourceQuery;

/** One picture of a dashboard. */
export interface Panel {
  /** Unique, in words with hyphens: it names the panel in the workbook and its sample data. */
  readonly id: string;
  readonly title: string;
  /** What the panel tells, and what to think of it: shown beside the title and in the documentation. */
  readonly tells: string;
  readonly kind: PanelKind;
  readonly unit: PanelUnit;
  readonly query: Query;
  /** In 24ths of the dashboard's width. */
  readonly width: 4 | 6 | 8 | 12 | 24;
  readonly thresholds?: Thresholds;
  /** The most that a value can be, where there is such a thing. */
  readonly max?: number;
  /** What must be there besides what the section needs. */
  readonly needs?: Feature;
  /** The runbook that says what to do, as alerts name it (docs/runbooks/<name>.md). */
  readonly runbook?: Runbook;
}

/** Panels about one thing. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What the section answers. */
  readonly about: string;
  readonly needs?: Feature;
  readonly panels: readonly Panel[];
}

/** Rows of the grid that a panel is high. */
export function heightOf({ kind }: Panel): number {
  return kind === "stat" ? 4 : 8;
}

/** The query, if it is one of Prometheus. */
export function prometheusQuery({ query }: Panel): PrometheusQuery | undefined {
  return "promql" in query ? query : undefined;
}

/** The labels that a legend shows. */
export function legendLabels(legend: string): string[] {
  return [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
}
