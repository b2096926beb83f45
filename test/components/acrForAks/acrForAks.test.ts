import { describe, expect, it } from "vitest";
import { AcrForAks, type AcrForAksArgs } from "../../../components/acrForAks.ts";
import { azure, KUBELET_OBJECT_ID } from "../../support/azure.ts";
import { resolved, runWithMocks } from "../../support/mocks.ts";

const REGISTRY = "azure-native:containerregistry:Registry";
const ROLE = "azure-native:authorization:RoleAssignment";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const run = (args: Partial<AcrForAksArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new AcrForAks("registry", { resourceGroupName: "rg", location: "eastus", ...args }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])("AcrForAks, preview: $preview", ({ preview }) => {
  it("makes a Basic registry without an admin user, under a name known at once", async () => {
    const { find } = await run({}, { preview });
    expect(find(REGISTRY).inputs).toMatchObject({
      resourceGroupName: "rg",
      location: "eastus",
      sku: { name: "Basic" },
      adminUserEnabled: false,
      registryName: expect.stringMatching(/^mcpaas[a-z0-9]{10}$/),
    });
  });

  it("lets nobody pull or push unless told to", async () => {
    const { resources } = await run({}, { preview });
    expect(resources.map((r) => r.type)).toEqual(["mcpaas:index:AcrForAks", REGISTRY]);
  });
});

describe("AcrForAks", () => {
  it("gives the kubelet identity AcrPull on this registry only, under a stable name", async () => {
    const { find } = await run({ kubeletIdentityObjectId: KUBELET_OBJECT_ID });
    const pull = find(ROLE, "registry-pull").inputs;
    expect(pull).toMatchObject({
      scope: "registry-id",
      principalId: KUBELET_OBJECT_ID,
      principalType: "ServicePrincipal",
      roleDefinitionId: expect.stringMatching(
        /^\/subscriptions\/11111111-.*\/roleDefinitions\/7f951dda-4ed3-4680-a7ca-43fe172d538d$/,
      ),
      roleAssignmentName: expect.stringMatching(UUID),
    });
    const again = await run({ kubeletIdentityObjectId: KUBELET_OBJECT_ID });
    expect(again.find(ROLE).inputs.roleAssignmentName).toBe(pull.roleAssignmentName);
    const other = await run({ kubeletIdentityObjectId: "another" });
    expect(other.find(ROLE).inputs.roleAssignmentName).not.toBe(pull.roleAssignmentName);
  });

  it("gives a pusher AcrPush with the type it says", async () => {
    const { find } = await run({ pushPrincipal: { objectId: "group", principalType: "Group" } });
    expect(find(ROLE, "registry-push").inputs).toMatchObject({
      principalId: "group",
      principalType: "Group",
      roleDefinitionId: expect.stringMatching(/8311e382-0749-4cb8-b61a-304f252e45ec$/),
    });
  });

  it("ties a push token to the named repositories", async () => {
    const { find, result } = await run({ pushTokenRepositories: ["mcp/echo"] });
    expect(find("azure-native:containerregistry:ScopeMap").inputs.actions).toEqual([
      "repositories/mcp/echo/content/read",
      "repositories/mcp/echo/content/write",
      "repositories/mcp/echo/metadata/read",
    ]);
    expect(find("azure-native:containerregistry:Token").inputs).toMatchObject({
      scopeMapId: "registry-push-scope-id",
      status: "enabled",
    });
    expect(find("azure-native:containerregistry:Token").ignoreChanges).toEqual(["credentials"]);
    expect(await resolved(result.pushTokenName as NonNullable<typeof result.pushTokenName>)).toBe(
      "registry-push",
    );
  });

  it("hands out id, name and login server", async () => {
    const { result } = await run({ registryName: "given123" });
    expect(await resolved(result.id)).toBe("registry-id");
    expect(await resolved(result.name)).toBe("given123");
    expect(await resolved(result.loginServer)).toBe("given123.azurecr.io");
  });

  it("keeps untagged manifests for some days on Premium", async () => {
    const { find } = await run({ sku: "Premium", untaggedRetentionDays: 7 });
    expect(find(REGISTRY).inputs.policies).toEqual({ retentionPolicy: { days: 7, status: "enabled" } });
  });

  it.each([
    [{ untaggedRetentionDays: 7 }, /^untaggedRetentionDays: needs the Premium SKU, the registry's is Basic/],
    [{ sku: "Premium" as const, untaggedRetentionDays: 366 }, /366 is not allowed; .* from 0 to 365/],
    [{ registryName: "No-Dashes" }, /^registryName: "No-Dashes" is not allowed; it must be 5 to 50/],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
