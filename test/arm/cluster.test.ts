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
const poolPath = (name: string) =>
  inGroup(rig, `Microsoft.ContainerService/managedClusters/demo/agentPools/${name}?${versions.aks}`);

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

const wrongPools: { name: string; properties: Record<string, unknown>; code: string }[] = [
  { name: "a size that isn't", properties: { vmSize: "Standard_D5000" }, code: "BadRequest" },
  { name: "a size of other regions", properties: { vmSize: "Standard_ND96isr_H200_v5" }, code: "BadRequest" },
  { name: "a restricted size", properties: { vmSize: "Standard_NV24s_v3" }, code: "BadRequest" },
  { name: "a taint without effect", properties: { nodeTaints: ["sku=gpu"] }, code: "InvalidParameter" },
  { name: "an unknown mode", properties: { mode: "Batch" }, code: "InvalidParameter" },
  { name: "too many nodes", properties: { count: 1001 }, code: "InvalidParameter" },
  { name: "autoscaling without limits", properties: { enableAutoScaling: true }, code: "InvalidParameter" },
  {
    name: "a zone that the size lacks",
    properties: { vmSize: "Standard_NC4as_T4_v3", availabilityZones: ["1"] },
    code: "AvailabilityZoneNotSupported",
  },
  {
    name: "a system pool of small nodes",
    properties: { mode: "System", vmSize: "Standard_B1ms" },
    code: "SystemPoolSkuTooLow",
  },
];

describe("a pool", () => {
  beforeEach(() => makeCluster(rig));

  test.each(wrongPools)("with $name: $code", async ({ properties, code }) => {
    const answer = await putPool(rig, "work", { vmSize: "Standard_D2s_v5", count: 1, ...properties });
    expect(answer).toMatchObject({ status: 400, body: { code } });
  });

  test("is told of when it is there, is scaled and is gone, before its operation ends", async () => {
    const state = () => told.at(-1)?.find((pool) => pool.name === "gpu");
    const gpu = {
      vmSize: "standard_nv36ads_a10_v5",
      nodeLabels: { a: "b" },
      nodeTaints: ["sku=gpu:NoSchedule"],
    };
    await rig.finish(await putPool(rig, "gpu", { ...gpu, count: 1 }));
    expect(state()).toEqual({
      clusterId: inGroup(rig, "Microsoft.ContainerService/managedClusters/demo"),
      clusterName: "demo",
      location: "eastus",
      nodeResourceGroup: "MC_rg_demo_eastus",
      name: "gpu",
      vmSize: "Standard_NV36ads_A10_v5",
      count: 1,
      mode: "User",
      labels: { a: "b" },
      taints: ["sku=gpu:NoSchedule"],
      zones: [],
      spot: false,
      osSku: "Ubuntu",
      arch: "amd64",
      vCPUs: 36,
      memoryGiB: 440,
      gpus: 1,
      gpuModel: "NVIDIA A10",
      gpuMemoryGiB: 24,
    });
    const calls = told.length;
    await rig.finish(await putPool(rig, "gpu", { ...gpu, count: 1 }));
    expect(told).toHaveLength(calls);
    await rig.finish(await putPool(rig, "gpu", { ...gpu, count: 0 }));
    expect(state()?.count).toBe(0);
    await rig.finish(await rig.raw("DELETE", poolPath("gpu")));
    expect(told.at(-1)?.map((pool) => pool.name)).toEqual(["system"]);
  });

  test("its nodes have the architecture of their size", async () => {
    await rig.finish(await putPool(rig, "arm", { vmSize: "Standard_D2ps_v5", count: 1 }));
    expect(told.at(-1)?.map(({ name, arch }) => `${name} ${arch}`)).toEqual(["system amd64", "arm arm64"]);
  });

  test("its size can't change, and the error is AKS's", async () => {
    await rig.finish(await putPool(rig, "work", { vmSize: "Standard_D2s_v5", count: 1 }));
    const answer = await putPool(rig, "work", { vmSize: "Standard_D4s_v5", count: 1 });
    expect(answer.body).toEqual({
      code: "PropertyChangeNotAllowed",
      details: null,
      message: "Changing property 'properties.vmSize' is not allowed.",
      target: "properties.vmSize",
    });
  });

  test("the autoscaler's count is not a request's to set", async () => {
    const scaled = { vmSize: "Standard_D2s_v5", enableAutoScaling: true, minCount: 1, maxCount: 3 };
    await rig.finish(await putPool(rig, "work", { ...scaled, count: 2 }));
    await rig.finish(await putPool(rig, "work", { ...scaled, count: 3 }));
    expect((await rig.raw("GET", poolPath("work"))).body.properties.count).toBe(2);
  });

  test("spot nodes get the taint that AKS puts on them", async () => {
    await rig.finish(await putPool(rig, "work", { vmSize: "Standard_D2s_v5", scaleSetPriority: "Spot" }));
    expect((await rig.raw("GET", poolPath("work"))).body.properties).toMatchObject({
      nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      scaleSetEvictionPolicy: "Delete",
    });
  });

  test("the last system pool can't be deleted", async () => {
    expect((await rig.raw("DELETE", poolPath("system"))).body.code).toBe("OperationNotAllowed");
  });

  test("makes whoever changes cluster or pool meanwhile wait", async () => {
    const first = await putPool(rig, "work", { vmSize: "Standard_D2s_v5", count: 1 });
    const same = await putPool(rig, "work", { vmSize: "Standard_D2s_v5", count: 2 });
    const cluster = await rig.raw("PUT", clusterPath(), { body: clusterBody() });
    const other = await putPool(rig, "more", { vmSize: "Standard_D2s_v5", count: 1 });
    expect([same.status, cluster.status, other.status]).toEqual([409, 409, 201]);
    expect(same.body.message).toContain("Another agentpool operation (Creating) is in progress");
    expect(cluster.body).toMatchObject({
      code: "OperationNotAllowed",
      message:
        "Operation is not allowed: Another operation Creating is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details",
    });
    expect(await rig.finish(first)).toMatchObject({ status: "Succeeded" });
    expect(await rig.finish(other)).toMatchObject({ status: "Succeeded" });
  });
});
