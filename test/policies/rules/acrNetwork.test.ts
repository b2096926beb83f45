import { describe, expect, it } from "vitest";
import { acrNetwork as rule } from "../../../policies/rules/acrNetwork.ts";
import { REGISTRY, registryProps } from "../azureFixtures.ts";
import { findings, unknownArray, unknownObject, unknownString } from "../judge.ts";

const said = (changes: Record<string, unknown>) => findings(rule, REGISTRY, registryProps("x", changes));
const ranges = (ipRules: unknown, defaultAction: unknown = "Deny") => ({
  publicNetworkAccess: "Enabled",
  networkRuleSet: { defaultAction, ipRules },
});

describe("acr-network", () => {
  it.each([
    ["without public access", { publicNetworkAccess: "Disabled" }],
    ["in a perimeter", { publicNetworkAccess: "SecuredByPerimeter" }],
    ["with named ranges", ranges([{ iPAddressOrRange: "203.0.113.0/24" }])],
    ["with nobody allowed", ranges(undefined)],
  ])("accepts a registry %s", async (_, changes) => {
    expect(await said(changes)).toEqual([]);
  });

  it.each([
    ["left at Azure's default", { publicNetworkAccess: undefined }, "publicNetworkAccess is not set"],
    ["open", { publicNetworkAccess: "Enabled" }, "answers the whole internet"],
    ["that allows what it doesn't name", ranges([], "Allow"), "networkRuleSet.defaultAction is Allow"],
    [
      "that names everybody",
      ranges([{ iPAddressOrRange: "0.0.0.0/0" }]),
      "let 0.0.0.0/0 in, which is wider than /16",
    ],
    ["that names everybody as the API does", ranges([{ value: "0.0.0.0/0" }]), "let 0.0.0.0/0 in"],
    ["that names half of the internet", ranges([{ value: "128.0.0.0/1" }]), "let 128.0.0.0/1 in"],
  ])("refuses one %s", async (_, changes, why) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`mandatory: `);
    expect(text).toContain(why);
    expect(more).toEqual([]);
  });

  it.each([
    ["publicNetworkAccess", { publicNetworkAccess: unknownString }],
    ["networkRuleSet", { publicNetworkAccess: "Enabled", networkRuleSet: unknownObject }],
    ["networkRuleSet.ipRules", ranges(unknownArray)],
    ["networkRuleSet.ipRules[0].value", ranges([{ value: unknownString }])],
  ])("reports that %s isn't known yet", async (path, changes) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
