import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { types } from "../../rehearsal/arm/types/index.ts";
import {
  clusterBody,
  inGroup,
  inventory,
  makeCluster,
  makeGroup,
  putInGroup,
  type Rig,
  startRig,
  sub,
  versions,
} from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  await makeGroup(rig);
});
afterEach(() => rig.close());

const registries = "Microsoft.ContainerRegistry/registries";
const identities = "Microsoft.ManagedIdentity/userAssignedIdentities";
const acrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const principal = "44444444-4444-4444-8444-444444444444";

const put = (type: string, version: string, body: unknown) => putInGroup(rig, type, version, body);
const registry = (name: string, body: object = {}) =>
  put(`${registries}/${name}`, versions.registry, { location: "eastus", sku: { name: "Standard" }, ...body });
const post = (type: string, version: string, body: unknown = {}) =>
  rig.raw("POST", inGroup(rig, `${type}?${version}`), { body });

describe("role assignments", () => {
  const assign = (name: string, properties: object, scope = "") =>
    rig.raw("PUT", inGroup(rig, `${scope}Microsoft.Authorization/roleAssignments/${name}?${versions.role}`), {
      body: {
        properties: {
          principalId: principal,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
          ...properties,
        },
      },
    });
  const first = "55555555-5555-4555-8555-555555555555";
  const second = "66666666-6666-4666-8666-666666666666";

  test.each([
    {
      name: "a role that isn't",
      properties: { roleDefinitionId: first },
      code: "RoleDefinitionDoesNotExist",
    },
    { name: "no principal", properties: { principalId: undefined }, code: "InvalidParameter" },
    { name: "an unknown kind", properties: { principalType: "Robot" }, code: "InvalidParameter" },
    { name: "a stranger of no kind", properties: { principalType: undefined }, code: "PrincipalNotFound" },
  ])("$name: $code", async ({ properties, code }) => {
    expect((await assign(first, properties)).body.error.code).toBe(code);
  });

  test("the scope must exist, and takes its assignments with it", async () => {
    const scope = `${registries}/demoreg1/providers/`;
    expect((await assign(first, {}, scope)).body.error.code).toBe("ResourceNotFound");
    await registry("demoreg1");
    expect((await assign(first, {}, scope)).status).toBe(201);
    await rig.finish(await rig.raw("DELETE", inGroup(rig, `${registries}/demoreg1?${versions.registry}`)));
    expect(await inventory(rig)).toHaveLength(1);
  });

  test("the same again is fine, under another name 409, for another principal 400", async () => {
    expect((await assign(first, {})).status).toBe(201);
    expect((await assign(first, {})).status).toBe(200);
    expect((await assign(second, {})).body.error).toMatchObject({
      code: "RoleAssignmentExists",
      message: expect.stringContaining(first.replaceAll("-", "")),
    });
    expect((await assign(first, { principalId: second })).body.error.code).toBe(
      "RoleAssignmentUpdateNotPermitted",
    );
  });

  test("an identity of this subscription is known without its kind", async () => {
    const identity = await put(`${identities}/one`, versions.identity, { location: "eastus" });
    const { principalId } = identity.body.properties;
    expect((await assign(first, { principalId, principalType: undefined })).status).toBe(201);
  });
});

describe("identities", () => {
  test("have ids that stay, and credentials that name an issuer", async () => {
    const make = () => put(`${identities}/one`, versions.identity, { location: "eastus" });
    const [one, again] = [await make(), await make()];
    expect(one.body.properties).toEqual(again.body.properties);
    const federate = (properties: object) =>
      put(`${identities}/one/federatedIdentityCredentials/pods`, versions.identity, { properties });
    const good = {
      issuer: "https://example.com/",
      subject: "system:serviceaccount:a:b",
      audiences: ["api://x"],
    };
    expect((await federate({ ...good, issuer: "http://example.com" })).status).toBe(400);
    expect((await federate({ ...good, subject: undefined })).status).toBe(400);
    expect((await federate(good)).status).toBe(201);
  });

  test("a cluster can use one that exists, and no other", async () => {
    const id = inGroup(rig, `${identities}/one`);
    const body = {
      ...clusterBody(),
      identity: { type: "UserAssigned", userAssignedIdentities: { [id]: {} } },
    };
    await expect(makeCluster(rig, "demo", body)).rejects.toThrow(/was not found/);
    const { properties } = (await put(`${identities}/one`, versions.identity, { location: "eastus" })).body;
    await makeCluster(rig, "demo", body);
    const cluster = await rig.raw(
      "GET",
      inGroup(rig, `Microsoft.ContainerService/managedClusters/demo?${versions.aks}`),
    );
    expect(cluster.body.identity.userAssignedIdentities[id]).toEqual({
      principalId: properties.principalId,
      clientId: properties.clientId,
    });
  });
});

describe("the rest of the table", () => {
  test("workspaces keep to Log Analytics' limits", async () => {
    const workspaces = "Microsoft.OperationalInsights/workspaces";
    const make = (properties: object) =>
      put(`${workspaces}/demo-logs`, "api-version=2023-09-01", { location: "eastus", properties });
    expect((await make({ retentionInDays: 1000 })).status).toBe(400);
    expect((await make({ retentionInDays: 60 })).status).toBe(201);
    const keys = await post(`${workspaces}/demo-logs/sharedKeys`, "api-version=2023-09-01");
    expect(keys.body.primarySharedKey).toEqual(expect.any(String));
  });

  test("maintenance windows have their three names and real hours", async () => {
    await makeCluster(rig);
    const at = "Microsoft.ContainerService/managedClusters/demo/maintenanceConfigurations";
    const window = (durationHours: number) => ({
      properties: {
        maintenanceWindow: {
          durationHours,
          startTime: "02:00",
          schedule: { weekly: { intervalWeeks: 1, dayOfWeek: "Sunday" } },
        },
      },
    });
    expect((await put(`${at}/sundays`, versions.aks, window(4))).status).toBe(400);
    expect((await put(`${at}/aksManagedAutoUpgradeSchedule`, versions.aks, window(2))).body.target).toBe(
      "properties.maintenanceWindow.durationHours",
    );
    expect((await put(`${at}/aksManagedAutoUpgradeSchedule`, versions.aks, window(4))).status).toBe(201);
  });

  test("every row's parent has a row, and every provider names its types", async () => {
    for (const { type } of types.values()) {
      const parent = type.split("/").slice(0, -1).join("/");
      expect(parent.includes("/") ? types.has(parent.toLowerCase()) : true).toBe(true);
      const namespace = type.split("/")[0];
      const { body } = await rig.raw("GET", sub(rig, `/providers/${namespace}?api-version=2022-09-01`));
      expect(
        body.resourceTypes.map((each: { resourceType: string }) => `${namespace}/${each.resourceType}`),
      ).toContain(type);
    }
  });
});
