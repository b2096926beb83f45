import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentPoolState } from "../../rehearsal/arm/agentPools.ts";
import {
  clusterBody,
  inGroup,
  makeCluster,
  makeGroup,
  putPool,
  type Rig,
  startRig,
  versions,
} from "./support.ts";

let rig: Rig;
let told: AgentPoolState[][];
/** Keeps operations from ending. */
let hold: PromiseWithResolvers<void> | undefined;
beforeEach(async () => {
  told = [];
  hold = undefined;
  rig = await startRig({
    onAgentPools: async (pools) => {
      told.push(pools);
      await hold?.promise;
    },
  });
  await makeGroup(rig);
});
afterEach(() => rig.close());

const clusterPath = () => inGroup(rig, `Microsoft.ContainerService/managedClusters/demo?${versions.aks}`);
const poolPath = (name: string) =>
  inGroup(rig, `Microsoft.ContainerService/managedClusters/demo/agentPools/${name}?${versions.aks}`);

const wrongPools: { name: string; properties: Record<string, unknown>; code: string }[] = [
  { name: "a size that isn't", properties: { vmSize: "Standard_D5000" }, code: "BadRequest" },
  { name: "a size of other regions", properties: { vmSize: "Standard_ND96isr_H200_v5" }, code: "BadRequest" },
  { name: "a restricted size", properties: { vmSize: "Standard_NV24s_v3" }, code: "BadRequest" },
  { name: "a taint without effect", properties: { nodeTaints: ["sku=gpu"] }, code: "InvalidParameter" },
  { name: "an unknown mode", properties: { mode: "Batch" }, code: "InvalidParameter" },
  { name: "too many nodes", properties: { count: 1001 }, code: "InvalidParameter" },
  { name: "no nodes, for the system", properties: { mode: "System", count: 0 }, code: "InvalidParameter" },
  {
    name: "limits that let the system go to 0",
    properties: { mode: "System", enableAutoScaling: true, minCount: 0, maxCount: 2 },
    code: "InvalidParameter",
  },
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

  test("the autoscaler's limits move a count that is outside of them, and nothing else does", async () => {
    const scaled = { vmSize: "Standard_D2s_v5", enableAutoScaling: true };
    const counts = [];
    for (const asked of [
      { minCount: 0, maxCount: 1, count: 0 },
      { minCount: 0, maxCount: 1, count: 1 },
      { minCount: 1, maxCount: 3, count: 0 },
      { minCount: 2, maxCount: 3 },
    ]) {
      await rig.finish(await putPool(rig, "work", { ...scaled, ...asked }));
      counts.push((await rig.raw("GET", poolPath("work"))).body.properties.count);
    }
    expect(counts).toEqual([0, 0, 1, 2]);
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
    hold = Promise.withResolvers<void>();
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
    hold.resolve();
    expect(await rig.finish(first)).toMatchObject({ status: "Succeeded" });
    expect(await rig.finish(other)).toMatchObject({ status: "Succeeded" });
  });
});
