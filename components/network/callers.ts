import { parseIpRange } from "../ipRange.ts";
import type { Check } from "../validation.ts";

/** What is wrong with a client that is told by its addresses. */
export const callerProblem: Check<{ cidr?: string; namespace?: string; podLabels?: object }> = (client) => {
  const { cidr, namespace, podLabels } = client;
  if (cidr === undefined) return undefined;
  if (namespace !== undefined || podLabels !== undefined) {
    return "must have a cidr, or pods by namespace and podLabels, and not both";
  }
  const range = parseIpRange(cidr);
  if (typeof range === "string") return `cidr ${JSON.stringify(cidr)} is not allowed; it must be ${range}`;
  return range.prefix === 0
    ? `cidr "${cidr}" is everywhere; name the addresses that calls come from, such as a load balancer's subnet`
    : undefined;
};
