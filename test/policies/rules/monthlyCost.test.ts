import { describe, expect, it } from "vitest";
import { monthlyCost as rule } from "../../../policies/rules/monthlyCost.ts";
import { CLUSTER, clusterProps, POOL, poolProps, systemPool } from "../azureFixtures.ts";
import { type Member, stackFindings, unknownArray, unknownNumber, unknownString } from "../judge.ts";

const pool = (changes: object = {}): Member => ({
  type: POOL,
  name: "aks-user",
  props: poolProps("user", { location: "eastus", osDiskType: "Ephemeral", ...changes }),
});
const cluster = (changes: object = {}): Member => ({
  type: CLUSTER,
  name: "aks",
  props: clusterProps("fixtures", { networkProfile: { outboundType: "none" }, ...changes }),
});
const said = (members: Member[], config: object = {}) => stackFindings(rule, members, config);
// D2as_v5 in eastus: 0.086 USD an hour.
const ONE_NODE = 0.086 * 730;

describe("monthly-cost", () => {
  it("accepts a stack within the ceiling, at its maximum", async () => {
    expect(await said([pool({ maxCount: 10 })], { ceiling: 10 * ONE_NODE + 1 })).toEqual([]);
  });

  it("refuses one above it, and says what is dearest and how old the prices are", async () => {
    expect(await said([pool({ maxCount: 10 })], { ceiling: 10 * ONE_NODE - 1 })).toEqual([
      "mandatory aks-user: The stack costs 628 USD a month at full scale, the ceiling is 627; most of it is virtual " +
        "machine Standard_D2as_v5 of aks-user, 628 (list prices of 2025-05-16 to 2025-05-16).",
    ]);
  });

  it("counts a pool once that its cluster lists, too", async () => {
    const own = { ...systemPool, osDiskType: "Ephemeral" };
    const listed = cluster({ agentPoolProfiles: [own, { ...own, name: "user" }] });
    expect(await said([listed, pool()], { ceiling: 2 * ONE_NODE + 1 })).toEqual([]);
    expect(await said([listed, pool()], { ceiling: 2 * ONE_NODE - 1 })).toHaveLength(1);
  });

  it("takes the regular price for spot, which is never more", async () => {
    const spot = pool({ scaleSetPriority: "Spot", maxCount: 10 });
    expect(await said([spot], { ceiling: 10 * ONE_NODE - 1 })).toHaveLength(1);
    expect(await said([spot], { ceiling: 10 * ONE_NODE + 1 })).toEqual([]);
  });

  it("counts the nodes that AKS's add-on of KAITO makes, and those of pools only once", async () => {
    const model: Member = {
      type: "kubernetes:kaito.sh/v1beta1:Workspace",
      name: "phi",
      props: { resource: { instanceType: "Standard_D2as_v5", count: 10 } },
    };
    const bare = { agentPoolProfiles: [] };
    const addOn = cluster({ ...bare, aiToolchainOperatorProfile: { enabled: true } });
    // With an OS disk of 128 GiB each, 19.71 USD.
    expect(await said([addOn, model], { ceiling: 10 * (ONE_NODE + 19.71) + 1 })).toEqual([]);
    expect(await said([addOn, model], { ceiling: 10 * (ONE_NODE + 19.71) - 1 })).toHaveLength(1);
    expect(await said([cluster(bare), model], { ceiling: 1 })).toEqual([]);
  });

  it.each([
    ["a size", { vmSize: "Standard_Z99_v1" }, "Standard_Z99_v1 has no price in the table"],
    ["a region", { location: "mars" }, "Standard_D2as_v5 has no price for mars"],
    ["no size", { vmSize: undefined }, "no VM size has no price"],
  ])("refuses %s without a price", async (_, changes, why) => {
    expect(await said([pool(changes)])).toEqual([expect.stringContaining(why)]);
  });

  it("takes prices of one's own", async () => {
    const odd = pool({ vmSize: "Standard_Z99_v1" });
    expect(await said([odd], { vmPrices: { Standard_Z99_v1: 1 }, ceiling: 731 })).toEqual([]);
    expect(await said([odd], { vmPrices: { Standard_Z99_v1: 1 }, ceiling: 729 })).toHaveLength(1);
  });

  it("says what isn't in the sum", async () => {
    const logs: Member = { type: "azure-native:cosmosdb:Account", name: "db", props: {} };
    const [text] = await said([pool({ maxCount: 10 }), logs], { ceiling: 1 });
    expect(text).toContain(
      "What db costs isn't known: nobody has said what azure-native:cosmosdb:Account costs.",
    );
    const config = { ceiling: 1, unpriced: ["azure-native:cosmosdb:*"] };
    expect((await said([pool({ maxCount: 10 }), logs], config))[0]).toContain(
      "not in it: azure-native:cosmosdb:Account",
    );
    const priced = { ceiling: ONE_NODE + 100, prices: { "azure-native:cosmosdb:Account": 99 } };
    expect(await said([pool(), logs], priced)).toEqual([]);
    expect(await said([pool(), logs], { ...priced, ceiling: ONE_NODE + 98 })).toHaveLength(1);
  });

  it.each([
    "azure-native:containerservice/v20240901:ManagedCluster",
    "azure-native_containerservice_v20240901:containerservice:ManagedCluster",
  ])("counts %s, too", async (type) => {
    const props = clusterProps("x", { agentPoolProfiles: [{ ...systemPool, maxCount: 500 }] });
    expect(await said([{ type, name: "aks", props }])).toEqual([
      expect.stringContaining("mandatory aks: The stack costs"),
    ]);
  });

  const server = (changes: object): Member => ({
    type: "azure-native:dbforpostgresql:Server",
    name: "db",
    props: {
      location: "eastus",
      sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 512 },
      ...changes,
    },
  });

  it("takes another region's price where its own has none", async () => {
    expect(await said([server({})], { ceiling: 1 })).toEqual([
      expect.stringContaining("The stack costs 213 USD"),
    ]);
  });

  it.each([
    ["location", server({ location: unknownString })],
    ["sku.name", server({ sku: { name: unknownString, tier: "GeneralPurpose" } })],
    ["storage.storageSizeGB", server({ storage: { storageSizeGB: unknownNumber } })],
  ])("refuses a charge that hangs on what isn't known: %s", async (path, member) => {
    expect(await said([member])).toEqual([expect.stringContaining(`mandatory db: ${path} of db`)]);
  });

  it("refuses what is charged by time and has no price", async () => {
    const burstable = server({ sku: { name: "Standard_B1ms", tier: "Burstable" } });
    expect(await said([burstable])).toEqual([
      "mandatory db: What db costs isn't known: PostgreSQL, a burstable server: no price in the table.",
    ]);
    const prices = { "PostgreSQL, a burstable server": 0.02 };
    expect(await said([burstable], { prices })).toEqual([]);
  });

  const gpu = "Standard_NC96ads_A100_v4";
  it.each([
    ["VirtualMachine", { hardwareProfile: { vmSize: gpu }, priority: "Spot" }],
    [
      "VirtualMachineScaleSet",
      { sku: { name: gpu, capacity: 10 }, virtualMachineProfile: { priority: "Spot" } },
    ],
  ])("counts a %s", async (kind, props) => {
    const member = {
      type: `azure-native:compute:${kind}`,
      name: "vm",
      props: { location: "eastus", ...props },
    };
    expect(await said([member])).toEqual([expect.stringContaining(`is virtual machine ${gpu} of vm`)]);
  });

  it("refuses a machine with Windows, whose price is another", async () => {
    const props = {
      location: "eastus",
      hardwareProfile: { vmSize: gpu },
      osProfile: { windowsConfiguration: {} },
    };
    const member = { type: "azure-native:compute:VirtualMachine", name: "vm", props };
    expect(await said([member])).toEqual([expect.stringContaining("the table has prices of Linux only")]);
  });

  it("refuses a cluster that makes nodes as it likes", async () => {
    expect(await said([cluster({ location: "eastus", nodeProvisioningProfile: { mode: "Auto" } })])).toEqual([
      expect.stringContaining("What aks costs has no limit"),
    ]);
  });

  it("refuses pools in a region that nothing names", async () => {
    expect(await said([pool({ location: undefined })])).toEqual([
      expect.stringContaining("mandatory aks-user: Nothing says which region's prices hold"),
    ]);
  });

  it("has nothing to say of a stack without Azure", async () => {
    expect(await said([{ type: "kubernetes:core/v1:Namespace", name: "x", props: {} }])).toEqual([]);
  });

  it.each([
    ["vmSize", pool({ vmSize: unknownString })],
    ["maxCount", pool({ maxCount: unknownNumber })],
    ["agentPoolProfiles", cluster({ agentPoolProfiles: unknownArray })],
  ])("refuses what it can't see: %s", async (path, member) => {
    const [text, ...more] = await said([member]);
    expect(text).toContain(`mandatory ${member.name}: ${path} of ${member.name}`);
    expect(more).toEqual([]);
  });
});
