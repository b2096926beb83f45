import { describe, expect, it } from "vitest";
import { aksEntra as rule } from "../../../policies/rules/aksEntra.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownBoolean, unknownObject } from "../judge.ts";

const said = (changes: Record<string, unknown>, config: object = {}) =>
  findings(rule, CLUSTER, clusterProps("x", changes), config);
const bindings = { aadProfile: { managed: true, enableAzureRBAC: false } };

describe("aks-entra", () => {
  it("accepts Entra ID with Azure RBAC, and RoleBindings where the configuration leaves them", async () => {
    expect(await said({})).toEqual([]);
    expect(await said({ enableRBAC: undefined })).toEqual([]);
    expect(await said(bindings, { azureRbac: false })).toEqual([]);
  });

  it.each([
    ["no sign-in", { aadProfile: { enableAzureRBAC: true } }, "aadProfile.managed is not set"],
    ["RoleBindings", bindings, "aadProfile.enableAzureRBAC is false"],
    ["no RBAC", { enableRBAC: false }, "enableRBAC is false"],
  ])("refuses %s", async (_, changes, why) => {
    expect(await said(changes)).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    ["enableRBAC", { enableRBAC: unknownBoolean }],
    ["aadProfile", { aadProfile: unknownObject }],
    ["aadProfile.managed", { aadProfile: { managed: unknownBoolean, enableAzureRBAC: true } }],
    ["aadProfile.enableAzureRBAC", { aadProfile: { managed: true, enableAzureRBAC: unknownBoolean } }],
  ])("reports that %s isn't known yet", async (path, changes) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
