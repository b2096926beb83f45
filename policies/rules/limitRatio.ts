import { containerRule } from "../lib/podRule.ts";
import { parseQuantity } from "../lib/quantity.ts";
import { dig, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `limit-ratio`. */
export interface LimitRatioConfig {
  /** For each resource, how many times its request a limit may be. @default { memory: 4, cpu: 20 } */
  most: Record<string, number>;
}

/** Limits stay near what is requested. */
export const limitRatio = containerRule<LimitRatioConfig>({
  name: "limit-ratio",
  displayName: "Limits stay near requests",
  severity: "low",
  // Advisory: a ratio is a rule of thumb, and what a program uses must be measured.
  level: "advisory",
  demands: "No limit is more than a few times its request: 4 for memory, 20 for CPU.",
  why:
    "The scheduler counts requests only. Where limits are far above them, a node promises memory that it doesn't have, " +
    "and kills whom it meets first when the promises are called in.",
  fix: "Measure what the container uses, request that, and lower the limit.",
  config: {
    most: {
      type: "object",
      additionalProperties: { type: "number", minimum: 1 },
      default: { memory: 4, cpu: 20 },
      description:
        "For each resource, how many times its request a limit may be; resources not named are free.",
    },
  },
  checkContainer({ label, path, fields }, _pod, { most }, found) {
    for (const [resource, ratio] of Object.entries(most)) {
      const [request, limit] = ["requests", "limits"].map((side) => dig(fields, "resources", side, resource));
      // Kubernetes requests the limit where nothing is requested; that none is said is container-resources' business.
      if (request === undefined || limit === undefined) continue;
      const hidden = [request, limit].find((value) => value instanceof Unknown);
      if (hidden instanceof Unknown) {
        found.unknown(hidden);
        continue;
      }
      const [least, greatest] = [parseQuantity(request), parseQuantity(limit)];
      if (least === undefined || greatest === undefined || greatest <= least * ratio) continue;
      const at = join(`${path}.resources.limits`, resource);
      found.violation(
        `${label} limits ${resource} to ${limit}, over ${ratio} times its request of ${request} (${at}).`,
      );
    }
  },
});
