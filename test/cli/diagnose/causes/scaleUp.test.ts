import { describe, expect, test } from "vitest";
import {
  event,
  gpuNode,
  kaitoController,
  modelPod,
  platform,
  QUOTA,
  unschedulable,
  workspace,
} from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

const pending = modelPod({
  conditions: [unschedulable("0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")],
});
const waits: Scene = together(platform, { objects: { workspaces: [workspace()], pods: [pending] } });
const backoff = (code: string, message: string) => `autoscalerStatus: Running
nodeGroups:
- name: aks-gpu-27164372-vmss
  health: {status: Healthy, cloudProviderTarget: 1, minSize: 0, maxSize: 2}
  scaleUp:
    status: Backoff
    backoffInfo:
      errorCode: ${code}
      errorMessage: ${JSON.stringify(message)}
`;

describe("Azure refuses another node", () => {
  test("for quota, in the autoscaler's status", () => {
    const subject = about("workspace/phi", { ...waits, autoscalerStatus: backoff("QuotaExceeded", QUOTA) });
    expect(causesOf(subject)[0]).toBe("azure-quota");
    expect(evidenceOf("azure-quota", subject)).toContain("Current Limit: 24, Current Usage: 24");
    expect(cause("azure-quota", subject).consequences.map((each) => each.cause)).toContain("unschedulable");
  });

  test("for quota, in the autoscaler's event about the pool", () => {
    const told = {
      metadata: { name: "e", namespace: "kube-system" },
      involvedObject: { kind: "ConfigMap", namespace: "kube-system", name: "cluster-autoscaler-status" },
      reason: "FailedToScaleUpGroup",
      message: `Scale-up failed for group aks-gpu-27164372-vmss: Code="OperationNotAllowed" Message="${QUOTA}"`,
    };
    const scene = together(waits, { objects: { events: [told] } });
    scene.autoscalerStatus = backoff("x", "").replace(/backoffInfo:[\s\S]*/, "");
    expect(causesOf(about("workspace/phi", scene))[0]).toBe("azure-quota");
  });

  test("for capacity", () => {
    const message =
      "Allocation failed. We do not have sufficient capacity for the requested VM size in this region.";
    const subject = about("workspace/phi", {
      ...waits,
      autoscalerStatus: backoff("AllocationFailed", message),
    });
    expect(causesOf(subject)[0]).toBe("azure-capacity");
  });

  test("matters only while a node is missing", () => {
    const scene = together(platform, { objects: { workspaces: [workspace()] } });
    scene.autoscalerStatus = backoff("QuotaExceeded", QUOTA);
    expect(causesOf(about("workspace/phi", scene))).not.toContain("azure-quota");
  });
});

describe("the pool is as large as it may get", () => {
  test("in the autoscaler's words", () => {
    const told = event(
      "Pod",
      pending,
      "NotTriggerScaleUp",
      "pod didn't trigger scale-up: 1 max node group size reached, 1 node(s) didn't match Pod's node affinity/selector",
    );
    const subject = about("workspace/phi", together(waits, { objects: { events: [told] } }));
    expect(causesOf(subject)).toEqual(["pool-max-size"]);
    expect(cause("pool-max-size", subject).next[0]?.command).toContain("mcpaas:cluster.gpuPool.maxCount");
  });

  test("by its numbers", () => {
    const status = backoff("x", "")
      .replace("maxSize: 2", "maxSize: 1")
      .replace(/scaleUp:[\s\S]*/, "");
    const subject = about("workspace/phi", { ...waits, autoscalerStatus: status });
    expect(evidenceOf("pool-max-size", subject)).toContain("minSize 0, maxSize 1, target 1");
    expect(cause("pool-max-size", subject).next[0]?.command).toContain("maxCount 2");
  });
});

test("nodes of the pool don't need the autoscaler", () => {
  const scene = {
    objects: { deployments: [kaitoController()], nodes: [gpuNode()], workspaces: [workspace()] },
  };
  expect(causesOf(about("workspace/phi", scene))).toEqual(["unexplained"]);
});
