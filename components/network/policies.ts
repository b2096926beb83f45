import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { type ClosedPods, clientPolicySpecs, podPolicySpec } from "./specs.ts";

/**
 * Makes the policies around pods, and returns the one that closes them; what makes the pods depends on it.
 *
 * @param name the component's, with which the resources' names begin
 * @param pods.policyName the policy's name in the cluster, without a dot: what is after one tells the
 * clients' apart
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
  letOut(parent, name, pods);
  return own;
}

/**
 * Opens one more port of pods that `closePods` has closed, for other clients.
 *
 * @param name with which the resources' names begin, with a dot: no other pods' may begin so
 * @param pods.policyName the policy's name in the cluster, with a dot, which tells it from that of
 * `closePods`
 */
export function openPort(
  parent: pulumi.Resource,
  name: string,
  pods: Pick<ClosedPods, "podLabels" | "port" | "clients"> & {
    policyName: string;
    namespace: pulumi.Input<string>;
  },
): void {
  const { policyName, namespace } = pods;
  const { podSelector, ingress } = podPolicySpec({ ...pods, egress: [] });
  new NetworkPolicy(
    name,
    { metadata: { name: policyName, namespace }, spec: { podSelector, policyTypes: ["Ingress"], ingress } },
    { parent },
  );
  letOut(parent, name, { ...pods, egress: [] });
}

/** What lets clients in doesn't let them out; see `clientPolicySpecs`. */
function letOut(
  parent: pulumi.Resource,
  name: string,
  pods: ClosedPods & { policyName: string; namespace: pulumi.Input<string> },
): void {
  const { policyName, namespace } = pods;
  const known = typeof namespace === "string" ? namespace : undefined;
  for (const [who, spec] of Object.entries(clientPolicySpecs(pods, known))) {
    new NetworkPolicy(
      `${name}-clients-${who}`,
      // With a dot, which no server's name has: no two servers can mean the same policy.
      { metadata: { name: `${policyName}.clients-${who}`, namespace }, spec },
      { parent },
    );
  }
}
