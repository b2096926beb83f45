import type { AlertRule, RecordingRule, RuleGroup, Severity } from "./rule.ts";

/** The recorded share of bad events over a time; the time ends the name. */
export const ERROR_RATIO = "objective:error_ratio:rate";
/** The recorded share of the error budget that is left: 1 is all of it, below 0 the objective is missed. */
export const BUDGET_REMAINING = "objective:error_budget:remaining";

/** The times that error ratios are recorded over. */
export const RATIO_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
type Window = (typeof RATIO_WINDOWS)[number];

/**
 * Two windows that must both burn: the long one says that it matters, the short one that it still goes on. `share` of
 * the error budget is gone when the long one has burnt all its time at the limit.
 * Source: "Multiwindow, Multi-Burn-Rate Alerts" of https://sre.google/workbook/alerting-on-slos/
 */
interface Burn {
  long: Window;
  longHours: number;
  short: Window;
  share: number;
}

const SPEEDS: Record<"Fast" | "Slow", { burns: Burn[]; forMinutes: number; severity: Severity }> = {
  Fast: {
    burns: [
      { long: "1h", longHours: 1, short: "5m", share: 0.02 },
      { long: "6h", longHours: 6, short: "30m", share: 0.05 },
    ],
    forMinutes: 2,
    severity: 1,
  },
  Slow: {
    burns: [
      { long: "1d", longHours: 24, short: "2h", share: 0.1 },
      { long: "3d", longHours: 72, short: "6h", share: 0.1 },
    ],
    forMinutes: 15,
    severity: 2,
  },
};

/** What is measured for an objective. */
export interface Indicator {
  /** The label `objective`, such as "mcp-availability". */
  objective: string;
  /** Begins the alerts' names, such as "McpAvailability". */
  title: string;
  /** Labels that tell one subject from another, such as ["server"]. */
  by: readonly string[];
  targetPercent: number;
  windowDays: number;
  /** PromQL: the share of bad events over a time, 0 to 1, by those labels. */
  ratio: (window: string) => string;
  /** PromQL: how many events there were; and how many of them must be bad for an alert. @default - any share will do */
  events?: { count: (window: string) => string; minimumBad: number };
  /** Series that the ratio is made of. @default - none */
  recorded?: readonly RecordingRule[];
  /** What goes wrong, as a sentence without its end: "MCP calls to {{ $labels.server }} fail". */
  trouble: string;
}

/** The rules of one objective. The budget's has a group of its own: it looks far back, and needn't be fresh. */
export function burnRateGroups(indicator: Indicator): RuleGroup[] {
  const { objective, windowDays, targetPercent } = indicator;
  const labels = { objective };
  const budget = round(1 - targetPercent / 100);
  return [
    {
      name: `objective-${objective}`,
      description: `Objective ${objective}: ${targetPercent} percent in ${windowDays} days.`,
      rules: [
        ...(indicator.recorded ?? []),
        ...RATIO_WINDOWS.map((window) => ({
          record: `${ERROR_RATIO}${window}`,
          expr: indicator.ratio(window),
          labels,
        })),
        ...(["Fast", "Slow"] as const).flatMap((speed) => burnAlert(indicator, speed, budget)),
      ],
    },
    {
      name: `budget-${objective}`,
      description: `What is left of the error budget of ${objective}.`,
      intervalMinutes: 15,
      rules: [
        {
          record: BUDGET_REMAINING,
          expr: `1 - (${indicator.ratio(`${windowDays}d`)}) / ${budget}`,
          labels,
        },
      ],
    },
  ];
}

function burnAlert(indicator: Indicator, speed: keyof typeof SPEEDS, budget: number): AlertRule[] {
  const { objective, title, by, targetPercent, windowDays, events, trouble } = indicator;
  const { burns, forMinutes, severity } = SPEEDS[speed];
  const ratio = (window: Window) => `${ERROR_RATIO}${window}{objective="${objective}"}`;
  const parts = burns.flatMap(({ long, longHours, short, share }) => {
    const factor = (share * windowDays * 24) / longHours;
    // Slower than that the budget lasts: in 7 days the slow burns are none. In 28 the slowest is as fast as it may be.
    if (factor < 0.9) return [];
    const limit = round(Math.max(factor, 1) * budget);
    const burning = `${ratio(long)} > ${limit} and ${ratio(short)} > ${limit}`;
    const on = `on (${by.join(", ")})`;
    const enough =
      events && ` and ${on} (${ratio(long)} * ${on} ${events.count(long)} >= ${events.minimumBad})`;
    return [`(${burning}${enough ?? ""})`];
  });
  if (parts.length === 0) return [];
  return [
    {
      alert: `${title}${speed}Burn`,
      expr: parts.join(" or "),
      forMinutes,
      severity,
      summary: `${trouble} too often: ${speed === "Fast" ? "the error budget is gone soon" : "the objective will be missed"}.`,
      description:
        `The objective ${objective} is ${targetPercent} percent in ${windowDays} days. ` +
        "At {{ $value | humanizePercentage }} bad events it won't be kept.",
      runbook: "objectives",
      topic: title,
    },
  ];
}

/** Without the digits that come from binary fractions. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
