import * as pulumi from "@pulumi/pulumi";
import { thinProvider } from "./dynamic/thinProvider.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

/** Arguments of {@link KaitoGpuNodes}. */
export interface KaitoGpuNodesArgs {
  /**
   * The kubeconfig with which nodes are looked at, its text or the path of a file: that of the provider. Treated as a
   * secret; a new one changes nothing. Its user must be able to list nodes: else the wait fails at once.
   */
  kubeconfig: pulumi.Input<string>;
  /** Labels that select the nodes, at least one: those of the Workspace. KAITO looks at all nodes that have them. */
  matchLabels: Record<string, string>;
  /**
   * Nodes that must be ready and offer their GPUs, 1 to 1000. With more than the pool ever has the wait runs out.
   * More of them are waited for anew, fewer aren't. @default 1
   */
  minCount?: number;
  /**
   * Whatever tells that the nodes are others than before, for example the pool's ARM id and VM size: when it changes,
   * or can't be known yet, they are waited for anew. @default - nothing
   */
  trigger?: pulumi.Input<string>;
  /**
   * How long to wait, in minutes, 1 to 240. Then it fails and says what is missing on which node. A new one changes
   * nothing. @default 30
   */
  timeoutMinutes?: number;
}

/**
 * Waits until KAITO can use the GPU nodes of a pool. Its webhook refuses a Workspace for good while no node matches,
 * or while one of those that do lacks the labels of GPU feature discovery, which a new node gets a minute or more
 * after it is there. Source: validateCreateWithInference of ResourceSpec in api/v1beta1/workspace_validation.go, KAITO
 * v0.11.0, in the mode in which nodes belong to others.
 *
 * Give `ready` to models as `nodes.poolId`: they then come after the nodes, go with them when the pool is replaced, and
 * in the preview that makes the nodes nothing is shown to the webhook, which judges in previews too. Tuning jobs, whose
 * nodes it doesn't look at, need `dependsOn` at most: by `nodes.poolId` they would train anew. Give it `dependsOn` on the
 * KaitoInstall, which brings what labels nodes. It makes nothing in the cluster, and deleting it does nothing.
 */
export class KaitoGpuNodes extends pulumi.dynamic.Resource {
  /** Known once the nodes can be used; not in a preview of an `up` that will wait for them. */
  declare readonly ready: pulumi.Output<string>;

  constructor(name: string, args: KaitoGpuNodesArgs, opts?: pulumi.CustomResourceOptions) {
    if (Object.keys(args.matchLabels).length === 0) {
      throw new InputPropertyError("matchLabels", "must have a label, such as mcpaas.dev/pool: gpu");
    }
    const props = {
      kubeconfig: pulumi.secret(args.kubeconfig),
      matchLabels: args.matchLabels,
      minCount: ensure("minCount", args.minCount ?? 1, wholeNumber(1, 1000)),
      trigger: args.trigger ?? "",
      timeoutMinutes: ensure("timeoutMinutes", args.timeoutMinutes ?? 30, wholeNumber(1, 240)),
    };
    super(provider, name, props, opts, "mcpaas", "KaitoGpuNodes");
    // Every wait makes it anew, so that its id is as unknown before as its success is. An update keeps it.
    this.ready = this.id;
  }
}

const provider = thinProvider<typeof import("./kaitoGpuNodes/provider.ts")>("kaitoGpuNodes/provider");
