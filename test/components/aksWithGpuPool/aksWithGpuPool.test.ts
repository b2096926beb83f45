import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { AksWithGpuPool, type AksWithGpuPoolArgs } from "../../../components/aksWithGpuPool.ts";
import {
  azure,
  DEPLOYER_OBJECT_ID,
  KUBECONFIG,
  KUBELET_OBJECT_ID,
  SUBSCRIPTION,
} from "../../support/azure.ts";
import { needs, resolved, runWithMocks, UNKNOWN } from "../../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const WINDOW = "azure-native:containerservice:MaintenanceConfiguration";
const SELECTION = "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection";
const ROLE = "azure-native:authorization:RoleAssignment";
const PROVIDER = "pulumi:providers:kubernetes";

const run = (args: Partial<AksWithGpuPoolArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new AksWithGpuPool("aks", {
        resourceGroupName: "rg",
        location: "eastus",
        clusterName: "aks-dev",
        userPool: {},
        gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"], maxCount: 1 },
        ...args,
      }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])("AksWithGpuPool, preview: $preview", ({ preview }) => {
  it("asks once for the sizes of all pools, so that their quota is summed", async () => {
    const { find } = await run(
      { reselect: "1", strictSkuSelection: true, otherLocations: ["westus3"] },
      { preview },
    );
    const { inputs } = find(SELECTION);
    expect(inputs).toMatchObject({
      subscriptionId: SUBSCRIPTION,
      location: "eastus",
      otherLocations: ["westus3"],
      reselect: "1",
      strict: true,
      clusterId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-dev`,
    });
    expect(Object.keys(inputs.pools).sort()).toEqual(["gpu", "system", "user"]);
    expect(inputs.pools.gpu).toMatchObject({ gpus: 1, maxCount: 1, maxSurge: 0 });
  });

  it("gives each pool its chosen size, in the preview already", async () => {
    const { find } = await run({}, { preview });
    expect(find(CLUSTER).inputs.agentPoolProfiles).toHaveLength(1);
    expect(find(CLUSTER).inputs.agentPoolProfiles[0].vmSize).toBe("Standard_D2as_v5");
    expect(find(POOL, "aks-user").inputs.vmSize).toBe("Standard_D2as_v5");
    expect(find(POOL, "aks-gpu").inputs).toMatchObject({
      agentPoolName: "gpu",
      vmSize: "Standard_NC24ads_A100_v4",
      nodeTaints: ["sku=gpu:NoSchedule"],
    });
  });

  it("makes a pool of its own for each further group of models", async () => {
    const moreGpuPools = { h100: { vmSize: "Standard_NC40ads_H100_v5", maxCount: 2 }, a10: { gpus: 2 } };
    const { find, result } = await run({ moreGpuPools }, { preview });
    const { pools, poolOrder } = find(SELECTION).inputs;
    expect(poolOrder).toEqual(["system", "user", "gpu", "h100", "a10"]);
    expect(pools.h100).toMatchObject({ gpus: 1, maxCount: 2, maxSurge: 0 });
    expect(pools.a10).toMatchObject({ gpus: 2 });
    expect(find(POOL, "aks-h100").inputs).toMatchObject({
      agentPoolName: "h100",
      vmSize: "Standard_NC40ads_H100_v5",
      nodeLabels: { "mcpaas.dev/pool": "h100" },
      nodeTaints: ["sku=gpu:NoSchedule"],
    });
    expect(find(POOL, "aks-a10").inputs).toMatchObject({ nodeLabels: { "mcpaas.dev/pool": "a10" } });
    expect(result.poolLabels["h100"]).toEqual({ "mcpaas.dev/pool": "h100" });
    expect(Object.keys(result.poolIds)).toEqual(["user", "gpu", "h100", "a10"]);
    expect(await resolved(result.vmSizes)).toMatchObject({ h100: "Standard_NC40ads_H100_v5" });
  });

  it("gives a spot pool's fallback the pool's own size, and puts the two in order", async () => {
    const gpuPool = {
      vmSize: "Standard_NC24ads_A100_v4",
      spot: true,
      maxCount: 2,
      fallback: { maxCount: 1 },
    };
    const { find, resources, result } = await run({ gpuPool }, { preview });
    const { pools, poolOrder } = find(SELECTION).inputs;
    expect(poolOrder).toEqual(["system", "user", "gpu"]);
    expect(pools.gpu).toMatchObject({ maxCount: 2, fallback: { pool: "gpufb", maxCount: 1 } });
    expect(find(POOL, "aks-gpu").inputs).toMatchObject({
      scaleSetPriority: "Spot",
      minCount: 0,
      maxCount: 2,
    });
    expect(find(POOL, "aks-gpufb").inputs).toMatchObject({
      agentPoolName: "gpufb",
      vmSize: "Standard_NC24ads_A100_v4",
      nodeLabels: { "mcpaas.dev/pool": "gpu", "nvidia.com/cuda.compute.major": "8" },
      minCount: 0,
      maxCount: 1,
    });
    expect(find(CLUSTER).inputs.autoScalerProfile.expander).toBe("priority");
    const order = find("kubernetes:core/v1:ConfigMap");
    expect(order).toMatchObject({
      inputs: {
        metadata: { name: "cluster-autoscaler-priority-expander", namespace: "kube-system" },
        data: { priorities: "20:\n  - ^aks-gpu-\n10:\n  - .*\n" },
      },
      deletedWith: "aks",
    });
    expect(needs(resources, order, find(PROVIDER))).toBe(true);
    expect(result.poolLabels).toMatchObject({ gpu: { "mcpaas.dev/pool": "gpu" } });
    expect(result.poolLabels["gpu"]).not.toHaveProperty("kubernetes.azure.com/scalesetpriority");
    expect(result.poolLabels).not.toHaveProperty("gpufb");
  });

  it("puts no pools in order when none falls back", async () => {
    const { find, resources } = await run({ gpuPool: { spot: true } }, { preview });
    expect(find(CLUSTER).inputs.autoScalerProfile.expander).toBe("least-waste");
    expect(resources.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap")).toEqual([]);
  });

  it.each([
    [true, { enabled: true }, true],
    [false, { enabled: false }, false],
    [undefined, undefined, false],
  ])(
    "aiToolchainOperator %s: the cluster gets %j, and says %s",
    async (aiToolchainOperator, profile, expected) => {
      const { find, result } = await run({ aiToolchainOperator }, { preview });
      expect(find(CLUSTER).inputs.aiToolchainOperatorProfile).toEqual(profile);
      expect(result.aiToolchainOperator).toBe(expected);
    },
  );

  it("labels GPU nodes with the CUDA capability of the chosen size, where KAITO looks, and selects by none of it", async () => {
    const vmSize = "Standard_NV36ads_A10_v5";
    const labels = { "nvidia.com/cuda.compute.minor": "7" };
    const moreGpuPools = { a10: { vmSize }, own: { vmSize, labels } };
    const { find, result } = await run({ moreGpuPools }, { preview });
    const capability = (pool: string) => {
      const { nodeLabels } = find(POOL, `aks-${pool}`).inputs;
      return [nodeLabels["nvidia.com/cuda.compute.major"], nodeLabels["nvidia.com/cuda.compute.minor"]];
    };
    expect(capability("gpu")).toEqual(["8", "0"]);
    expect(capability("a10")).toEqual(["8", "6"]);
    expect(capability("own")).toEqual(["8", "7"]);
    expect(capability("user")).toEqual([undefined, undefined]);
    expect(result.poolLabels["a10"]).toEqual({ "mcpaas.dev/pool": "a10" });
  });

  it("makes only the pools that are asked for", async () => {
    const { resources } = await run({ userPool: undefined, gpuPool: undefined }, { preview });
    expect(resources.filter((r) => r.type === POOL)).toEqual([]);
  });

  it("leaves to AKS what AKS changes, and replaces what it can't change", async () => {
    const { find } = await run({}, { preview });
    expect(find(CLUSTER).ignoreChanges).toEqual(["agentPoolProfiles", "ingressProfile"]);
    expect(find(POOL, "aks-gpu")).toMatchObject({
      ignoreChanges: ["count", "vnetSubnetID"],
      replaceOnChanges: expect.arrayContaining(["vmSize", "scaleSetPriority"]),
      deleteBeforeReplace: true,
      customTimeouts: { create: "60m" },
    });
  });

  it("has every resource below itself", async () => {
    const { resources } = await run({}, { preview });
    for (const resource of resources.slice(1))
      expect([resource.name, resource.parent]).toEqual([resource.name, "aks"]);
  });
});

describe("AksWithGpuPool", () => {
  it("puts the maintenance windows on the cluster", async () => {
    const maintenance = { dayOfWeek: "Monday", startTime: "01:30", durationHours: 6 } as const;
    const { find, resources } = await run({ maintenance });
    const window = { startTime: "01:30", utcOffset: "+00:00", durationHours: 6 };
    const schedules = {
      aksManagedAutoUpgradeSchedule: { weekly: { dayOfWeek: "Monday", intervalWeeks: 1 } },
      aksManagedNodeOSUpgradeSchedule: { daily: { intervalDays: 1 } },
    };
    for (const [configName, schedule] of Object.entries(schedules)) {
      expect(find(WINDOW, `aks-${configName}`).inputs).toEqual({
        resourceGroupName: "rg",
        resourceName: "aks-dev",
        configName,
        maintenanceWindow: { ...window, schedule },
      });
    }
    expect(resources.filter((r) => r.type === WINDOW)).toHaveLength(2);
  });

  it("keeps the kubeconfig secret, on its way to the provider too", async () => {
    const { result, find } = await run();
    expect(await resolved(result.kubeconfig)).toBe(KUBECONFIG);
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
    expect(find(PROVIDER).secretInputs).toContain("kubeconfig");
    expect(find(PROVIDER).inputs).toMatchObject({
      clusterIdentifier: "aks-id",
      enableServerSideApply: "true",
      deleteUnreachable: "false",
    });
  });

  it("doesn't invent in a preview what only AKS can say", async () => {
    const { result } = await run({}, { preview: true });
    for (const output of [result.oidcIssuerUrl, result.kubeletIdentity.objectId]) {
      expect(await (output as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
    }
  });

  it("doesn't know the kubeconfig before there is a cluster", async () => {
    const { find } = await run({}, { preview: true });
    expect(find(PROVIDER).inputs.kubeconfig).toBe(UNKNOWN);
  });

  it("deletes the provider's resources before the cluster, and pools before it too", async () => {
    const { resources, find } = await run();
    expect(needs(resources, find(PROVIDER), find(CLUSTER))).toBe(true);
    expect(needs(resources, find(POOL, "aks-gpu"), find(CLUSTER))).toBe(true);
    expect(needs(resources, find(CLUSTER), find(PROVIDER))).toBe(false);
  });

  it("hands out identities, issuer, labels and sizes", async () => {
    const { result } = await run();
    expect(await resolved(result.kubeletIdentity.objectId)).toBe(KUBELET_OBJECT_ID);
    expect(await resolved(result.controlPlaneIdentity.objectId)).toBe("object-of-control-plane");
    expect(await resolved(result.oidcIssuerUrl)).toBe("https://issuer.example/");
    expect(result.poolLabels["gpu"]).toEqual({ "mcpaas.dev/pool": "gpu" });
    expect(await resolved(result.poolIds["gpu"] as pulumi.Output<string>)).toBe("aks-gpu-id");
    expect(await resolved(result.vmSizes)).toEqual({
      system: "Standard_D2as_v5",
      user: "Standard_D2as_v5",
      gpu: "Standard_NC24ads_A100_v4",
    });
  });

  it("refuses GPUs that can't run models before anything is made", async () => {
    const gpuPool = { vmSize: "Standard_NC4as_T4_v3" };
    await expect(run({ gpuPool })).rejects.toThrow(/^gpuPool\.vmSize: .* T4 .* use Standard_NV36ads_A10_v5/);
  });

  it("takes the subscription it is given", async () => {
    const { find } = await run({ subscriptionId: "given" });
    expect(find(SELECTION).inputs.subscriptionId).toBe("given");
  });

  describe("with local accounts off", () => {
    it("lets whoever deploys into the cluster before it asks for credentials", async () => {
      const { find, resources } = await run({ entra: {} });
      const role = find(ROLE);
      expect(role.inputs).toMatchObject({ scope: "aks-id", principalId: DEPLOYER_OBJECT_ID });
      expect(role.inputs.roleDefinitionId).toMatch(/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b$/);
      expect(needs(resources, find(PROVIDER), role)).toBe(true);
    });

    it("lets the listed administrators in instead, each under a name that doesn't depend on the others", async () => {
      const person = { objectId: "AAAAAAAA-0000-0000-0000-00000000000a", principalType: "User" as const };
      const pipeline = {
        objectId: "bbbbbbbb-0000-0000-0000-00000000000b",
        principalType: "ServicePrincipal" as const,
      };
      const { find, resources } = await run({ entra: { administrators: [person, pipeline] } });
      const roles = resources.filter((r) => r.type === ROLE);
      expect(roles.map((r) => [r.name, r.inputs.principalId, r.inputs.principalType])).toEqual([
        ["aks-administrator-aaaaaaaa-0000-0000-0000-00000000000a", person.objectId, "User"],
        ["aks-administrator-bbbbbbbb-0000-0000-0000-00000000000b", pipeline.objectId, "ServicePrincipal"],
      ]);
      for (const role of roles) {
        expect(role.inputs.roleDefinitionId).toMatch(/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b$/);
        expect(needs(resources, find(PROVIDER), role)).toBe(true);
      }
      const alone = await run({ entra: { administrators: [pipeline] } });
      expect(alone.find(ROLE)).toEqual({ ...roles[1], needed: expect.anything() });
    });

    it("refuses a cluster that nobody could use", async () => {
      await expect(run({ entra: { azureRbac: false } })).rejects.toThrow(/^entra.azureRbac: /);
    });

    it.each([
      [{}, "User", "exec"],
      [{ disableLocalAccounts: false }, "Admin", undefined],
    ])("%j: %s credentials, format %s", async (entra, kind, format) => {
      const asked: [string, { format?: string }][] = [];
      const calls = Object.fromEntries(
        Object.entries(azure.calls ?? {}).map(([token, answer]) => [
          token,
          (inputs: { format?: string }) => {
            asked.push([token, inputs]);
            return answer(inputs);
          },
        ]),
      );
      await runWithMocks(
        () => new AksWithGpuPool("aks", { resourceGroupName: "rg", location: "eastus", entra }),
        { ...azure, calls },
      );
      const credentials = asked.filter(([token]) => token.includes("Credentials"));
      expect(credentials.map(([token, inputs]) => [token.split(":").at(-1), inputs.format])).toEqual([
        [`listManagedCluster${kind}Credentials`, format],
      ]);
    });
  });
});
