import { pool, poolProps } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "monthly-cost",
  // More than all other fixtures cost together.
  config: { ceiling: 50_000 },
  bad: [pool("monthly-cost", poolProps("dear", { maxCount: 1000 }))],
  good: [pool("monthly-cost", poolProps("cheap", { maxCount: 2 }))],
};
