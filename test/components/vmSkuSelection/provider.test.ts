import { describe, expect, it } from "vitest";
import { AzureUnavailableError } from "../../../components/vmSkuSelection/armErrors.ts";
import {
  check,
  create,
  diff,
  read,
  unknownValue,
  update,
} from "../../../components/vmSkuSelection/provider.ts";
import { a10, a100, azure, d4s, memoryLog, region } from "./fakes.ts";

const clusterId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c";
const news = {
  subscriptionId: "00000000-0000-0000-0000-000000000000",
  location: "eastus",
  pools: {
    gpu: { preferredSkus: [a100.name, a10.name], gpus: 1, maxCount: 2 },
    system: { vmSize: d4s.name, maxCount: 3 },
  },
  poolOrder: ["system", "gpu"],
  providerVersion: 1,
  __provider: "text",
};
type Props = Record<string, unknown>;
const offline = new AzureUnavailableError("unreachable", "Azure can't be reached");

function around(limits: Record<string, number> = {}, source = azure({ eastus: region(limits) })) {
  return { azure: source, log: memoryLog() };
}

describe("check", () => {
  it("returns the decision among the inputs, so that it shows in previews", async () => {
    const surroundings = around({ A100Family: 0 });
    const { inputs, failures } = await check({}, news, surroundings);
    expect(failures).toBeUndefined();
    expect(inputs).toMatchObject({
      ...news,
      vmSizes: { system: d4s.name, gpu: a10.name },
      verified: true,
      verdicts: { gpu: [{ code: "family-quota" }, { code: "ok", chosen: true }, { code: "ok" }] },
    });
    expect(surroundings.log.lines).toEqual([
      expect.stringMatching(
        /^info: VM sizes in eastus: system Standard_D4s_v5, gpu Standard_NV36ads_A10_v5\n(.*\n)+.*passed over Standard_NC24ads_A100_v4: needs 72 vCPUs, 0 left(.*\n)+Quota is necessary, not sufficient/,
      ),
    ]);
    expect(surroundings.azure.asked).toEqual(["eastus"]);
  });

  it("leaves the state unchanged when nothing but the quota's figures moved", async () => {
    const first = (await check({}, news, around({ A100Family: 100 }))).inputs as Props;
    const second = (await check(first, news, around({ A100Family: 80, cores: 500 }))).inputs as Props;
    expect(second).toEqual(first);
    expect(await diff("id", first, second)).toEqual({ changes: false });
  });

  it("warns when it keeps a size that lacks quota, without touching the state", async () => {
    const first = (await check({}, news, around())).inputs as Props;
    const surroundings = around({ A100Family: 1 });
    const second = (await check(first, news, surroundings)).inputs as Props;
    expect(second).toEqual(first);
    expect(surroundings.log.lines[0]).toMatch(
      /^warn: pool gpu: keeps Standard_NC24ads_A100_v4, but: needs 72/,
    );
  });

  it("asks for the cluster's nodes and gives their cores back", async () => {
    const own = [{ name: "gpu", vmSize: a100.name, count: 2, spot: false }];
    const facts = region({ A100Family: 72 });
    const quotas = facts.quotas.map((row) => (row.name === "A100Family" ? { ...row, used: 48 } : row));
    const source = azure({ eastus: { ...facts, quotas } }, own);
    const { inputs } = await check({}, { ...news, clusterId }, around({}, source));
    expect(inputs.vmSizes.gpu).toBe(a100.name);
    expect(source.asked).toEqual(["eastus", clusterId]);
  });

  it("starts from nothing in another region or subscription", async () => {
    const first = (await check({}, news, around({ A100Family: 0 }))).inputs as Props;
    const source = azure({ westus3: { ...region(), location: "westus3" } });
    const moved = await check(first, { ...news, location: "westus3" }, around({}, source));
    expect(moved.inputs.vmSizes.gpu).toBe(a100.name);
  });

  it("says what to do about a fixed size that isn't there", async () => {
    const pools = { gpu: { vmSize: "Standard_NC999", gpus: 1, maxCount: 1 } };
    const { failures } = await check(
      {},
      { ...news, pools, poolOrder: ["gpu"], otherLocations: [] },
      around(),
    );
    expect(failures?.[0]?.reason.split("\n").slice(-3)).toEqual([
      "  Standard_NC999: not-offered: not offered in this region (or misspelt)",
      "What would help:",
      "  - set another vmSize, or none to have one chosen",
    ]);
  });

  it("fails with every verdict, what to raise and which region would do", async () => {
    const source = azure({
      eastus: region({ A100Family: 48, A10Family: 0, H100Family: 0 }),
      westus3: { ...region(), location: "westus3" },
      uksouth: region({ cores: 1 }),
      nowhere: offline,
    });
    const otherLocations = ["westus3", "uksouth", "nowhere"];
    const { failures } = await check({}, { ...news, otherLocations }, around({}, source));
    expect(failures).toHaveLength(1);
    expect(failures?.[0]?.property).toBe("");
    const text = failures?.[0]?.reason ?? "";
    for (const part of [
      "pools.gpu: no VM size can run 3 nodes (surge included) in eastus",
      "Standard_NC24ads_A100_v4: family-quota: needs 72 vCPUs, 48 left in A100Family vCPUs (limit 48, used 0)",
      "Standard_NV36ads_A10_v5: family-quota",
      "for Standard_NC24ads_A100_v4: raise A100Family vCPUs by 24 to 72",
      "use westus3, where Standard_D4s_v5 would run system and Standard_NC24ads_A100_v4 would run gpu",
      "nowhere could not be looked at: Azure can't be reached",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("use uksouth");
  });

  it("reports all pools that nothing fits at once", async () => {
    const { failures } = await check({}, news, around({ cores: 3 }));
    expect(failures?.map(({ reason }) => reason.split(":")[0])).toEqual(["pools.system", "pools.gpu"]);
  });
});

describe("check without Azure", () => {
  const down = () => around({}, azure({ eastus: offline }));

  it("goes on unverified with a warning that names the cause and what to do", async () => {
    const surroundings = down();
    const { inputs, failures } = await check({}, news, surroundings);
    expect(failures).toBeUndefined();
    expect(inputs).toMatchObject({ vmSizes: { system: d4s.name, gpu: a100.name }, verified: false });
    expect(surroundings.log.lines).toEqual([
      expect.stringMatching(
        /^warn: VM sizes are not verified: Azure can't be reached; check the network.*strict/,
      ),
    ]);
  });

  it("is unverified too when only the cluster's nodes can't be read", async () => {
    const source = azure({ eastus: region() }, offline);
    const { inputs } = await check({}, { ...news, clusterId }, around({}, source));
    expect(inputs.verified).toBe(false);
  });

  it("fails when strict", async () => {
    const { failures } = await check({}, { ...news, strict: true }, down());
    expect(failures?.[0]?.reason).toMatch(
      /pools\.system: Standard_D4s_v5 is not verified, which strict forbids: Azure/,
    );
  });

  it("keeps a verified choice even when strict", async () => {
    const strict = { ...news, strict: true };
    const first = (await check({}, strict, around())).inputs as Props;
    const { inputs, failures } = await check(first, strict, down());
    expect(failures).toBeUndefined();
    expect(inputs).toEqual(first);
  });

  it("refuses to choose anew blindly", async () => {
    const first = (await check({}, news, around())).inputs as Props;
    const { failures } = await check(first, { ...news, reselect: "2" }, down());
    expect(failures?.[0]?.reason).toMatch(/^reselect: can't choose anew now: Azure can't be reached/);
  });

  it("takes a region that doesn't exist for a no", async () => {
    const source = azure({
      eastus: new AzureUnavailableError("no-such-region", "Azure does not know the region"),
    });
    const { failures } = await check({}, news, around({}, source));
    expect(failures?.[0]?.reason).toMatch(
      /^location: eastus: Azure does not know the region; check its name/,
    );
  });

  it("fails when what is left can't work by its very name", async () => {
    const pools = { gpu: { vmSize: "Standard_NC4as_T4_v3", gpus: 1, maxCount: 1 } };
    const { failures } = await check({}, { ...news, pools, poolOrder: ["gpu"] }, down());
    expect(failures?.[0]?.reason).toMatch(/no VM size is left to try(.|\n)*T4 GPUs/);
  });
});

describe("check with unknown inputs", () => {
  const undecided = { vmSizes: unknownValue, verified: unknownValue, verdicts: unknownValue };

  it.each([
    ["the subscription", { subscriptionId: unknownValue }],
    ["the region", { location: unknownValue }],
    ["all pools", { pools: unknownValue, poolOrder: unknownValue }],
    ["a part of a pool", { pools: { ...news.pools, gpu: { maxCount: unknownValue } } }],
    [
      "a size among others",
      { pools: { ...news.pools, gpu: { maxCount: 1, preferredSkus: [unknownValue] } } },
    ],
    ["reselect", { reselect: unknownValue }],
    ["strict", { strict: unknownValue }],
  ])("decides nothing without %s and asks nobody", async (_, unknown) => {
    const surroundings = around();
    const { inputs, failures } = await check({}, { ...news, ...unknown }, surroundings);
    expect(failures).toBeUndefined();
    expect(inputs).toEqual({ ...news, ...unknown, ...undecided });
    expect(surroundings.azure.asked).toEqual([]);
    expect(surroundings.log.lines).toEqual([]);
  });

  it("takes an unknown cluster for none yet, but only for the first choice", async () => {
    const unborn = { ...news, clusterId: unknownValue };
    const first = await check({}, unborn, around());
    expect(first.inputs).toMatchObject({ clusterId: unknownValue, vmSizes: { gpu: a100.name } });
    const held = (await check({}, news, around())).inputs as Props;
    expect((await check(held, unborn, around())).inputs).toEqual({ ...unborn, ...undecided });
  });

  it("does without regions to suggest that aren't known yet", async () => {
    const { inputs } = await check({}, { ...news, otherLocations: [unknownValue] }, around());
    expect(inputs.vmSizes.gpu).toBe(a100.name);
  });

  it("takes no decision from a state that has none", async () => {
    const { inputs } = await check({ ...news, ...undecided }, news, around());
    expect(inputs.vmSizes.gpu).toBe(a100.name);
  });
});

describe("check of wrong arguments", () => {
  it("names all of them", async () => {
    const pools = { gpu: { maxCount: 0, maxSurge: "a third", nodeArch: "riscv", gpu: 1 } };
    const wrong = { ...news, location: "east-us!", clusterId: "mycluster", pools };
    const { failures } = await check({}, wrong, around());
    const reasons = (failures ?? []).map(({ reason }) => reason).join("\n");
    for (const part of [
      "location: ",
      "clusterId: ",
      "pools.gpu.maxCount: ",
      "pools.gpu.maxSurge: ",
      "pools.gpu.nodeArch: ",
      '"gpu"',
    ]) {
      expect(reasons).toContain(part);
    }
  });

  it("wants at least one pool", async () => {
    const { failures } = await check({}, { ...news, pools: {}, poolOrder: [] }, around());
    expect(failures?.[0]?.reason).toBe("pools: names no pool");
  });
});

describe("diff", () => {
  const state = { ...news, vmSizes: { gpu: a100.name }, verified: true };

  it.each([
    ["an argument", { location: "westus3" }],
    ["a size", { vmSizes: { gpu: a10.name } }],
    ["verification", { verified: false }],
    ["the provider's version", { providerVersion: 2 }],
    ["an unknown", { vmSizes: unknownValue }],
  ])("sees %s change", async (_, change) => {
    expect(await diff("id", state, { ...state, ...change })).toEqual({ changes: true });
  });

  it("is indifferent to the provider's text, to the order of keys and to arguments that are nothing", async () => {
    const { location, ...rest } = state;
    const same = { ...rest, location, __provider: "other text", reselect: null, clusterId: undefined };
    expect(await diff("id", state, same)).toEqual({ changes: false });
  });
});

describe("create, update and read", () => {
  it("return the whole state", async () => {
    const state = { ...news, vmSizes: { gpu: a100.name } };
    expect(await create(state)).toEqual({ id: "vm-sku-selection", outs: state });
    expect(await update("id", { old: true }, state)).toEqual({ outs: state });
    expect(await read("id", state)).toEqual({ id: "id", props: state });
  });
});
