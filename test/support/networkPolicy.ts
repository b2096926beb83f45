import type { Registered } from "./mocks.ts";
import { allows, type Reading } from "./networkPolicy/evaluate.ts";
import type { Pod, Policy } from "./networkPolicy/objects.ts";

export { allows, policiesFor, READINGS, type Reading } from "./networkPolicy/evaluate.ts";
export type { Call, Outside, Party, Pod, Policy, Protocol } from "./networkPolicy/objects.ts";

/** The NetworkPolicies among a program's resources. */
export function policiesOf(resources: readonly Registered[]): Policy[] {
  return resources
    .filter((resource) => resource.type === "kubernetes:networking.k8s.io/v1:NetworkPolicy")
    .map((resource) => resource.inputs);
}

/** Whether the policies let one pod call a TCP port of another. */
export function mayCall(
  policies: readonly Policy[],
  from: Pod,
  to: Pod,
  port: number,
  reading?: Reading,
): boolean {
  return allows(policies, { from, to, port }, reading);
}
