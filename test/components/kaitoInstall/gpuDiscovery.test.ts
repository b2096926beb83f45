import { describe, expect, it } from "vitest";
import { nodePool } from "../../../components/aksWithGpuPool/pools.ts";
import { gpuDiscoveryValues, NODE_AGENT_RESOURCES } from "../../../components/kaitoInstall/gpuDiscovery.ts";
import { parseTaint, tolerates } from "../../../policies/lib/scheduling.ts";

const values = (args = {}) =>
  gpuDiscoveryValues({
    gpuFeatureDiscovery: "kaito",
    nodeFeatureDiscovery: "kaito",
    spotNodes: false,
    images: {},
    imagePullSecrets: [],
    ...args,
  });

describe("gpuDiscoveryValues", () => {
  it.each([
    ["a GPU pool", false],
    ["a GPU pool of spot VMs", true],
  ])("runs on %s, whose taints the chart doesn't know", (_, spot) => {
    const { taints } = nodePool("gpu", { spot });
    expect(taints).toHaveLength(spot ? 2 : 1);
    const { tolerations, nfd } = values({ spotNodes: spot });
    for (const taint of taints) {
      expect(tolerates({ tolerations }, parseTaint(taint))).toBe(true);
      expect(tolerates(nfd.worker, parseTaint(taint))).toBe(true);
    }
  });

  it("stays off spot nodes unless it is told of them", () => {
    const spot = parseTaint("kubernetes.azure.com/scalesetpriority=spot:NoSchedule");
    expect(tolerates(values(), spot)).toBe(false);
    expect(tolerates(values().nfd.worker, spot)).toBe(false);
  });

  it("keeps the worker, which reads its node's files, off pools without GPUs, and on those of others", () => {
    const [term] =
      values().nfd.worker?.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
        .nodeSelectorTerms ?? [];
    const [expression] = term?.matchExpressions ?? [];
    const [label] = Object.entries(nodePool("gpu", {}).labels)[0] ?? [];
    expect(expression).toEqual({ key: label, operator: "NotIn", values: ["system", "user"] });
  });

  it("asks for no CRDs, which are left out", () => {
    expect(values().nfd.master?.crdController).toBe(false);
  });

  it("states what every pod needs", () => {
    const { resources, nfd } = values();
    expect([resources, nfd.master?.resources, nfd.worker?.resources]).toEqual(
      Array(3).fill(NODE_AGENT_RESOURCES),
    );
  });

  it("pins the images, also from a mirror", () => {
    expect([values().image, values().nfd.image]).toEqual([
      { repository: "nvcr.io/nvidia/k8s-device-plugin", tag: "v0.17.4", pullPolicy: "IfNotPresent" },
      {
        repository: "registry.k8s.io/nfd/node-feature-discovery",
        tag: "v0.15.3",
        pullPolicy: "IfNotPresent",
      },
    ]);
    const mirrored = values({
      images: { gpuFeatureDiscovery: "m.example/gfd", nodeFeatureDiscovery: "m.example/nfd" },
      imagePullSecrets: ["s"],
    });
    expect(mirrored).toMatchObject({
      image: { repository: "m.example/gfd", tag: "v0.17.4" },
      imagePullSecrets: [{ name: "s" }],
      nfd: { image: { repository: "m.example/nfd", tag: "v0.15.3" }, imagePullSecrets: [{ name: "s" }] },
    });
  });

  it.each([
    [{ nodeFeatureDiscovery: "none" }, true, false],
    [{ gpuFeatureDiscovery: "none", nodeFeatureDiscovery: "none" }, false, false],
    [{ gpuFeatureDiscovery: "none" }, false, true],
  ])("%j: GPU features %s, node features %s", (args, gpuFeatures, nodeFeatures) => {
    expect(values(args)).toMatchObject({ gfd: { enabled: gpuFeatures }, nfd: { enabled: nodeFeatures } });
  });

  it("sets nothing of what is switched off", () => {
    expect(values({ gpuFeatureDiscovery: "none", nodeFeatureDiscovery: "none" })).toEqual({
      gfd: { enabled: false },
      nfd: { enabled: false },
    });
  });
});
