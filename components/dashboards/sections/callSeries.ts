import { COUNTED_OUTCOMES, FAILED_OUTCOMES } from "../../platformAlerts/rules/indicators.ts";
import type { Scope } from "../scope.ts";

const oneOf = (outcomes: readonly string[]) => `outcome=~"${outcomes.join("|")}"`;

/** Calls of tools in a place. */
export const calls = (at: Scope, more?: string) =>
  `mcp_guard_calls_total{${[at.tool, more].filter(Boolean).join(", ")}}`;

/** Those that the objective counts as failed. */
export const failed = (at: Scope) => calls(at, oneOf(FAILED_OUTCOMES));

/** Those that the objective counts at all. */
export const counted = (at: Scope) => calls(at, oneOf(COUNTED_OUTCOMES));
