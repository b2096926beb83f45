import { MAX_NODES, nodesNeeded, smallestVmSize } from "../kaito/fit.ts";
import type { KaitoModel } from "../kaito/models.ts";
import type { KaitoNodes } from "../kaito/nodes.ts";
import { InputPropertyError } from "../validation.ts";
import { supportedGpu } from "../vmSkuSelection/gpus.ts";

/** What must fit on the nodes. */
export interface Serving {
  model: KaitoModel;
  runtime: "vllm" | "transformers";
  contextLength?: number;
  replicas: number;
  nodeCountLimit?: number;
}

/**
 * How many nodes of a size one replica takes. What can't come to run there is an error with the numbers and what
 * would do.
 */
export function checkedFit(serving: Serving, nodes: KaitoNodes, vmSize: string): number {
  const { model, runtime, contextLength, replicas, nodeCountLimit } = serving;
  const gpu = supportedGpu(vmSize);
  if (gpu === undefined) throw new Error(`${vmSize} should have been refused before`);
  const needed = nodesNeeded(model, gpu, {
    contextLength,
    // Source: the webhook's validateCreateWithInference, which knows no other runtime over several nodes.
    maxNodes: runtime === "vllm" ? MAX_NODES : 1,
  });
  if (typeof needed !== "number") {
    const smallest = smallestVmSize(model, { contextLength });
    const remedy = smallest
      ? `the smallest size on one node of which it fits is ${smallest}`
      : "no size fits";
    const shorter = contextLength === undefined ? "" : ", or a smaller config.maxModelLength may do";
    throw new InputPropertyError(
      "nodes.vmSize",
      `${vmSize} is too small for ${model.name}: ${needed.tooSmall}; ${remedy}${shorter} (fitCheck: false skips this)`,
    );
  }
  const takes = `${model.name} on ${vmSize} takes ${needed} ${needed === 1 ? "node" : "nodes"}`;
  if (!nodes.provision && replicas > 0 && nodes.minCount !== undefined && nodes.minCount < needed) {
    throw new InputPropertyError(
      "nodes.minCount",
      `${takes}, and ${nodes.minCount} is always there; KAITO makes no pod before all of them are, so that an ` +
        `autoscaler doesn't add them: keep ${needed}`,
    );
  }
  const all = needed * replicas;
  const each = replicas === 1 ? takes : `${takes} a replica, ${all} for ${replicas} replicas`;
  if (nodes.maxCount !== undefined && nodes.maxCount < all) {
    throw new InputPropertyError(
      "nodes.maxCount",
      `${each}, and there can be ${nodes.maxCount} at most; each pod takes all GPUs of its node`,
    );
  }
  if (nodeCountLimit !== undefined && nodeCountLimit < all) {
    throw new InputPropertyError(
      "inferenceSet.nodeCountLimit",
      `${each}, and the limit is ${nodeCountLimit}`,
    );
  }
  return needed;
}
