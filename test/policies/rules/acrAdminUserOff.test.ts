import { describe, expect, it } from "vitest";
import { acrAdminUserOff as rule } from "../../../policies/rules/acrAdminUserOff.ts";
import { findings, judge, unknownBoolean } from "../judge.ts";

const registry = "azure-native:containerregistry:Registry";

describe("acr-admin-user-off", () => {
  it("accepts a registry whose admin user is off, or left at Azure's default", async () => {
    expect(await judge(rule, registry, { adminUserEnabled: false })).toEqual([]);
    expect(await judge(rule, registry, { sku: { name: "Basic" } })).toEqual([]);
  });

  it.each([
    registry,
    "azure-native:containerregistry/v20230701:Registry",
    "azure-native:containerregistry/v20250501preview:Registry",
    "azure-native_containerregistry_v20250401:containerregistry:Registry",
  ])("refuses the admin user of a %s", async (type) => {
    expect(await findings(rule, type, { adminUserEnabled: true })).toEqual([
      "mandatory: The registry's admin user is on (adminUserEnabled is true).",
    ]);
  });

  it("refuses a setting that is not known yet", async () => {
    const [said, ...more] = await findings(rule, registry, { adminUserEnabled: unknownBoolean });
    expect(said).toContain("mandatory: adminUserEnabled is not known yet");
    expect(more).toEqual([]);
  });

  it("leaves other resources alone", async () => {
    const token = "azure-native:containerregistry:Token";
    expect(await judge(rule, token, { adminUserEnabled: true })).toEqual([]);
  });
});
