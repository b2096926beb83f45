import type * as pulumi from "@pulumi/pulumi";
import { checkedNodes } from "../kaito/nodes.ts";
import { type Check, InputPropertyError, validatedInput } from "../validation.ts";
import { looksLikeGpu, supportedGpu, whyUnsupported } from "../vmSkuSelection/gpus.ts";

/** The nodes of a RAG engine that doesn't run just anywhere. KAITO needs the CRD of NodeClaims for it. */
export interface RagNodes {
  /** Labels that select the nodes: at least one, and none of KAITO's own, which it ignores. */
  matchLabels: Record<string, string>;
  /**
   * VM size of the nodes: one with GPUs, all of which the pod takes, or a Standard_D one. KAITO counts only
   * nodes of this size, and its webhook takes no others. Source: validateRAGCreate in
   * ragengine_validation.go, v0.11.0.
   */
  vmSize: pulumi.Input<string>;
  /** Nodes that are always there. 0 is an error unless `provision`. @default - not checked */
  minCount?: number;
  /** KAITO may make the node itself when none is there (mode "addon", or Karpenter). @default false */
  provision?: boolean;
}

const usableSize: Check<string> = (vmSize) => {
  if (supportedGpu(vmSize) !== undefined || /^standard_d/i.test(vmSize)) return undefined;
  if (looksLikeGpu(vmSize)) return `${vmSize} ${whyUnsupported(vmSize)}; leave nodes out to embed on CPUs`;
  return (
    `${vmSize} is not allowed: KAITO takes sizes with GPUs and those that begin with Standard_D; ` +
    "use nodeSelector for nodes of other sizes"
  );
};

/** `spec.compute` of the RAGEngine. */
export function computeSpec(nodes: RagNodes) {
  const { matchLabels, vmSize, minCount, provision = false } = nodes;
  if (minCount === 0 && !provision) {
    throw new InputPropertyError(
      "nodes.minCount",
      "is 0, and when no node is there KAITO asks for one by a NodeClaim that nobody fulfils; keep 1 node at " +
        "least, or leave nodes out",
    );
  }
  checkedNodes("nodes", { matchLabels, minCount: provision ? undefined : minCount });
  return {
    instanceType: validatedInput("nodes.vmSize", vmSize, usableSize),
    labelSelector: { matchLabels },
  };
}
