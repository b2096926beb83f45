import * as pulumi from "@pulumi/pulumi";
import type { KaitoModel } from "../kaito/models.ts";
import { checkedNodes, type KaitoNodes } from "../kaito/nodes.ts";
import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { checkedFit, type Serving } from "./fits.ts";
import type { inferenceSetSpec } from "./inferenceSet.ts";

/** The nodes, and whether one replica may have several of them. */
export interface Placement {
  nodes: KaitoNodes;
  maybeDistributed: boolean;
}

/**
 * Checks that the model fits the nodes: now when their size is plain, or when it is known, before the Workspace is
 * registered.
 */
export function checkedPlacement(
  args: KaitoWorkspaceArgs,
  model: KaitoModel | undefined,
  inferenceSet: ReturnType<typeof inferenceSetSpec> | undefined,
): Placement {
  const replicas = inferenceSet?.replicas ?? 1;
  const nodes = checkedNodes("nodes", args.nodes, { none: replicas === 0 });
  const { vmSize } = nodes;
  const several = args.model !== undefined && args.runtime !== "transformers" && nodes.maxCount !== 1;
  if (vmSize === undefined || model === undefined || args.fitCheck === false) {
    return { nodes, maybeDistributed: several };
  }
  const serving: Serving = {
    model,
    runtime: args.runtime ?? "vllm",
    contextLength: args.config?.maxModelLength,
    replicas,
    nodeCountLimit: inferenceSet?.nodeCountLimit,
  };
  if (typeof vmSize === "string") {
    return { nodes, maybeDistributed: checkedFit(serving, nodes, vmSize) > 1 };
  }
  const fitting = pulumi.output(vmSize).apply((size) => {
    checkedFit(serving, nodes, size);
    return size;
  });
  return { nodes: { ...nodes, vmSize: fitting }, maybeDistributed: several };
}
