import { containerRule } from "../lib/podRule.ts";
import { dig, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `container-resources`. */
export interface ContainerResourcesConfig {
  /** Resources that each container must request. @default ["cpu", "memory"] */
  requests: string[];
  /** Resources that each container must limit. @default ["memory"] */
  limits: string[];
}

/**
 * Each container, init containers and sidecars included, requests CPU and memory and limits memory.
 *
 * A CPU limit is not demanded: CPU can be taken back from a container at any moment, so a request is enough
 * to share it fairly, and a limit slows a container down while the node is idle. Memory can't be taken back.
 *
 * What a pod states for all its containers counts for each. Custom resources are not believed: their schemas may drop
 * it. Source: https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 */
export const containerResources = containerRule<ContainerResourcesConfig>({
  name: "container-resources",
  displayName: "Containers state what they need",
  severity: "high",
  demands: "Each container, or its pod as a whole, requests CPU and memory and limits its memory.",
  why:
    "Without requests the scheduler packs pods blindly and the autoscaler adds no node; without a memory limit one " +
    "leak evicts its neighbours.",
  fix:
    "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory in so many words, for " +
    "example 100m, 128Mi and 256Mi.",
  config: {
    requests: {
      type: "array",
      items: { type: "string" },
      default: ["cpu", "memory"],
      description: "Resources that each container must request.",
    },
    limits: {
      type: "array",
      items: { type: "string" },
      default: ["memory"],
      description: "Resources that each container must limit. Add cpu where CPU limits are house rules.",
    },
  },
  checkContainer({ label, path, fields }, pod, config, found) {
    for (const side of ["requests", "limits"] as const) {
      for (const resource of config[side]) {
        const quantity =
          dig(fields, "resources", side, resource) ??
          (pod.custom === true ? undefined : dig(pod.spec, "resources", side, resource));
        if (quantity instanceof Unknown) found.unknown(quantity);
        else if (!isPositive(quantity) && !(pod.partial && quantity === undefined)) {
          const at = join(`${path}.resources.${side}`, resource);
          const verb = side === "requests" ? "requests no" : "has no limit on";
          found.violation(`${label} ${verb} ${resource} (${at} is ${quantity ?? "not set"}).`);
        }
      }
    }
  },
});

/** Zero is what Kubernetes takes as "not stated". */
function isPositive(quantity: unknown): boolean {
  return Number.parseFloat(String(quantity)) > 0;
}
