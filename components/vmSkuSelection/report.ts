import type { RegionFacts } from "./facts.ts";
import type { PoolPlan } from "./held.ts";
import { nodesAtMost } from "./judge.ts";
import type { SkuVerdict, VmPoolRequest } from "./types.ts";

/** What quota can't promise; said with every choice. */
export const caveat =
  "Quota is necessary, not sufficient: whether Azure has capacity shows only when nodes start.";

/** What the pools get and why; one line when nothing is new. */
export function decisionText(location: string, plans: readonly PoolPlan[]): string {
  const all = plans.map(({ pool, vmSize, kept }) => `${pool} ${vmSize}${kept ? " (kept)" : ""}`);
  const fresh = plans.filter(({ kept }) => !kept);
  return [
    `VM sizes in ${location}: ${all.join(", ")}`,
    ...fresh.map(decisionLine),
    ...(fresh.length > 0 ? [caveat] : []),
  ].join("\n");
}

function decisionLine({ pool, vmSize, verified, verdicts }: PoolPlan): string {
  const at = verdicts.findIndex((verdict) => verdict.chosen);
  const passedOver = verdicts.slice(0, at).map((verdict) => `${verdict.vmSize}: ${verdict.reason}`);
  return [
    `  ${pool}: ${vmSize} ${verdicts[at]?.reason}${verified ? "" : " (not verified)"}`,
    ...passedOver.map((line) => `    passed over ${line}`),
  ].join("\n");
}

/** One candidate's verdict in a line. */
export function verdictLine({ vmSize, code, reason }: SkuVerdict): string {
  return `${vmSize}: ${code}: ${reason}`;
}

/** Why a pool can run on nothing, verdict by verdict, and what would help. */
export function failureText(
  plan: PoolPlan,
  request: VmPoolRequest,
  region: RegionFacts,
  elsewhere: readonly string[],
): string {
  const nodes = nodesAtMost(request);
  const besides = request.fallback ? `, and ${request.fallback.maxCount} regular ones besides,` : "";
  const remedies = [
    ...remediesOf(plan.verdicts),
    ...elsewhere,
    request.vmSize ? "set another vmSize, or none to have one chosen" : "",
    request.vmSize || nodes === 1
      ? ""
      : "ask for fewer nodes (maxCount, maxSurge) or other sizes (preferredSkus)",
  ].filter(Boolean);
  return [
    `no VM size can run ${nodes} ${nodes === 1 ? "node" : "nodes"} (surge included)${besides} in ${region.location}`,
    ...plan.verdicts.map((verdict) => `  ${verdictLine(verdict)}`),
    ...(plan.verdicts.length === 0 ? ["  there is no built-in size for such a pool"] : []),
    ...(region.skus.length === 0
      ? [`  Azure lists no VM size at all in "${region.location}": is the name of the region right?`]
      : []),
    "What would help:",
    ...remedies.map((remedy) => `  - ${remedy}`),
  ].join("\n");
}

/** Which quotas to raise, and by how much, so that a candidate would pass. */
export function remediesOf(verdicts: readonly SkuVerdict[]): string[] {
  return verdicts.flatMap(({ vmSize, raise = [] }) =>
    raise.length > 0
      ? [
          `for ${vmSize}: raise ${raise.map(({ quota, by, to }) => `${quota} by ${by} to ${to}`).join(" and ")}`,
        ]
      : [],
  );
}
