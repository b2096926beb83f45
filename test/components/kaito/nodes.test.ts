import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkedNodes, type KaitoNodes, resourceSpec } from "../../../components/kaito/nodes.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const pool: KaitoNodes = { matchLabels: { "mcpaas.dev/pool": "gpu" }, minCount: 1, maxCount: 2 };

describe("checkedNodes", () => {
  it.each<[string, Partial<KaitoNodes>, string]>([
    ["no label", { matchLabels: {} }, "nodes.matchLabels: must have a label, such as mcpaas.dev/pool: gpu"],
    [
      "a label that KAITO ignores",
      { matchLabels: { "kaito.sh/workspace": "a", b: "c" } },
      'nodes.matchLabels: has "kaito.sh/workspace", which is KAITO\'s own',
    ],
    [
      "no nodes",
      { minCount: 0 },
      "nodes.minCount: is 0, and KAITO refuses a Workspace when no node is there; keep 1",
    ],
    ["half a node", { minCount: 0.5 }, "nodes.minCount: 0.5 is not allowed; it must be a whole number"],
    ["no room", { minCount: undefined, maxCount: 0 }, "nodes.maxCount: 0 is not allowed"],
    ["a range turned round", { minCount: 3 }, "nodes.minCount: 3 is more than maxCount, which is 2"],
    ["KAITO's nodes of no size", { provision: true }, "nodes.vmSize: is missing; with provision KAITO makes"],
    [
      "T4",
      { vmSize: "Standard_NC4as_T4_v3" },
      "nodes.vmSize: Standard_NC4as_T4_v3 has T4 GPUs of CUDA compute capability 7.5, and KAITO's models need 8.0; " +
        "the smallest that will do is Standard_NV36ads_A10_v5",
    ],
    ["V100", { vmSize: "Standard_NC6s_v3" }, "nodes.vmSize: Standard_NC6s_v3 has V100 GPUs"],
    ["a part of a GPU", { vmSize: "Standard_NV6ads_A10_v5" }, "has only a sixth of an A10 GPU"],
    [
      "no GPU at all",
      { vmSize: "Standard_D4s_v5" },
      "nodes.vmSize: Standard_D4s_v5 has no GPU; the smallest",
    ],
  ])("refuses %s", (_, nodes, message) => {
    expect(() => checkedNodes("nodes", { ...pool, ...nodes })).toThrow(message);
  });

  it("takes a pool without nodes when KAITO makes them, or when nothing is to run", () => {
    expect(
      checkedNodes("nodes", { ...pool, minCount: 0, provision: true, vmSize: "Standard_NC24ads_A100_v4" }),
    ).toMatchObject({ minCount: 0 });
    expect(checkedNodes("nodes", { ...pool, minCount: 0 }, { none: true })).toMatchObject({ minCount: 0 });
  });

  it("takes sizes whatever their case", () => {
    expect(checkedNodes("nodes", { ...pool, vmSize: "standard_nc24ads_a100_v4" })).toBeDefined();
  });
});

describe("resourceSpec", () => {
  it("names the size only when KAITO makes the nodes, which refuses it otherwise", () => {
    const nodes = { ...pool, vmSize: "Standard_NC24ads_A100_v4" };
    expect(resourceSpec(nodes)).toEqual({ labelSelector: { matchLabels: pool.matchLabels } });
    expect(resourceSpec({ ...nodes, provision: true })).toEqual({
      instanceType: "Standard_NC24ads_A100_v4",
      labelSelector: { matchLabels: pool.matchLabels },
    });
  });

  it("holds back a Workspace until a size that isn't known yet was checked", async () => {
    const labels = (size: string) => {
      const nodes = checkedNodes("nodes", { ...pool, vmSize: pulumi.output(size) });
      return resourceSpec(nodes).labelSelector.matchLabels as pulumi.Output<Record<string, string>>;
    };
    expect(await resolved(labels("Standard_NC24ads_A100_v4"))).toEqual(pool.matchLabels);
    expect(String(await failureOf(labels("Standard_NC4as_T4_v3")))).toContain(
      "nodes.vmSize: Standard_NC4as_T4_v3 has",
    );
  });

  it("holds it back until its pool is there, for KAITO refuses one without nodes in a preview too", async () => {
    const poolId = pulumi.output(new Promise<string>((resolve) => setImmediate(resolve, "/pools/gpu")));
    const { matchLabels } = resourceSpec({
      ...pool,
      vmSize: "Standard_NC24ads_A100_v4",
      poolId,
    }).labelSelector;
    expect(pulumi.Output.isInstance(matchLabels)).toBe(true);
    expect(await resolved(matchLabels as pulumi.Output<Record<string, string>>)).toEqual(pool.matchLabels);
  });
});
