import { describe, expect, test } from "vitest";
import { scenarioNamed } from "../../rehearsal/arm/scenarios.ts";
import { Plugin, type PluginError } from "./plugin.ts";
import { clusterInputs, makeAll } from "./resources.ts";

const cluster = "containerservice:ManagedCluster";

/** Runs with an ARM of its own, and a group to work in. */
async function withArm(
  options: Parameters<typeof Plugin.start>[0],
  run: (plugin: Plugin, inGroup: { resourceGroupName: unknown; location: string }) => Promise<void>,
): Promise<void> {
  const plugin = await Plugin.start(options);
  try {
    const group = await plugin.up("resources:ResourceGroup", "g", { location: "eastus" });
    await run(plugin, { resourceGroupName: group.outputs["name"], location: "eastus" });
  } finally {
    await plugin.stop();
  }
}

function failureOf(promise: Promise<unknown>): Promise<PluginError> {
  return promise.then(
    () => Promise.reject(new Error("it succeeded")),
    (error: PluginError) => error,
  );
}

describe("an operation that fails half-way", () => {
  test("leaves a state from which a destroy can clean up", async () => {
    await withArm({ scenario: scenarioNamed("operation-fails") }, async (plugin, inGroup) => {
      const { inputs } = await plugin.check(cluster, "aks", { ...inGroup, ...clusterInputs });
      const failure = await failureOf(plugin.create(cluster, inputs));
      expect(failure.message).toMatch(
        /^Code="AKSCapacityError" Message="AKS is currently experiencing capacity/,
      );
      expect(failure.partial).toMatchObject({
        id: expect.stringMatching(/\/managedClusters\/aks[0-9a-f]{8}$/),
        properties: { name: inputs["resourceName"], provisioningState: "Failed", location: "eastus" },
        inputs,
        reasons: [failure.message],
      });
      const { id } = failure.partial as { id: string };
      await plugin.delete(cluster, id);
      expect((await plugin.read(cluster, id)).id).toBe("");
    });
  });

  test("and one that is cancelled keeps what there is, without waiting for the end", async () => {
    await withArm({ delays: { operationMs: 60_000 } }, async (plugin, inGroup) => {
      const { inputs } = await plugin.check(cluster, "aks", { ...inGroup, ...clusterInputs });
      const creation = failureOf(plugin.create(cluster, inputs));
      await expect
        .poll(() => plugin.requests.map(({ method, path }) => method === "PUT" && path))
        .toContainEqual(expect.stringMatching(/managedClusters/));
      await plugin.cancel();
      const failure = await creation;
      expect(failure.message).toMatch(/cancelled/);
      expect(failure.partial).toMatchObject({ properties: { name: inputs["resourceName"] }, inputs });
      await expect(plugin.create(cluster, inputs)).rejects.toMatchObject({
        message: "the update was cancelled",
      });
    });
  });
});

describe("what ARM refuses", () => {
  test("has ARM's code and message, and leaves no state", async () => {
    await withArm({ scenario: scenarioNamed("no-quota") }, async (plugin, inGroup) => {
      const aks = await plugin.up(cluster, "aks", { ...inGroup, ...clusterInputs });
      const failure = await failureOf(
        plugin.up("containerservice:AgentPool", "gpu", {
          resourceGroupName: inGroup.resourceGroupName,
          resourceName: aks.outputs["name"],
          vmSize: "Standard_NC24ads_A100_v4",
          count: 1,
        }),
      );
      expect(failure.message).toMatch(
        /^Status=400 Code="ErrCode_InsufficientVCPUQuota" Message="Insufficient vcpu quota/,
      );
      expect(failure.partial).toBeUndefined();
    });
  });

  test("is not tried again when a principal is not found, as azure-native doesn't", async () => {
    await withArm({ scenario: scenarioNamed("principal-not-found") }, async (plugin) => {
      const failure = await failureOf(makeAll(plugin));
      expect(failure.message).toMatch(
        /^Status=400 Code="PrincipalNotFound" Message="Principal .* does not exist/,
      );
      const puts = plugin.requests.filter(
        ({ method, path }) => method === "PUT" && /roleAssignments/.test(path),
      );
      expect(puts).toHaveLength(1);
    });
  });

  test("is passed on when another operation holds the cluster, as azure-native does", async () => {
    await withArm({ delays: { operationMs: 60_000 } }, async (plugin, inGroup) => {
      const { inputs } = await plugin.check(cluster, "aks", { ...inGroup, ...clusterInputs });
      const creation = failureOf(plugin.create(cluster, inputs));
      const puts = (what: RegExp) =>
        plugin.requests.filter(({ method, path }) => method === "PUT" && what.test(path));
      await expect.poll(() => puts(/managedClusters/)).toHaveLength(1);
      const failure = await failureOf(
        plugin.up("containerservice:AgentPool", "user", {
          resourceGroupName: inGroup.resourceGroupName,
          resourceName: inputs["resourceName"],
          vmSize: "Standard_D2s_v5",
          count: 1,
        }),
      );
      expect(failure.message).toMatch(
        /^Status=409 Code="OperationNotAllowed" Message="Operation is not allowed: Another operation Creating is in progress, please wait/,
      );
      expect(failure.partial).toBeUndefined();
      expect(puts(/agentPools/)).toHaveLength(1);
      await plugin.cancel();
      await creation;
    });
  });

  test("a deletion because there is nothing left to delete is no failure, any other refusal is", async () => {
    const refusal = (status: number) => ({ kind: "error" as const, status, code: "Refused", message: "No." });
    const rules = [404, 403].map((status, index) => ({
      on: { method: "DELETE" },
      nth: index + 1,
      effect: refusal(status),
    }));
    const scenario = { name: "deletion-refused", description: "", rules };
    await withArm({ scenario }, async (plugin, inGroup) => {
      const identity = await plugin.up("managedidentity:UserAssignedIdentity", "id", inGroup);
      const remove = () => plugin.delete("managedidentity:UserAssignedIdentity", identity.id);
      await remove();
      await expect(remove()).rejects.toEqual({ message: 'Status=403 Code="Refused" Message="No."' });
    });
  });

  test("is waited for when ARM throttles", async () => {
    await withArm({ scenario: scenarioNamed("throttled") }, async (plugin, inGroup) => {
      await plugin.up("managedidentity:UserAssignedIdentity", "id", inGroup);
    });
  });
});

describe("an endpoint that is no use is one clear message", () => {
  test("nothing answers at the metadata host", async () => {
    await withArm({}, async (plugin) => {
      const failure = await failureOf(plugin.configure({ metadataHost: "127.0.0.1:1" }));
      expect(failure.message).toMatch(
        /^ARM_METADATA_HOSTNAME: https:\/\/127\.0\.0\.1:1\/metadata\/endpoints.* does not answer/,
      );
      expect(failure.message).not.toMatch(/\n|\bat /);
    });
  });

  test("the client's secret is wrong", async () => {
    await withArm({}, async (plugin, inGroup) => {
      await plugin.configure({ clientSecret: "wrong" });
      const failure = await failureOf(plugin.up("managedidentity:UserAssignedIdentity", "id", inGroup));
      expect(failure.message).toMatch(
        /^Azure refused the credentials for https:\/\/127\.0\.0\.1:\d+: .*ARM_CLIENT_SECRET/,
      );
      expect(failure.message).not.toContain("\n");
    });
  });

  test("no subscription is set", async () => {
    const plugin = await Plugin.start({ omit: "ARM_SUBSCRIPTION_ID" });
    try {
      const failure = await failureOf(plugin.configure({}));
      expect(failure.message).toBe(
        "no Azure subscription is set: give ARM_SUBSCRIPTION_ID or azure-native:subscriptionId",
      );
    } finally {
      await plugin.stop();
    }
  });

  test("ARM goes away in the middle", { timeout: 30_000 }, async () => {
    const plugin = await Plugin.start();
    const group = await plugin.up("resources:ResourceGroup", "g", { location: "eastus" });
    await plugin.arm.close();
    try {
      const failure = await failureOf(plugin.read("resources:ResourceGroup", group.id));
      expect(failure.message).toMatch(
        /^Azure Resource Manager at https:\/\/127\.0\.0\.1:\d+ can't be reached \(connect ECONNREFUSED .*\)\. Check ARM_METADATA_HOSTNAME/,
      );
    } finally {
      await plugin.stop();
    }
  });
});
