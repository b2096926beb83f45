import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ComputeManagementClient } from "@azure/arm-compute";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterBody, inventory, type Rig, startRig } from "./support.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ kubeconfig: async () => "the kubeconfig" });
});
afterAll(() => rig.close());

describe("the official clients take a deployment through its life", () => {
  test("group, registry, cluster, pool, role, credentials, and all of it gone with the group", async () => {
    const { credential, arm, client } = rig;
    const resources = new ResourceManagementClient(credential, arm.subscriptionId, client);
    const registries = new ContainerRegistryManagementClient(credential, arm.subscriptionId, client);
    const authorization = new AuthorizationManagementClient(credential, arm.subscriptionId, {
      ...client,
      $host: arm.endpoint,
      credentialScopes: client.credentials.scopes,
    } as never);

    await resources.resourceGroups.createOrUpdate("rg", { location: "eastus" });
    const registry = await registries.registries.create("rg", "demoregistry1", {
      location: "eastus",
      sku: { name: "Basic" },
    });
    expect(registry).toMatchObject({ loginServer: "demoregistry1.azurecr.io", adminUserEnabled: false });

    const cluster = await rig.aks.managedClusters.createOrUpdate("rg", "demo", flat(clusterBody()));
    expect(cluster.provisioningState).toBe("Succeeded");
    expect(cluster.identity?.principalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(cluster.oidcIssuerProfile?.issuerURL).toMatch(/^https:\/\/eastus\.oic\.prod-aks\.azure\.com\//);
    const kubelet = cluster.identityProfile?.["kubeletidentity"];
    expect(kubelet?.resourceId).toContain("/resourceGroups/MC_rg_demo_eastus/");

    const pool = await rig.aks.agentPools.createOrUpdate("rg", "demo", "gpu", {
      mode: "User",
      vmSize: "Standard_NV36ads_A10_v5",
      count: 1,
      nodeTaints: ["sku=gpu:NoSchedule"],
    });
    expect(pool).toMatchObject({ provisioningState: "Succeeded", count: 1, osSKU: "Ubuntu" });
    const names: (string | undefined)[] = [];
    for await (const each of rig.aks.agentPools.list("rg", "demo")) {
      names.push(each.name);
    }
    expect(names.sort()).toEqual(["gpu", "system"]);

    const [credentials] =
      (await rig.aks.managedClusters.listClusterUserCredentials("rg", "demo")).kubeconfigs ?? [];
    expect(Buffer.from(credentials?.value ?? []).toString()).toBe("the kubeconfig");

    const assignment = await authorization.roleAssignments.create(
      registry.id ?? "",
      "11111111-1111-4111-8111-111111111111",
      {
        principalId: kubelet?.objectId ?? "",
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${arm.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
      },
    );
    expect(assignment.scope).toBe(registry.id);

    await resources.resourceGroups.delete("rg");
    expect(await inventory(rig)).toEqual([]);
  });

  test("the generic client creates, reads, updates and deletes by id", async () => {
    const { resourceGroups, resources } = new ResourceManagementClient(
      rig.credential,
      rig.arm.subscriptionId,
      rig.client,
    );
    await resourceGroups.createOrUpdate("generic", { location: "westus3" });
    const scope = `/subscriptions/${rig.arm.subscriptionId}/resourceGroups/generic`;
    const id = `${scope}/providers/Microsoft.OperationalInsights/workspaces/demo-logs`;
    const version = "2023-09-01";
    const created = await resources.createOrUpdateById(id, version, {
      location: "westus3",
      tags: { a: "1", b: "2" },
    });
    expect(created).toMatchObject({
      id,
      properties: { provisioningState: "Succeeded", retentionInDays: 30 },
    });
    const updated = await resources.updateById(id, version, { tags: { a: "3" } });
    expect(updated.tags).toEqual({ a: "3" });
    expect((await resources.getById(id, version)).properties).toEqual(updated.properties);
    expect(await resources.checkExistenceById(id, version)).toMatchObject({ body: true });
    await resources.deleteById(id, version);
    await expect(resources.getById(id, version)).rejects.toMatchObject({ statusCode: 404 });
    await resourceGroups.delete("generic");
  });

  test("SKUs come in pages, in the thousands, and usages name the same families", async () => {
    const compute = new ComputeManagementClient(rig.credential, rig.arm.subscriptionId, rig.client);
    const families = new Set<string>();
    let rows = 0;
    for await (const sku of compute.resourceSkus.list({ filter: "location eq 'eastus'" })) {
      rows += 1;
      if (sku.resourceType === "virtualMachines") {
        families.add(String(sku.family).toLowerCase());
      }
    }
    expect(rows).toBeGreaterThan(900);
    const usages = new Map<string, number>();
    for await (const usage of compute.usage.list("eastus")) {
      usages.set(String(usage.name?.value).toLowerCase(), usage.limit);
    }
    expect([...families].filter((family) => !usages.has(family))).toEqual([]);
    expect(usages.get("standardncadsa100v4family")).toBe(0);
    expect(usages.get("standardnvadsa10v5family")).toBe(72);
  });
});

function flat({ properties, ...rest }: ReturnType<typeof clusterBody>) {
  return { ...rest, ...properties };
}
