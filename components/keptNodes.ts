import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import * as pulumi from "@pulumi/pulumi";
import { restrictedContainer } from "./restrictedPod.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

/** What AKS's nodes run as the root of each pod, so that they have it; it waits, and does nothing. */
const IDLE_IMAGE = "mcr.microsoft.com/oss/v2/kubernetes/pause:3.10.2";

/** Arguments of {@link KeptNodes}. */
export interface KeptNodesArgs {
  /** The namespace, which must exist. */
  namespace: pulumi.Input<string>;
  /** Labels that select the nodes, at least one. Pools that share them stand in for each other. */
  matchLabels: Record<string, string>;
  /** Nodes that there must be, 1 to 1000. More than the pools may have wait for ever. @default 1 */
  count?: number;
  /** The pods' image, for a mirror: a container that does nothing. @default - AKS's own, which its nodes have */
  image?: string;
}

/**
 * Asks the cluster autoscaler for nodes by pods that do nothing, one a node. It is what a pool's `minCount` is, for
 * several pools together: a spot pool and its fallback, of which either may have the node. An evicted node leaves a
 * pod waiting, so that another one comes. The pods leave GPUs, and all but a hundredth of a CPU, to others, and are no
 * reason to keep a second node: the autoscaler moves them. One is updated only after the other ended, or the update
 * would ask for a node more.
 *
 * Tolerates the taints of GPU pools and of spot nodes. Nothing waits for the pods; a KaitoGpuNodes waits for the nodes
 * and says what is missing. Costs nothing beside its nodes.
 */
export class KeptNodes extends pulumi.ComponentResource {
  constructor(name: string, args: KeptNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KeptNodes", name, {}, opts);
    const { namespace, matchLabels } = args;
    if (Object.keys(matchLabels).length === 0) {
      throw new InputPropertyError("matchLabels", "must have a label, such as mcpaas.dev/pool: gpu");
    }
    const replicas = ensure("count", args.count ?? 1, wholeNumber(1, 1000));
    const labels = { "mcpaas.dev/kept-nodes": name };
    new Deployment(
      name,
      {
        metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          replicas,
          strategy: { type: "Recreate" },
          selector: { matchLabels: labels },
          template: {
            metadata: { labels, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" } },
            spec: {
              nodeSelector: matchLabels,
              tolerations: [
                { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
                {
                  key: "kubernetes.azure.com/scalesetpriority",
                  operator: "Equal",
                  value: "spot",
                  effect: "NoSchedule",
                },
              ],
              affinity: {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: [
                    { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } },
                  ],
                },
              },
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 1,
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 65_535,
                runAsGroup: 65_535,
                seccompProfile: { type: "RuntimeDefault" },
              },
              containers: [
                {
                  name: "idle",
                  image: args.image ?? IDLE_IMAGE,
                  resources: {
                    requests: { cpu: "10m", memory: "8Mi" },
                    limits: { cpu: "10m", memory: "8Mi" },
                  },
                  securityContext: restrictedContainer(),
                },
              ],
            },
          },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
