import { describe, expect, it } from "vitest";
import { GPU_TAINT, POOL_LABEL } from "../../../components/aksWithGpuPool/pools.ts";
import { gpuPlacement as rule } from "../../../policies/rules/gpuPlacement.ts";
import { container, mcpServer, workload, workloadKinds } from "../fixtures.ts";
import { findings, judge, unknownArray, unknownObject, unknownString } from "../judge.ts";

const oneGpu = { requests: { "nvidia.com/gpu": 1 }, limits: { "nvidia.com/gpu": "1" } };
const placed = {
  tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
  nodeSelector: { "kubernetes.azure.com/accelerator": "nvidia" },
};
const pod = (resources: unknown, scheduling: object = placed) => ({
  containers: [container({ resources })],
  ...scheduling,
});
const deployment = (...args: Parameters<typeof pod>) => workload("Deployment", pod(...args));
const affinity = (...terms: object[]) => ({
  tolerations: placed.tolerations,
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  },
});
const accelerator = { key: "accelerator", operator: "In", values: ["nvidia"] };
const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["1"] };

describe("gpu-placement: amounts", () => {
  it.each([
    ["equal", oneGpu],
    ["only a limit, which Kubernetes copies", { limits: { "nvidia.com/gpu": 2 } }],
    ["slices", { limits: { "nvidia.com/mig-1g.10gb": 1 } }],
    ["none", { requests: { cpu: 1 }, limits: { cpu: 2 } }],
  ])("accepts %s", async (_what, resources) => {
    expect(await judge(rule, ...deployment(resources))).toEqual([]);
  });

  it.each([
    ["half a GPU", { limits: { "nvidia.com/gpu": "0.5" } }, "asks for 0.5 of nvidia.com/gpu"],
    ["a milli-GPU", { limits: { "nvidia.com/gpu": "500m" } }, "GPUs come in whole numbers"],
    ["half a slice", { limits: { "nvidia.com/mig-1g.10gb": 0.5 } }, "asks for 0.5 of nvidia.com/mig-1g.10gb"],
    ["no limit", { requests: { "nvidia.com/gpu": 1 } }, "limits it to nothing"],
    [
      "another limit",
      { ...oneGpu, limits: { "nvidia.com/gpu": 2 } },
      "requests 1 of nvidia.com/gpu but limits",
    ],
  ])("refuses %s", async (_what, resources, why) => {
    const said = await findings(rule, ...deployment(resources));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(why);
    expect(said[0]).toContain("spec.template.spec.containers[0].resources.limits[");
  });

  it.each(workloadKinds)("looks at every container of a %s", async (kind) => {
    const bad = container({ resources: { limits: { "nvidia.com/gpu": "0.5" } } });
    const spec = { initContainers: [bad], containers: [bad], ...placed };
    expect(await findings(rule, ...workload(kind, spec))).toHaveLength(2);
  });
});

describe("gpu-placement: taint and pool", () => {
  it.each([
    ["any effect", [{ key: "sku", value: "gpu" }]],
    ["any value", [{ key: "sku", operator: "Exists", effect: "NoSchedule" }]],
    ["anything", [{ operator: "Exists" }]],
    ["the second of two", [{ key: "spot", operator: "Exists" }, ...placed.tolerations]],
  ])("accepts a toleration of %s", async (_what, tolerations) => {
    expect(await judge(rule, ...deployment(oneGpu, { ...placed, tolerations }))).toEqual([]);
  });

  it.each([
    ["none", undefined],
    ["another key", [{ key: "gpu", value: "gpu" }]],
    ["another value", [{ key: "sku", value: "cpu" }]],
    ["another effect", [{ key: "sku", value: "gpu", effect: "NoExecute" }]],
    ["no key", [{ value: "gpu" }]],
    ["another operator", [{ key: "sku", operator: "Gt", value: "gpu" }]],
  ])("refuses a toleration of %s", async (_what, tolerations) => {
    expect(await findings(rule, ...deployment(oneGpu, { ...placed, tolerations }))).toEqual([
      'mandatory: container "app" asks for a GPU, but its pod does not tolerate sku=gpu:NoSchedule ' +
        "(spec.template.spec).",
    ]);
  });

  it.each([
    ["by affinity", affinity({ matchExpressions: [zone, accelerator] })],
    [
      "by every alternative",
      affinity({ matchExpressions: [accelerator] }, { matchExpressions: [zone, accelerator] }),
    ],
    ["by the other label", { ...placed, nodeSelector: { accelerator: "nvidia" } }],
  ])("accepts a pod that selects the pool %s", async (_what, scheduling) => {
    expect(await judge(rule, ...deployment(oneGpu, scheduling))).toEqual([]);
  });

  it.each([
    ["nothing", { tolerations: placed.tolerations }],
    ["another value", { ...placed, nodeSelector: { accelerator: "amd" } }],
    ["one alternative only", affinity({ matchExpressions: [accelerator] }, { matchExpressions: [zone] })],
    ["two vendors", affinity({ matchExpressions: [{ ...accelerator, values: ["nvidia", "amd"] }] })],
    ["all but the pool", affinity({ matchExpressions: [{ ...accelerator, operator: "NotIn" }] })],
    ["any accelerator", affinity({ matchExpressions: [{ key: "accelerator", operator: "Exists" }] })],
  ])("refuses a pod that selects %s", async (_what, scheduling) => {
    const said = await findings(rule, ...deployment(oneGpu, scheduling));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("its pod does not select nodes by mcpaas.dev/pool=gpu or");
  });

  it("expects by default what this project's GPU pools have", async () => {
    const [key = "", value] = GPU_TAINT.split(/[=:]/);
    const own = { tolerations: [{ key, value }], nodeSelector: { [POOL_LABEL]: "gpu" } };
    expect(await judge(rule, ...deployment(oneGpu, own))).toEqual([]);
  });

  it("takes taint and labels from its configuration", async () => {
    const config = { taint: "team=ml:NoExecute", nodeLabels: ["apps"] };
    const tolerations = [{ key: "team", value: "ml", effect: "NoExecute" }];
    const own = { tolerations, nodeSelector: { apps: "phi-4" } };
    expect(await judge(rule, ...deployment(oneGpu, own), config)).toEqual([]);
    expect(await judge(rule, ...deployment(oneGpu), config)).toHaveLength(2);
  });

  it("says when its configured taint is malformed", async () => {
    const [said] = await findings(rule, ...deployment(oneGpu), { taint: "sku" });
    expect(said).toMatch(/^mandatory: gpu-placement broke.*key=value:Effect/);
  });

  it("looks at an MCPServer's own scheduling", async () => {
    const server = { image: "echo:1", resources: oneGpu };
    expect(await judge(rule, ...mcpServer({ ...server, ...placed }))).toEqual([]);
    expect(await judge(rule, ...mcpServer(server))).toHaveLength(2);
  });
});

describe("gpu-placement: values not known yet", () => {
  const at = "spec.template.spec";
  it.each([
    ["the pod", workload("Deployment", unknownObject), at],
    ["resources", deployment(unknownObject), `${at}.containers[0].resources`],
    ["limits", deployment({ limits: unknownObject }), `${at}.containers[0].resources.limits`],
    [
      "an amount",
      deployment({ limits: { "nvidia.com/gpu": unknownString } }),
      `${at}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
    ["tolerations", deployment(oneGpu, { ...placed, tolerations: unknownArray }), `${at}.tolerations`],
    [
      "a toleration's value",
      deployment(oneGpu, { ...placed, tolerations: [{ key: "sku", value: unknownString }] }),
      `${at}.tolerations[0].value`,
    ],
    [
      "a toleration's operator",
      deployment(oneGpu, { ...placed, tolerations: [{ key: "sku", operator: unknownString }] }),
      `${at}.tolerations[0].operator`,
    ],
    ["nodeSelector", deployment(oneGpu, { ...placed, nodeSelector: unknownObject }), `${at}.nodeSelector`],
    [
      "a label",
      deployment(oneGpu, { ...placed, nodeSelector: { accelerator: unknownString } }),
      `${at}.nodeSelector.accelerator`,
    ],
    [
      "an affinity's values",
      deployment(oneGpu, affinity({ matchExpressions: [{ ...accelerator, values: unknownArray }] })),
      `${at}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]` +
        ".matchExpressions[0].values",
    ],
  ])("reports that it can't see %s", async (_what, [type, props], path) => {
    const [said, ...more] = await findings(rule, type, props);
    expect(said).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });

  it("does not need what can't change the answer", async () => {
    const tolerations = [{ key: unknownString, value: "cpu" }, ...placed.tolerations];
    expect(await judge(rule, ...deployment(oneGpu, { ...placed, tolerations }))).toEqual([]);
    const notOurs = [{ key: unknownString, value: "cpu" }];
    const [said] = await findings(rule, ...deployment(oneGpu, { ...placed, tolerations: notOurs }));
    expect(said).toContain("does not tolerate");
  });
});
