import { verdictLine } from "../../components/vmSkuSelection/report.ts";
import type { SkuVerdict } from "../../components/vmSkuSelection.ts";

/** Every pool's candidates, a line each; the chosen one is marked with `>`. */
export function readableVerdicts(verdicts: Record<string, SkuVerdict[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(verdicts).map(([pool, list]) => [
      pool,
      list.map((verdict) => `${verdict.chosen ? "> " : ""}${verdictLine(verdict)}`),
    ]),
  );
}
