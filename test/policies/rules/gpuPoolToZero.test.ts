import { describe, expect, it } from "vitest";
import { gpuPoolToZero as rule } from "../../../policies/rules/gpuPoolToZero.ts";
import { CLUSTER, gpuPoolProps, POOL } from "../azureFixtures.ts";
import { findings, unknownArray, unknownBoolean, unknownNumber, unknownString } from "../judge.ts";

const said = (changes: Record<string, unknown>) => findings(rule, POOL, gpuPoolProps("gpu", changes));

describe("gpu-pool-to-zero", () => {
  it("accepts a pool that may have no node, and any without GPUs", async () => {
    expect(await said({})).toEqual([]);
    expect(await said({ vmSize: "Standard_D2as_v5", minCount: 3 })).toEqual([]);
  });

  it.each([
    ["a node that is always there", { minCount: 1 }, "keeps 1 nodes that nobody may need (minCount is 1)"],
    ["no least number", { minCount: undefined }, "minCount is not set"],
    [
      "a fixed number",
      { enableAutoScaling: false },
      "has a fixed number of nodes (enableAutoScaling is false)",
    ],
  ])("advises on %s", async (_, changes, why) => {
    expect(await said(changes)).toEqual([expect.stringContaining(why)]);
    expect((await said(changes))[0]).toMatch(/^advisory: GPU pool "gpu"/);
  });

  it("reports pools within a cluster that it can't see", async () => {
    expect(await findings(rule, CLUSTER, { agentPoolProfiles: unknownArray })).toEqual([
      expect.stringContaining("advisory: agentPoolProfiles is not known yet"),
    ]);
  });

  it.each([
    ["vmSize", { vmSize: unknownString, minCount: 1 }],
    ["enableAutoScaling", { enableAutoScaling: unknownBoolean }],
    ["minCount", { minCount: unknownNumber }],
  ])("reports that %s isn't known yet", async (path, changes) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
