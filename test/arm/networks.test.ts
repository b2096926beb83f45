import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  clusterBody,
  inGroup,
  makeCluster,
  makeGroup,
  putInGroup,
  putPool,
  type Rig,
  startRig,
  versions,
} from "./support.ts";

const version = "api-version=2024-05-01";
const networks = "Microsoft.Network/virtualNetworks";
const endpoints = "Microsoft.Network/privateEndpoints";
const zones = "Microsoft.Network/privateDnsZones";
const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  onTestFinished(() => rig.close());
  await makeGroup(rig);
});

const put = (type: string, body: unknown, asked = version) => putInGroup(rig, type, asked, body);
const get = (type: string, asked = version) => rig.raw("GET", inGroup(rig, `${type}?${asked}`));
const remove = async (type: string, asked = version) => {
  const answer = await rig.raw("DELETE", inGroup(rig, `${type}?${asked}`));
  return answer.headers["azure-asyncoperation"] ? rig.finish(answer) : answer.body;
};
const network = (name = "net", prefixes = ["10.224.0.0/12"]) =>
  put(`${networks}/${name}`, {
    location: "eastus",
    properties: { addressSpace: { addressPrefixes: prefixes } },
  });
const subnet = (name: string, addressPrefix: string, of = "net") =>
  put(`${networks}/${of}/subnets/${name}`, { properties: { addressPrefix } });
const subnetId = (name: string, of = "net") => inGroup(rig, `${networks}/${of}/subnets/${name}`);

describe("virtual networks", () => {
  test("show their subnets, and keep them when a write doesn't name them", async () => {
    expect((await network()).status).toBe(201);
    expect((await subnet("nodes", "10.224.0.0/16")).status).toBe(201);
    await network();
    expect((await get(`${networks}/net`)).body.properties.subnets).toMatchObject([
      { name: "nodes", properties: { addressPrefix: "10.224.0.0/16", provisioningState: "Succeeded" } },
    ]);
  });

  test.each([
    { name: "outside", range: "10.0.0.0/16", code: "NetcfgSubnetRangeOutsideVnet" },
    { name: "overlapping", range: "10.224.128.0/17", code: "NetcfgSubnetRangesOverlap" },
    { name: "no range", range: "nodes", code: "InvalidAddressPrefixFormat" },
  ])("a subnet that is $name is refused: $code", async ({ range, code }) => {
    await network();
    await subnet("nodes", "10.224.0.0/16");
    expect((await subnet("other", range)).body.error.code).toBe(code);
  });

  test("two subnets can't be written at once, which Azure says with 429", async () => {
    await network();
    const write = (name: string, third: number) =>
      rig.raw("PUT", inGroup(rig, `${networks}/net/subnets/${name}?${version}`), {
        body: { properties: { addressPrefix: `10.224.${third}.0/24` } },
      });
    const [first, second] = [await write("one", 1), await write("two", 2)];
    expect(second).toMatchObject({ status: 429, body: { error: { code: "AnotherOperationInProgress" } } });
    await rig.finish(first);
    expect((await write("two", 2)).status).toBe(201);
  });
});

describe("a cluster's subnets", () => {
  const withSubnet = (name: string | undefined, properties: object = {}, identity: object = {}) => ({
    ...clusterBody("eastus", {
      agentPoolProfiles: [
        {
          ...{ name: "system", mode: "System", count: 2, vmSize: "Standard_D4s_v5" },
          ...(name ? { vnetSubnetID: subnetId(name) } : {}),
        },
      ],
      ...properties,
    }),
    ...identity,
  });
  beforeEach(async () => {
    await network();
    await subnet("nodes", "10.224.0.0/16");
  });

  test("hold as long as nodes are in them", async () => {
    await makeCluster(rig, "demo", withSubnet("nodes"));
    expect(await remove(`${networks}/net/subnets/nodes`)).toMatchObject({
      error: { code: "InUseSubnetCannotBeDeleted" },
    });
    expect(await remove(`${networks}/net`)).toMatchObject({ error: { code: "InUseSubnetCannotBeDeleted" } });
    await remove("Microsoft.ContainerService/managedClusters/demo", versions.aks);
    await remove(`${networks}/net`);
    expect((await get(`${networks}/net/subnets/nodes`)).status).toBe(404);
  });

  test.each([
    { name: "a subnet that isn't", subnet: "missing", code: "SubnetNotFound" },
    {
      name: "Services in the nodes' range",
      subnet: "nodes",
      properties: { networkProfile: { serviceCidr: "10.224.4.0/24", dnsServiceIP: "10.224.4.10" } },
      code: "ServiceCidrOverlapExistingSubnetsCidr",
    },
  ])("$name: $code", async ({ subnet: name, properties, code }) => {
    await expect(makeCluster(rig, "demo", withSubnet(name, properties))).rejects.toThrow(code);
  });

  test("every pool has one, and of the same network", async () => {
    await network("other", ["10.0.0.0/16"]);
    await subnet("nodes", "10.0.8.0/24", "other");
    await makeCluster(rig, "demo", withSubnet("nodes", { networkProfile: { serviceCidr: "10.1.0.0/16" } }));
    const pool = { count: 1, vmSize: "Standard_D4s_v5", mode: "User" };
    expect((await putPool(rig, "user", pool)).body.message).toMatch(/All or none/);
    const elsewhere = { ...pool, vnetSubnetID: subnetId("nodes", "other") };
    expect((await putPool(rig, "user", elsewhere)).body.message).toMatch(/one virtual network/);
    expect((await putPool(rig, "user", { ...pool, vnetSubnetID: subnetId("nodes") })).status).toBe(201);
  });

  test("an identity that the cluster is given must be allowed to join them first", async () => {
    const identities = "Microsoft.ManagedIdentity/userAssignedIdentities/one";
    const { properties } = (await put(identities, { location: "eastus" }, versions.identity)).body;
    const body = withSubnet(
      "nodes",
      {},
      {
        identity: { type: "UserAssigned", userAssignedIdentities: { [inGroup(rig, identities)]: {} } },
      },
    );
    await expect(makeCluster(rig, "demo", body)).rejects.toThrow("LinkedAuthorizationFailed");
    const role = "Microsoft.Authorization/roleAssignments/55555555-5555-4555-8555-555555555555";
    const scope = `${networks}/net/subnets/nodes/providers/${role}?${versions.role}`;
    const granted = await rig.raw("PUT", inGroup(rig, scope), {
      body: {
        properties: {
          principalId: properties.principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
        },
      },
    });
    expect(granted.status).toBe(201);
    await makeCluster(rig, "demo", body);
  });
});

describe("private endpoints", () => {
  const registry = "Microsoft.ContainerRegistry/registries/demoreg";
  const makeRegistry = (name: string, properties: object = {}) =>
    put(registry, { location: "eastus", sku: { name }, properties }, versions.registry);
  const connect = (group = "registry", of = registry) =>
    put(`${endpoints}/registry`, {
      location: "eastus",
      properties: {
        subnet: { id: subnetId("endpoints") },
        privateLinkServiceConnections: [
          { name: "registry", properties: { privateLinkServiceId: inGroup(rig, of), groupIds: [group] } },
        ],
      },
    });
  const zone = "privatelink.azurecr.io";
  const zoneVersion = "api-version=2024-06-01";
  beforeEach(async () => {
    await network();
    await subnet("endpoints", "10.225.0.0/24");
  });

  test("give a registry addresses in the network, and names in a private zone that go with them", async () => {
    await makeRegistry("Premium", { publicNetworkAccess: "Disabled" });
    await connect();
    expect((await get(registry, versions.registry)).body.properties.privateEndpointConnections).toMatchObject(
      [{ properties: { privateLinkServiceConnectionState: { status: "Approved" } } }],
    );
    await put(`${zones}/${zone}`, { location: "global" }, zoneVersion);
    const link = `${zones}/${zone}/virtualNetworkLinks/net`;
    const linked = {
      location: "global",
      properties: { virtualNetwork: { id: inGroup(rig, `${networks}/net`) } },
    };
    expect((await put(link, linked, zoneVersion)).status).toBe(201);
    await put(`${endpoints}/registry/privateDnsZoneGroups/default`, {
      properties: {
        privateDnsZoneConfigs: [
          { name: "registry", properties: { privateDnsZoneId: inGroup(rig, `${zones}/${zone}`) } },
        ],
      },
    });
    const record = await get(`${zones}/${zone}/A/demoreg`, zoneVersion);
    expect(record.body.properties.aRecords).toEqual([{ ipv4Address: "10.225.0.4" }]);
    expect((await get(`${zones}/${zone}/A/demoreg.eastus.data`, zoneVersion)).status).toBe(200);
    expect(await remove(`${zones}/${zone}`, zoneVersion)).toMatchObject({
      error: { code: "CannotDeleteResource" },
    });
    await remove(link, zoneVersion);
    await remove(`${endpoints}/registry`);
    expect((await get(`${zones}/${zone}/A/demoreg`, zoneVersion)).status).toBe(404);
    await remove(`${zones}/${zone}`, zoneVersion);
    await remove(registry, versions.registry);
    await remove(`${networks}/net`);
    expect((await rig.raw("GET", "/_rehearsal/inventory")).body.resources).toHaveLength(1);
  });

  test.each([
    { name: "no Premium registry", sku: "Standard", code: "PrivateEndpointNotSupported" },
    { name: "another group", sku: "Premium", group: "blob", code: "PrivateLinkServiceIdInvalidGroupId" },
    { name: "nothing that is", sku: "Premium", of: `${registry}s`, code: "PrivateLinkServiceNotFound" },
  ])("for $name: $code", async ({ sku, group, of, code }) => {
    await makeRegistry(sku);
    expect((await connect(group, of)).body.error.code).toBe(code);
  });

  test("stay on their resource and in their subnet", async () => {
    await makeRegistry("Premium");
    await connect();
    await put(
      "Microsoft.ContainerRegistry/registries/otherreg",
      { location: "eastus", sku: { name: "Premium" } },
      versions.registry,
    );
    const other = await connect("registry", "Microsoft.ContainerRegistry/registries/otherreg");
    expect(other.body.error.code).toBe("CannotChangePrivateLinkConnectionOnPrivateEndpoint");
    expect(await remove(`${networks}/net/subnets/endpoints`)).toMatchObject({
      error: { code: "InUseSubnetCannotBeDeleted" },
    });
  });

  test.each([
    { publicNetworkAccess: "Disabled" },
    { networkRuleSet: { defaultAction: "Deny" } },
    { policies: { retentionPolicy: { days: 7, status: "enabled" } } },
  ])("a registry that isn't Premium can't have %o", async (properties) => {
    expect((await makeRegistry("Standard", properties)).body.error.code).toBe("SkuNotSupported");
    expect((await makeRegistry("Premium", properties)).status).toBe(201);
  });
});

describe("what AKS can't change later", () => {
  test.each([
    { name: "zones of the first pool", change: { availabilityZones: ["1", "2"] } },
    { name: "its disk", change: { osDiskType: "Ephemeral" } },
    { name: "its size", change: { vmSize: "Standard_D8s_v5" } },
  ])("$name: PropertyChangeNotAllowed", async ({ change }) => {
    await makeCluster(rig);
    const pool = { name: "system", mode: "System", count: 2, vmSize: "Standard_D4s_v5", ...change };
    await expect(
      makeCluster(rig, "demo", clusterBody("eastus", { agentPoolProfiles: [pool] })),
    ).rejects.toThrow("PropertyChangeNotAllowed");
  });

  test("zones that a pool is given later; none are none", async () => {
    await makeCluster(rig);
    const pool = { count: 1, vmSize: "Standard_D4s_v5", mode: "User" };
    await rig.finish(await putPool(rig, "user", pool));
    expect((await putPool(rig, "user", { ...pool, availabilityZones: ["1"] })).body.code).toBe(
      "PropertyChangeNotAllowed",
    );
    expect((await putPool(rig, "user", { ...pool, availabilityZones: [] })).status).toBe(200);
  });

  test("whether it is private, unless its API server is in its own network", async () => {
    const access = (profile: object) => clusterBody("eastus", { apiServerAccessProfile: profile });
    await makeCluster(rig, "demo", access({ authorizedIPRanges: ["203.0.113.0/24"] }));
    await expect(makeCluster(rig, "demo", access({ enablePrivateCluster: true }))).rejects.toThrow(
      "PropertyChangeNotAllowed",
    );
    await makeCluster(rig, "demo", access({ authorizedIPRanges: ["198.51.100.0/24"] }));
    await makeCluster(rig, "own", access({ enableVnetIntegration: true }));
    await makeCluster(rig, "own", access({ enableVnetIntegration: true, enablePrivateCluster: true }));
  });
});
