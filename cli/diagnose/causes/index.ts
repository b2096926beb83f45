import type { Cause } from "../finding.ts";
import { notThere } from "./absent.ts";
import { benchmarkFailed } from "./benchmark.ts";
import { crashLoop } from "./crash.ts";
import { finalizerStuck, namespaceTerminating } from "./deletion.ts";
import { downloadsBlocked } from "./egress.ts";
import { evicted } from "./eviction.ts";
import { unsupportedGpu } from "./gpuKind.ts";
import { mixedGpus, noGpuLabels } from "./gpuLabels.ts";
import { noGpuOnNode } from "./gpuPlugin.ts";
import { gpusTaken } from "./gpuUse.ts";
import { guardConfig, guardNotReady } from "./guard.ts";
import { imagePull, pullSecretMissing } from "./image.ts";
import { noClientLetIn } from "./ingress.ts";
import { controllerDown, controllerMissing, crdMissing, twoControllers } from "./install.ts";
import { mcpEndpoint, mcpInvalid, namespaceNotWatched, oldPods } from "./mcp.ts";
import { gpuMemory, outOfMemory } from "./memory.ts";
import { modelTooLarge, modelUnknown } from "./model.ts";
import { nodeClaimNotReady } from "./nodeClaim.ts";
import { nodeCordoned, nodeNotReady } from "./nodeState.ts";
import { probeFailing } from "./probe.ts";
import { ragModelMissing, ragStalled } from "./rag.ts";
import { notReconciled, reconcileError } from "./reconcile.ts";
import { referenceMissing } from "./references.ts";
import { namespaceQuota, podSecurity, podsRefused, policyDenied } from "./refused.ts";
import { azureCapacity, azureQuota, poolMaxSize } from "./scaleUp.ts";
import {
  insufficientResources,
  nodeSelectorUnmatched,
  taintNotTolerated,
  unschedulable,
} from "./scheduling.ts";
import { noMatchingNode, poolAtZero, tooFewNodes } from "./selector.ts";
import { replicaNotReady, replicaRefused } from "./sets.ts";
import { stillStarting } from "./starting.ts";
import { gatedModel } from "./token.ts";
import { tuningFailed, tuningNeedsSize, tuningRuns } from "./tuning.ts";
import { tuningData, tuningPush } from "./tuningSteps.ts";
import { twoDevicePlugins } from "./twoPlugins.ts";
import { volumePending } from "./volume.ts";
import { webhookUnavailable } from "./webhook.ts";

/** Every cause that is known. Of two that are equally likely the one that stands first is shown first. */
export const causes: readonly Cause[] = [
  // It is on its way out.
  finalizerStuck,
  namespaceTerminating,
  // Nobody acts on it.
  crdMissing,
  controllerMissing,
  controllerDown,
  twoControllers,
  namespaceNotWatched,
  webhookUnavailable,
  // What was asked for can't be.
  mcpInvalid,
  tuningNeedsSize,
  modelUnknown,
  modelTooLarge,
  // It has no node with GPUs.
  azureQuota,
  azureCapacity,
  poolAtZero,
  noMatchingNode,
  nodeNotReady,
  nodeCordoned,
  tooFewNodes,
  nodeClaimNotReady,
  noGpuOnNode,
  noGpuLabels,
  unsupportedGpu,
  mixedGpus,
  twoDevicePlugins,
  // Its pods aren't made, or find no node.
  podSecurity,
  policyDenied,
  namespaceQuota,
  podsRefused,
  gpusTaken,
  taintNotTolerated,
  nodeSelectorUnmatched,
  volumePending,
  poolMaxSize,
  insufficientResources,
  unschedulable,
  // Its containers don't start, or don't stay.
  imagePull,
  pullSecretMissing,
  referenceMissing,
  gatedModel,
  downloadsBlocked,
  outOfMemory,
  gpuMemory,
  evicted,
  tuningData,
  tuningPush,
  tuningFailed,
  guardConfig,
  guardNotReady,
  crashLoop,
  probeFailing,
  // What is left.
  benchmarkFailed,
  oldPods,
  replicaRefused,
  replicaNotReady,
  ragStalled,
  ragModelMissing,
  mcpEndpoint,
  noClientLetIn,
  reconcileError,
  notReconciled,
  notThere,
  tuningRuns,
  stillStarting,
];
