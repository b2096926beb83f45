import { BUDGET_REMAINING, ERROR_RATIO } from "../../platformAlerts/rules/burnRates.ts";
import type { Section } from "../panel.ts";

/** Of recorded series: they have the objective and its subject as labels, and belong to this stack's cluster alone. */
const SUBJECT = "objective, server, workspace";
const LEGEND = "{{objective}} {{server}}{{workspace}}";

export const objectives: Section = {
  id: "objectives",
  title: "Objectives",
  about:
    "Is the promise kept? An error budget is how much may still fail in the objective's window: at 0 nothing more, " +
    "below it the promise is broken.",
  needs: "objectives",
  panels: [
    {
      id: "error-budgets",
      title: "Error budget left",
      tells:
        "Share of the budget that is left. Little left early in the window: change less, and find out why.",
      kind: "bars",
      unit: "ratio",
      width: 12,
      max: 1,
      thresholds: {
        when: "below",
        steps: [
          { value: 0.25, level: "warning" },
          { value: 0, level: "critical" },
        ],
      },
      query: { promql: () => `sort(min by (${SUBJECT}) (${BUDGET_REMAINING}))`, legend: LEGEND },
    },
    {
      id: "error-budget-course",
      title: "Error budget over time",
      tells: "A slow fall is everyday failure; a step is an outage.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      query: { promql: () => `min by (${SUBJECT}) (${BUDGET_REMAINING})`, legend: LEGEND },
    },
    {
      id: "error-ratios",
      title: "Bad events, last hour",
      tells: "What burns the budget now: share of events that failed, or were slower than promised.",
      kind: "lines",
      unit: "ratio",
      width: 24,
      query: { promql: () => `max by (${SUBJECT}) (${ERROR_RATIO}1h)`, legend: LEGEND },
    },
  ],
};
