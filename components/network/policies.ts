import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { type ClosedPods, clientPolicySpecs, podPolicySpec } from "./specs.ts";

/**
 * Makes the policies around pods, and returns the one that closes them; what makes the pods depends on it.
 *
 * @param name the component's, with which the resources' names begin
 * @param pods.policyName the policy's name in the cluster, without a dot: what is after one tells the clients' apart
 */
export function closePods(
  parent: pulumi.Resource,
  name: string,
  pods: ClosedPods & { policyName: string; namespace: pulumi.Input<string> },
): NetworkPolicy {
  const { policyName, namespace } = pods;
  const own = new NetworkPolicy(
    `${name}-network`,
    { metadata: { name: policyName, namespace }, spec: podPolicySpec(pods) },
    { parent },
  );
  const known = typeof namespace === "string" ? namespace : undefined;
  for (const [who, spec] of Object.entries(clientPolicySpecs(pods, known))) {
    new NetworkPolicy(
      `${name}-clients-${who}`,
      // With a dot, which no server's name has: no two servers can mean the same policy.
      { metadata: { name: `${policyName}.clients-${who}`, namespace }, spec },
      { parent },
    );
  }
  return own;
}
