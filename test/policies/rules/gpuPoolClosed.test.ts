import { describe, expect, it } from "vitest";
import { GPU_TAINT, POOL_LABEL } from "../../../components/aksWithGpuPool/pools.ts";
import { gpuPoolClosed as rule } from "../../../policies/rules/gpuPoolClosed.ts";
import { CLUSTER, clusterProps, gpuPoolProps, POOL, systemPool } from "../azureFixtures.ts";
import { findings, unknownArray, unknownObject, unknownString } from "../judge.ts";

const said = (changes: Record<string, unknown>, config: object = {}) =>
  findings(rule, POOL, gpuPoolProps("gpu", changes), config);

describe("gpu-pool-closed", () => {
  it("accepts a pool with taint and label, this project's above all", async () => {
    expect(await said({})).toEqual([]);
    expect(await said({ nodeTaints: [GPU_TAINT], nodeLabels: { [POOL_LABEL]: "gpu" } })).toEqual([]);
  });

  it.each([["Standard_D2as_v5"], ["Standard_NP10s"]])(
    "asks nothing of %s, which has no GPUs",
    async (vmSize) => {
      expect(await said({ vmSize, nodeTaints: undefined, nodeLabels: undefined })).toEqual([]);
    },
  );

  it.each([
    ["no taint", { nodeTaints: undefined }, 'GPU pool "gpu" (Standard_NV6ads_A10_v5) has no taint'],
    ["another taint", { nodeTaints: ["sku=gpu:PreferNoSchedule"] }, "has no taint sku=gpu:NoSchedule"],
    ["no label", { nodeLabels: undefined }, "has no label that pods could select it by (nodeLabels)"],
    ["a system pool", { mode: "System" }, "is a system pool"],
  ])("refuses %s", async (_, changes, why) => {
    expect(await said(changes)).toEqual([expect.stringContaining(why)]);
  });

  it("looks at pools within a cluster", async () => {
    const inside = { ...systemPool, name: "gpu", mode: "User", vmSize: "Standard_NC24ads_A100_v4" };
    const props = clusterProps("x", { agentPoolProfiles: [systemPool, inside] });
    expect(await findings(rule, CLUSTER, props)).toEqual([
      expect.stringContaining("(agentPoolProfiles[1].nodeTaints)"),
      expect.stringContaining("(agentPoolProfiles[1].nodeLabels)"),
    ]);
  });

  it("takes taint and labels from its configuration", async () => {
    const config = { taint: "gpu=yes:NoExecute", labels: ["team=ml", "gpu"] };
    const own = { nodeTaints: ["gpu=yes:NoExecute"], nodeLabels: { team: "ml", gpu: "a10" } };
    expect(await said(own, config)).toEqual([]);
    expect(await said({ ...own, nodeLabels: { team: "web" } }, config)).toHaveLength(2);
  });

  it.each([
    ["vmSize", { vmSize: unknownString, nodeTaints: undefined }],
    ["nodeTaints", { nodeTaints: unknownArray }],
    ["nodeTaints[0]", { nodeTaints: [unknownString] }],
    ["nodeLabels", { nodeLabels: unknownObject }],
    ["mode", { mode: unknownString }],
  ])("reports that %s isn't known yet", async (path, changes) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });

  it("reports pools within a cluster and labels that aren't known yet", async () => {
    expect(await findings(rule, CLUSTER, { agentPoolProfiles: unknownArray })).toEqual([
      expect.stringContaining("advisory: agentPoolProfiles is not known yet"),
    ]);
    expect(await said({ nodeLabels: { team: unknownString } }, { labels: ["team=ml"] })).toEqual([
      expect.stringContaining("advisory: nodeLabels.team is not known yet"),
    ]);
  });

  it("doesn't need the size of a pool that is closed anyway", async () => {
    expect(await said({ vmSize: unknownString })).toEqual([]);
  });
});
