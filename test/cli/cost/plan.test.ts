import { beforeAll, describe, expect, it } from "vitest";
import { effectsOf, variationsOf, withValues } from "../../../cli/cost/effects.ts";
import { planOf } from "../../../cli/cost/plan.ts";
import { checkedSettings } from "../../../cli/cost/settingsFile.ts";
import { chargesOf } from "../../../cost/charges/index.ts";
import { costOf } from "../../../cost/costOf.ts";
import type { Resource } from "../../../cost/resource.ts";
import { azureStack } from "../../../stacks/azure.ts";
import { parseSettings } from "../../../stacks/settings.ts";
import { azure } from "../../support/azure.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { CONTEXT, devInput } from "./support.ts";

const A100 = "Standard_NC24ads_A100_v4";
const dev = checkedSettings(devInput(), "dev");
const plan = (input = devInput()) => planOf(checkedSettings(input, "dev"), (_, { vmSize }) => vmSize);

let resources: Resource[];
beforeAll(async () => {
  resources = await plan();
});

describe("the program that is run for its cost", () => {
  it("registers what it registers under the tests' mocks", { timeout: 60_000 }, async () => {
    const tested = await runWithMocks(() => azureStack(parseSettings(devInput(), "dev")), azure);
    expect(resources.map(({ urn }) => urn).sort()).toEqual(tested.resources.map(({ urn }) => urn).sort());
  });

  it("has each resource's own inputs", () => {
    const pools = resources.filter(({ type }) => type === "azure-native:containerservice:AgentPool");
    expect(pools.map(({ inputs }) => [inputs["agentPoolName"], inputs["vmSize"]])).toEqual([
      ["user", "Standard_D2as_v5"],
      ["gpu", A100],
    ]);
    const chat = resources.find(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
    expect(chat?.component).toBe("ChatApp chat");
  });

  it("has no type of Azure's whose cost nobody has thought of", () => {
    const open = resources.filter(({ type }) => chargesOf(type) === undefined);
    expect(open.map(({ type }) => type)).toEqual([]);
  });
});

describe("what a setting changes", () => {
  const costWith = async (input: Record<string, unknown>) => costOf(await plan(input), "eastus", CONTEXT);

  it("is found by running the program with it", async () => {
    const base = await costWith(devInput());
    const variations = [
      { set: { "cluster.userPool.minCount": 0 } },
      { set: { "cluster.gpuPool.maxCount": 2 } },
      { set: { "cluster.gpuPool.minCount": 7 } },
      { set: { models: {}, "cluster.gpuPool.enabled": false, "chat.enabled": false } },
    ];
    const effects = await effectsOf(variations, devInput(), base, costWith);
    const of = (key: string) => effects.find(({ set }) => Object.keys(set)[0] === key);
    // A machine of 0.086 USD an hour with its disk of 19.71 USD a month.
    expect(of("cluster.userPool.minCount")?.change?.rest).toBeCloseTo(-82.49, 2);
    expect(of("cluster.gpuPool.maxCount")?.change?.full).toBeCloseTo(3.673 * 730, 2);
    expect(of("cluster.gpuPool.minCount")?.refused).toContain("cluster.gpuPool");
    expect(of("models")?.change?.full).toBeCloseTo(-3.673 * 730, 2);
    expect(effects.at(-1)?.refused).toBeDefined();
    // The program runs five times.
  }, 60_000);

  it("is tried for settings that exist", () => {
    const unheard = variationsOf(dev, {}).flatMap(({ set }) => {
      try {
        checkedSettings(withValues(devInput(), set), "dev");
        return [];
      } catch (error) {
        return /a key that doesn't exist/.test((error as Error).message) ? [set] : [];
      }
    });
    expect(unheard).toEqual([]);
    expect(variationsOf(dev, {}).length).toBeGreaterThan(10);
  });

  it("is tried on a copy of the settings", () => {
    const before = devInput();
    withValues(before, { "cluster.gpuPool.minCount": 0, models: undefined });
    expect(before).toEqual(devInput());
  });
});
