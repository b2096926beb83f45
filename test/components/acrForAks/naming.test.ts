import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registryName } from "../../../components/acrForAks/naming.ts";
import { REGISTRY_NAME } from "../../../components/forms.ts";

const owner = fc.record({
  subscriptionId: fc.uuid(),
  resourceGroupName: fc.string(),
  project: fc.string(),
  stack: fc.string(),
});

describe("registryName", () => {
  it("is always one that Azure takes, and always the same", () => {
    fc.assert(
      fc.property(fc.string(), owner, (prefix, who) => {
        expect(registryName(prefix, who)).toMatch(REGISTRY_NAME.pattern);
        expect(registryName(prefix, who)).toBe(registryName(prefix, { ...who }));
      }),
    );
  });

  it("differs when any part of the owner differs", () => {
    const base = { subscriptionId: "s", resourceGroupName: "g", project: "p", stack: "dev" };
    const names = [
      base,
      { ...base, subscriptionId: "s2" },
      { ...base, resourceGroupName: "g2" },
      { ...base, project: "p2" },
      { ...base, stack: "prod" },
    ].map((who) => registryName("mcpaas", who));
    expect(new Set(names).size).toBe(names.length);
  });

  it("doesn't care how Azure writes the same subscription and group", () => {
    const who = { subscriptionId: "abcd", resourceGroupName: "rg-x", project: "p", stack: "dev" };
    expect(registryName("m", { ...who, subscriptionId: "ABCD", resourceGroupName: "RG-X" })).toBe(
      registryName("m", who),
    );
  });
});
