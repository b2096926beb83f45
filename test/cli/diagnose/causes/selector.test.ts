import { describe, expect, test } from "vitest";
import {
  addonController,
  condition,
  event,
  gpuNode,
  kaitoController,
  modelPod,
  node,
  PENDING,
  platform,
  tuning,
  unschedulable,
  workspace,
} from "../support/objects.ts";
import {
  about,
  cause,
  causesOf,
  commandsOf,
  evidenceOf,
  type Scene,
  type Served,
  together,
} from "../support/snapshots.ts";

// As version 1.30 of the cluster autoscaler writes it; see clusterstate/api/types.go of kubernetes/autoscaler.
const status = (pool: string, min: number, target: number) => `time: 2026-11-23 11:59:50 +0000 UTC
autoscalerStatus: Running
clusterWide:
  health:
    status: Healthy
nodeGroups:
- name: aks-${pool}-27164372-vmss
  health:
    status: Healthy
    nodeCounts:
      registered:
        total: 0
        ready: 0
        notStarted: 0
    cloudProviderTarget: ${target}
    minSize: ${min}
    maxSize: 1
  scaleUp:
    status: NoActivity
`;
const empty: Scene = {
  objects: {
    deployments: [kaitoController()],
    nodes: [node("aks-user-0", { labels: { "mcpaas.dev/pool": "user" } })],
    workspaces: [workspace()],
  },
};

describe("no node has the labels", () => {
  test("the pool keeps none", () => {
    const subject = about("workspace/phi", { ...empty, autoscalerStatus: status("gpu", 0, 0) });
    expect(causesOf(subject)).toEqual(["pool-at-zero"]);
    expect(evidenceOf("pool-at-zero", subject)).toContain(
      "nodeGroups[aks-gpu-27164372-vmss] | minSize 0, maxSize 1, target 0",
    );
    expect(commandsOf("pool-at-zero", subject)).toContain(
      "pulumi config set --path mcpaas:cluster.gpuPool.minCount 1 && pulumi up",
    );
    expect(cause("pool-at-zero", subject).consequences).toContainEqual(
      expect.objectContaining({ cause: "no-matching-node" }),
    );
  });

  test("but a pod has asked for one", () => {
    const waits = modelPod({
      conditions: [
        unschedulable("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."),
      ],
    });
    const told = event(
      "Pod",
      waits,
      "TriggeredScaleUp",
      "pod triggered scale-up: [{aks-gpu-27164372-vmss 0->1 (max: 1)}]",
    );
    const scene = together(
      { ...empty, autoscalerStatus: status("gpu", 0, 0) },
      { objects: { pods: [waits], events: [told] } },
    );
    const subject = about("workspace/phi", scene);
    expect(causesOf(subject)).toEqual(["pool-at-zero"]);
    expect(cause("pool-at-zero", subject).summary).toContain("asks the autoscaler for one");
    expect(evidenceOf("pool-at-zero", subject)).toContain("pod triggered scale-up");
  });

  test("in the autoscaler's words of before 1.30", () => {
    const before = `Cluster-autoscaler status at 2026-11-23 11:59:50 +0000 UTC:
NodeGroups:
  Name:        aks-gpu-27164372-vmss
  Health:      Healthy (ready=0 unready=0 notStarted=0 longNotStarted=0 registered=0 longUnregistered=0 cloudProviderTarget=0 (minSize=0, maxSize=2))
  ScaleUp:     NoActivity (ready=0 cloudProviderTarget=0)
`;
    const subject = about("workspace/phi", { ...empty, autoscalerStatus: before });
    expect(evidenceOf("pool-at-zero", subject)).toContain("minSize 0, maxSize 2, target 0");
  });

  test("a pool that another label selects is a guess, and less likely", () => {
    const own = { ...empty, autoscalerStatus: status("gpu", 0, 0) };
    const other = together(own, { objects: { workspaces: [] } });
    other.objects = { ...other.objects, workspaces: [workspace("phi", { selector: { apps: "phi" } })] };
    const sure = cause("pool-at-zero", about("workspace/phi", own)).likelihood;
    expect(cause("pool-at-zero", about("workspace/phi", other)).likelihood).toBeLessThan(sure);
  });

  test("a pool that is getting a node isn't at zero", () => {
    const subject = about("workspace/phi", { ...empty, autoscalerStatus: status("gpu", 0, 1) });
    expect(causesOf(subject)).toEqual(["no-matching-node"]);
  });

  test("the values that nodes do have stand beside", () => {
    const subject = about("workspace/phi", empty);
    expect(causesOf(subject)).toEqual(["no-matching-node"]);
    expect(evidenceOf("no-matching-node", subject)).toContain("label mcpaas.dev/pool | only user");
    expect(evidenceOf("no-matching-node", subject)).toContain("mcpaas.dev/pool=gpu (0 of 1 node)");
  });

  test("nothing is concluded from nodes that can't be listed", () => {
    const subject = about("workspace/phi", { ...empty, states: { nodes: { state: "forbidden" } } });
    expect(causesOf(subject)).not.toContain("no-matching-node");
  });

  test("labels that KAITO ignores don't count", () => {
    const selector = { "mcpaas.dev/pool": "user", "kaito.sh/workspace": "other" };
    const scene = together(empty, { objects: {} });
    scene.objects = { ...scene.objects, workspaces: [workspace("phi", { selector })] };
    expect(causesOf(about("workspace/phi", scene))).not.toContain("no-matching-node");
  });

  test("KAITO that makes the nodes itself needs none before, which its mode tells and not the object", () => {
    const asked = (workspaces: Served[], deployments: Served[], more: Scene = {}): Scene => ({
      ...more,
      objects: { ...empty.objects, workspaces, deployments },
    });
    const instanceType = "Standard_NC24ads_A100_v4";
    const model = workspace("phi", { instanceType });
    const itself = about("workspace/phi", asked([model], [addonController()]));
    expect(causesOf(itself)).not.toContain("no-matching-node");
    // A tuning job names its VM size for nodes that are there, too.
    const job = about("tuning/tune", asked([tuning("tune", { instanceType })], [kaitoController()]));
    expect(causesOf(job)).toContain("no-matching-node");
    // Who can't see the controller sees it by the conditions.
    const hidden = { states: { deployments: { state: "forbidden" as const } } };
    expect(causesOf(about("workspace/phi", asked([model], [], hidden)))).toContain("no-matching-node");
    const fresh = workspace("phi", { instanceType, conditions: [] });
    expect(causesOf(about("workspace/phi", asked([fresh], [], hidden)))).not.toContain("no-matching-node");
    const claims = workspace("phi", {
      instanceType,
      conditions: [...PENDING, condition("NodeClaimReady", "False", "NodeClaimNotReady")],
    });
    expect(causesOf(about("workspace/phi", asked([claims], [], hidden)))).not.toContain("no-matching-node");
  });
});

describe("too few nodes", () => {
  const needs = (targetNodeCount: number) =>
    together(platform, {
      objects: { workspaces: [workspace("phi", { targetNodeCount, conditions: PENDING })] },
    });

  test("of those that the model is spread over", () => {
    const subject = about("workspace/phi", needs(2));
    expect(causesOf(subject)[0]).toBe("too-few-nodes");
    expect(commandsOf("too-few-nodes", subject)[0]).toContain("gpuPool.minCount 2");
  });

  test("enough", () => {
    expect(causesOf(about("workspace/phi", needs(1)))).not.toContain("too-few-nodes");
  });

  test("one that is not ready has another reason", () => {
    const scene = together(needs(2), { objects: { nodes: [gpuNode("aks-gpu-1", { ready: "Unknown" })] } });
    expect(causesOf(about("workspace/phi", scene))).toEqual(["node-not-ready"]);
  });
});
