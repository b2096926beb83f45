import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentPoolState } from "../../rehearsal/arm/agentPools.ts";
import {
  clusterBody,
  inGroup,
  inventory,
  makeCluster,
  makeGroup,
  putPool,
  type Rig,
  startRig,
  sub,
  versions,
} from "./support.ts";

let rig: Rig;
let told: AgentPoolState[][];
beforeEach(async () => {
  told = [];
  rig = await startRig({
    onAgentPools: async (pools) => {
      told.push(pools);
    },
  });
  await makeGroup(rig);
});
afterEach(() => rig.close());

const clusterPath = () => inGroup(rig, `Microsoft.ContainerService/managedClusters/demo?${versions.aks}`);

describe("a cluster", () => {
  test("brings its node group, kubelet identity and system pool, and takes them with it", async () => {
    await makeCluster(rig);
    const types = (await inventory(rig)).map((resource) => resource.type).sort();
    expect(types).toEqual([
      "Microsoft.ContainerService/managedClusters",
      "Microsoft.ContainerService/managedClusters/agentPools",
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      "Microsoft.Resources/resourceGroups",
      "Microsoft.Resources/resourceGroups",
    ]);
    await rig.finish(await rig.raw("DELETE", clusterPath()));
    expect((await inventory(rig)).map((resource) => resource.id)).toEqual([sub(rig, "/resourceGroups/rg")]);
    expect(told.at(-1)).toEqual([]);
  });

  test("shows the outputs that a program builds on, the same after an update", async () => {
    await makeCluster(rig);
    const before = (await rig.raw("GET", clusterPath())).body;
    expect(before).toMatchObject({
      eTag: expect.any(String),
      identity: { type: "SystemAssigned", principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      properties: {
        provisioningState: "Succeeded",
        powerState: { code: "Running" },
        currentKubernetesVersion: expect.stringMatching(/^1\.\d+\.\d+$/),
        fqdn: expect.stringMatching(/^demo-[0-9a-f]{8}\.hcp\.eastus\.azmk8s\.io$/),
        nodeResourceGroup: "MC_rg_demo_eastus",
        agentPoolProfiles: [{ name: "system", count: 2, provisioningState: "Succeeded" }],
        identityProfile: {
          kubeletidentity: { clientId: expect.any(String), objectId: expect.any(String) },
        },
      },
    });
    await makeCluster(rig);
    const after = (await rig.raw("GET", clusterPath())).body;
    expect({ ...after, eTag: "" }).toEqual({ ...before, eTag: "" });
  });

  test("keeps the pools of others when it is put again with its own", async () => {
    await makeCluster(rig);
    await rig.finish(await putPool(rig, "work", { vmSize: "Standard_D2s_v5", count: 1 }));
    await makeCluster(rig);
    const { body } = await rig.raw("GET", clusterPath());
    expect(body.properties.agentPoolProfiles.map((pool: { name: string }) => pool.name)).toEqual([
      "system",
      "work",
    ]);
  });
});

interface Change {
  name: string;
  at: string;
  value: unknown;
  code: string;
  target?: string;
}

const wrongClusters: Change[] = [
  { name: "no DNS prefix", at: "dnsPrefix", value: undefined, code: "InvalidParameter" },
  { name: "text for a flag", at: "enableRBAC", value: "yes", code: "InvalidParameter" },
  { name: "no pool at all", at: "agentPoolProfiles", value: [], code: "InvalidParameter" },
  {
    name: "a pool name with a dash",
    at: "agentPoolProfiles",
    value: [{ name: "a-b", mode: "System", vmSize: "Standard_D4s_v5" }],
    code: "InvalidParameter",
    target: "properties.agentPoolProfiles[0].name",
  },
  {
    name: "a service range that is no range",
    at: "networkProfile",
    value: { serviceCidr: "10.0.0.0/99" },
    code: "InvalidParameter",
    target: "properties.networkProfile.serviceCidr",
  },
  {
    name: "more DNS zones than AKS takes",
    at: "ingressProfile",
    value: { webAppRouting: { enabled: true, dnsZoneResourceIds: ["1", "2", "3", "4", "5", "6"] } },
    code: "InvalidParameter",
    target: "properties.ingressProfile.webAppRouting.dnsZoneResourceIds",
  },
  { name: "an old version", at: "kubernetesVersion", value: "1.20", code: "K8sVersionNotSupported" },
];

describe("a cluster's body", () => {
  test.each(wrongClusters)("$name: $code", async ({ at, value, code, target }) => {
    const answer = await rig.raw("PUT", clusterPath(), { body: clusterBody("eastus", { [at]: value }) });
    expect(answer).toMatchObject({ status: 400, body: { code } });
    if (target) {
      expect(answer.body.target).toBe(target);
    }
    expect(await inventory(rig)).toHaveLength(1);
  });

  test("a property newer than the checks passes", async () => {
    const result = await makeCluster(rig, "demo", clusterBody("eastus", { newerThanThis: { on: true } }));
    expect(result["status"]).toBe("Succeeded");
  });

  test.each([
    { property: "dnsPrefix", value: "other" },
    { property: "nodeResourceGroup", value: "other" },
    { property: "networkProfile", value: { networkPlugin: "kubenet" } },
    {
      property: "agentPoolProfiles",
      value: [{ name: "system", mode: "System", vmSize: "Standard_D8s_v5" }],
    },
  ])("$property can't change", async ({ property, value }) => {
    await makeCluster(rig);
    const answer = await rig.raw("PUT", clusterPath(), {
      body: clusterBody("eastus", { [property]: value }),
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "PropertyChangeNotAllowed" } });
  });

  test("one property may be left out of an update and stays", async () => {
    await makeCluster(rig, "demo", clusterBody("eastus", { networkProfile: { networkPlugin: "none" } }));
    await makeCluster(rig);
    const { body } = await rig.raw("GET", clusterPath());
    expect(body.properties.networkProfile.networkPlugin).toBe("none");
  });
});
