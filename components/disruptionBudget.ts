import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Lets a drain take one pod of several at a time, and pods that aren't ready at any time: they would hold it up.
 *
 * @param name the component's, with which the resource's name begins
 */
export function disruptionBudget(
  parent: pulumi.Resource | undefined,
  name: string,
  { metadata, podLabels }: { metadata: input.meta.v1.ObjectMeta; podLabels: Record<string, string> },
): void {
  new PodDisruptionBudget(
    `${name}-disruption`,
    {
      metadata,
      spec: {
        selector: { matchLabels: podLabels },
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    { parent },
  );
}
