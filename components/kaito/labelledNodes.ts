import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link LabelledNodes}. */
export interface LabelledNodesArgs {
  /** The kubeconfig with which nodes are looked at, its text or the path of a file. It may change at any time. */
  kubeconfig: pulumi.Input<string>;
  /** Labels that select the nodes. */
  matchLabels: Record<string, string>;
  /** Nodes that there must be at least. */
  count: number;
  /** How long to wait, in minutes. */
  maxMinutes: number;
}

/**
 * Waits until nodes say which GPUs they have. gpu-feature-discovery labels a new node up to a minute after it is
 * ready, and until every node of a Workspace is labelled KAITO's webhook refuses the Workspace for good. It makes
 * nothing in the cluster, and deleting it does nothing.
 */
export class LabelledNodes extends pulumi.dynamic.Resource {
  constructor(name: string, args: LabelledNodesArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: pulumi.secret(args.kubeconfig) },
      opts,
      "mcpaas",
      "LabelledNodes",
    );
  }
}

/** Thin, because the engine stores the text of these methods in the state; see components/vmSkuSelection.ts. */
const provider: pulumi.dynamic.ResourceProvider = {
  async diff(id, olds, news) {
    return load().diff(id, olds, news);
  },
  async create(inputs) {
    return load().create(inputs);
  },
  async read(id, props) {
    return load().read(id, props);
  },
  async update(id, olds, news) {
    return load().update(id, olds, news);
  },
  async delete() {},
};

function load(): typeof import("./labelledNodes/provider.ts") {
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(`${process.cwd()}/package.json`)("mcpaas/kaito/labelledNodes/provider");
}
