import { describe, expect, it } from "vitest";
import { autoscalerQuota as rule } from "../../../policies/rules/autoscalerQuota.ts";
import { CLUSTER, clusterProps, gpuPoolProps, POOL, poolProps, systemPool } from "../azureFixtures.ts";
import {
  type Member,
  stackFindings,
  unknownArray,
  unknownNumber,
  unknownObject,
  unknownString,
} from "../judge.ts";

const VM_SIZE = "Standard_D2as_v5";
const pool = (changes: object = {}, name = "user"): Member => ({
  type: POOL,
  name,
  props: poolProps(name, { upgradeSettings: { maxSurge: "1" }, maxCount: 3, ...changes }),
});
const verdict = (changes: object = {}) => ({
  vmSize: VM_SIZE,
  code: "ok",
  chosen: true,
  reason: "fits",
  need: 8,
  headroom: 10,
  quota: "Standard DASv5 Family vCPUs",
  ...changes,
});
const selection = (verdicts: unknown, request: object = { maxCount: 3 }): Member => ({
  type: "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection",
  name: "vm-sizes",
  props: { verdicts, pools: { user: request } },
});
const chosen = (changes: object = {}, request?: object) =>
  selection(
    { user: [{ ...verdict(), vmSize: "Standard_D2s_v5", chosen: false }, verdict(changes)] },
    request,
  );
const said = (members: Member[], quotas: object = {}) => stackFindings(rule, members, { quotas });

describe("autoscaler-quota: sizes that VmSkuSelection chose", () => {
  it("accepts what the quota has room for", async () => {
    expect(await said([pool(), chosen()])).toEqual([]);
  });

  it.each([
    [
      "more nodes than were asked for",
      pool({ maxCount: 4 }),
      chosen(),
      "may grow to 4 nodes, and VmSkuSelection asked the quota for 3",
    ],
    [
      "a quota that isn't verified",
      pool(),
      chosen({ code: "unknown", reason: "403" }),
      'judged "unknown" (403)',
    ],
    [
      "a quota that is too low",
      pool(),
      chosen({ headroom: 7 }),
      "needs 8 vCPUs at full scale, and 7 are left of Standard DASv5",
    ],
    [
      "another size than the chosen",
      pool({ vmSize: "Standard_D4as_v5" }),
      chosen(),
      "no VmSkuSelection chose Standard_D4as_v5",
    ],
  ])("refuses %s", async (_, member, selected, why) => {
    const [text, ...more] = await said([member, selected]);
    expect(text).toContain("mandatory user: ");
    expect(text).toContain(why);
    expect(more).toEqual([]);
  });

  it("knows the fallback of a spot pool by its pool's verdict", async () => {
    const request = { maxCount: 3, fallback: { pool: "userfb", maxCount: 2 } };
    const spot = pool({ scaleSetPriority: "Spot" });
    expect(await said([spot, pool({ maxCount: 2 }, "userfb"), chosen({}, request)])).toEqual([]);
    expect(await said([spot, pool({ maxCount: 3 }, "userfb"), chosen({}, request)])).toHaveLength(1);
  });

  it("refuses verdicts that it can't see", async () => {
    expect(await said([pool({ vmSize: unknownString }), selection(unknownObject)])).toEqual([
      expect.stringContaining("mandatory vm-sizes: verdicts of vm-sizes"),
    ]);
  });
});

describe("autoscaler-quota: sizes that are written down", () => {
  const gpu: Member = { type: POOL, name: "gpu", props: gpuPoolProps("gpu", { maxCount: 2 }) };

  it("counts vCPUs at the maximum, with the nodes that an upgrade adds", async () => {
    expect(await said([pool()], { standardDASv5Family: 8 })).toEqual([]);
    expect(await said([pool()], { standardDASv5Family: 7 })).toEqual([
      'mandatory user: pool "user": at full scale 8 vCPUs of the quota standarddasv5family, whose limit is 7.',
    ]);
  });

  it("sums up the pools of a family, those within a cluster included, each once", async () => {
    const listed = [systemPool, { ...systemPool, name: "user", maxCount: 99 }];
    const cluster: Member = {
      type: CLUSTER,
      name: "aks",
      props: clusterProps("fixtures", { agentPoolProfiles: listed }),
    };
    // Of the system pool 1 node and 10 % of it, which is another; of the user pool 3 and 1.
    expect(await said([pool(), cluster], { standardDASv5Family: 12 })).toEqual([]);
    expect(await said([pool(), cluster], { standardDASv5Family: 11 })).toHaveLength(1);
  });

  it("knows the region's quota and that of spot nodes", async () => {
    const quotas = { standardDASv5Family: 100, StandardNVADSA10v5Family: 100 };
    expect(await said([pool(), gpu], { ...quotas, cores: 26 })).toEqual([]);
    expect(await said([pool(), gpu], { ...quotas, cores: 25 })).toEqual([
      expect.stringContaining('pool "gpu", pool "user": at full scale 26 vCPUs of the quota cores'),
    ]);
    const spot = pool({ scaleSetPriority: "Spot" });
    expect(await said([spot], { lowPriorityCores: 6 })).toEqual([]);
    expect(await said([spot], { lowPriorityCores: 5 })).toHaveLength(1);
  });

  it.each([
    ["a family without a figure", pool(), 'no quotas["standarddasv5family"]'],
    [
      "a size that says nothing",
      pool({ vmSize: "Standard_B2ms" }),
      "can't be told from its VM size (Standard_B2ms)",
    ],
    ["no size", pool({ vmSize: undefined }), "can't be told from its VM size (not set)"],
  ])("refuses %s", async (_, member, why) => {
    expect(await said([member])).toEqual([expect.stringContaining(why)]);
  });

  it("counts the nodes that AKS's add-on of KAITO makes for models", async () => {
    const props = clusterProps("x", { aiToolchainOperatorProfile: { enabled: true }, agentPoolProfiles: [] });
    const rag: Member = {
      type: "kubernetes:kaito.sh/v1beta1:RAGEngine",
      name: "docs",
      props: { spec: { compute: { instanceType: VM_SIZE } } },
    };
    const cluster = { type: CLUSTER, name: "aks", props };
    expect(await said([cluster, rag], { standardDASv5Family: 4 })).toEqual([]);
    expect(await said([cluster, rag], { standardDASv5Family: 3 })).toEqual([
      expect.stringContaining("mandatory docs: the nodes of docs: at full scale 4 vCPUs"),
    ]);
  });

  it("refuses nodes that come without a maximum", async () => {
    const props = clusterProps("x", { nodeProvisioningProfile: { mode: "Auto" }, agentPoolProfiles: [] });
    expect(await said([{ type: CLUSTER, name: "aks", props }])).toEqual([
      expect.stringContaining("aks makes nodes by itself"),
    ]);
  });

  it.each([
    ["maxCount", pool({ maxCount: unknownNumber })],
    ["vmSize", pool({ vmSize: unknownString })],
    ["scaleSetPriority", pool({ scaleSetPriority: unknownString })],
    ["agentPoolProfiles", { type: CLUSTER, name: "user", props: { agentPoolProfiles: unknownArray } }],
  ])("refuses what it can't see: %s", async (path, member) => {
    const [text, ...more] = await said([member], { standardDASv5Family: 8 });
    expect(text).toContain(`mandatory user: ${path} of user`);
    expect(more).toEqual([]);
  });
});

describe("autoscaler-quota: numbers", () => {
  it("reads those that YAML gives as text, and refuses what is none", async () => {
    const quotas = { standardDASv5Family: 10 };
    expect(await said([pool({ maxCount: "1000" })], quotas)).toEqual([
      expect.stringContaining("at full scale 2002 vCPUs"),
    ]);
    expect(await said([pool({ maxCount: "many" })], quotas)).toEqual([
      expect.stringContaining("can't be read (many)"),
    ]);
  });

  it("refuses a mode of making nodes that it can't see", async () => {
    const props = clusterProps("x", {
      agentPoolProfiles: [],
      nodeProvisioningProfile: { mode: unknownString },
    });
    expect(await said([{ type: CLUSTER, name: "aks", props }])).toEqual([
      expect.stringContaining("nodeProvisioningProfile.mode of aks"),
    ]);
  });
});
