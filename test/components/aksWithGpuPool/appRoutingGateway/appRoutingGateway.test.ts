import { describe, expect, it } from "vitest";
import { AksWithGpuPool } from "../../../../components/aksWithGpuPool.ts";
import { azure } from "../../../support/azure.ts";
import { needs, resolved, runWithMocks } from "../../../support/mocks.ts";

const TYPE = "pulumi-nodejs:dynamic/mcpaas:AppRoutingGateway";

const run = (appRoutingGateway?: boolean) =>
  runWithMocks(
    () =>
      new AksWithGpuPool("aks", {
        resourceGroupName: "rg",
        location: "eastus",
        userPool: {},
        gpuPool: {},
        ...(appRoutingGateway !== undefined && { appRoutingGateway }),
      }),
    azure,
  );

describe("appRoutingGateway of AksWithGpuPool", () => {
  it("is switched after every pool, and goes with its cluster", async () => {
    const { find, resources, result } = await run(true);
    const gateway = find(TYPE);
    const pools = resources.filter(({ type }) => type === "azure-native:containerservice:AgentPool");
    expect(pools).toHaveLength(2);
    for (const pool of pools) expect([pool.name, needs(resources, gateway, pool)]).toEqual([pool.name, true]);
    expect(gateway).toMatchObject({
      name: "aks-app-routing",
      parent: "aks",
      deletedWith: "aks",
      inputs: { clusterId: "aks-id", enabled: true },
    });
    expect(await resolved(result.gatewayApi as NonNullable<typeof result.gatewayApi>)).toBe(
      "aks-app-routing-id",
    );
  });

  it.each([[undefined], [false]])("%s leaves the cluster's ingress alone", async (off) => {
    const { resources, result } = await run(off);
    expect(resources.filter(({ type }) => type === TYPE)).toEqual([]);
    expect(result.gatewayApi).toBeUndefined();
  });
});
