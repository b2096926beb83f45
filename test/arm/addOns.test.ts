import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterAddOns } from "../../rehearsal/arm/addOns.ts";
import { startMonitored } from "./monitored.ts";
import { clusterBody, inGroup, makeCluster, putInGroup, type Rig } from "./support.ts";

let rig: Rig;
let told: (ClusterAddOns | undefined)[];
beforeEach(async () => {
  told = [];
  rig = await startMonitored({ onClusterAddOns: async (addOns) => void told.push(addOns) });
});
afterEach(() => rig.close());

const id = (rest: string) => inGroup(rig, rest);
const cluster = "Microsoft.ContainerService/managedClusters/demo";
const withAddOns = (properties: object) => makeCluster(rig, "demo", clusterBody("eastus", { ...properties }));
const omsagent = (workspace: string) => ({
  addonProfiles: {
    omsagent: {
      enabled: true,
      config: {
        logAnalyticsWorkspaceResourceID: id(`Microsoft.OperationalInsights/workspaces/${workspace}`),
        useAADAuth: "true",
      },
    },
  },
});
const metrics = { azureMonitorProfile: { metrics: { enabled: true, kubeStateMetrics: {} } } };
const put = (path: string, version: string, body: object) =>
  rig.raw("PUT", `${path}?api-version=${version}`, { body });

describe("what a cluster has besides itself", () => {
  test("is told of, the sending of metrics only when the cluster is bound to a rule", async () => {
    await withAddOns({ ...metrics, workloadAutoScalerProfile: { keda: { enabled: true } } });
    expect(told.at(-1)).toMatchObject({ cluster: "demo", keda: true, containerInsights: false });
    expect(told.at(-1)?.prometheus).toMatchObject({ enabled: true, workspaces: [] });
    const stream = "Microsoft-PrometheusMetrics";
    const rule = id("Microsoft.Insights/dataCollectionRules/prometheus");
    const account = id("Microsoft.Monitor/accounts/metrics");
    await put(rule, "2022-06-01", {
      location: "eastus",
      properties: {
        dataSources: { prometheusForwarder: [{ name: "source", streams: [stream] }] },
        destinations: { monitoringAccounts: [{ name: "account", accountResourceId: account }] },
        dataFlows: [{ streams: [stream], destinations: ["account"] }],
      },
    });
    const association = `${id(cluster)}/providers/Microsoft.Insights/dataCollectionRuleAssociations/metrics`;
    await put(association, "2022-06-01", { properties: { dataCollectionRuleId: rule } });
    const [workspace] = told.at(-1)?.prometheus.workspaces ?? [];
    expect(workspace?.queryEndpoint).toMatch(/\.eastus\.prometheus\.monitor\.azure\.com$/);
    await put(id("Microsoft.AlertsManagement/prometheusRuleGroups/calls"), "2023-03-01", {
      location: "eastus",
      properties: { scopes: [account], rules: [{ record: "errors", expression: "up == 0" }] },
    });
    expect(told.at(-1)?.ruleGroups).toMatchObject([{ name: "calls", enabled: true, interval: "PT1M" }]);
    await rig.raw("DELETE", `${association}?api-version=2022-06-01`);
    expect(told.at(-1)).toMatchObject({ prometheus: { workspaces: [] }, ruleGroups: [] });
  });

  test("is told of once, and goes with the cluster", async () => {
    await withAddOns(metrics);
    await withAddOns(metrics);
    await rig.finish(await rig.raw("DELETE", `${id(cluster)}?api-version=2025-09-01`));
    expect(told).toHaveLength(2);
    expect(told.at(-1)).toBeUndefined();
  });
});

describe("Container Insights", () => {
  test("has a workspace that is there, and an identity", async () => {
    await expect(withAddOns(omsagent("other"))).rejects.toThrow(/logAnalyticsWorkspaceResourceID/);
    await withAddOns(omsagent("logs"));
    expect(told.at(-1)?.containerInsights).toBe(true);
    const { body } = await rig.raw("GET", `${id(cluster)}?api-version=2025-09-01`);
    expect(body.properties.addonProfiles.omsagent.identity.resourceId).toMatch(
      /userAssignedIdentities\/omsagent-demo$/,
    );
  });
});

describe("the autoscaler's profile", () => {
  test("is kept as it is", async () => {
    const autoScalerProfile = {
      ...{ expander: "least-waste", "balance-similar-node-groups": "true", "scan-interval": "10s" },
      ...{ "scale-down-unneeded-time": "10m", "scale-down-utilization-threshold": "0.5" },
    };
    await withAddOns({ autoScalerProfile });
    const { body } = await rig.raw("GET", `${id(cluster)}?api-version=2025-09-01`);
    expect(body.properties.autoScalerProfile).toEqual(autoScalerProfile);
  });

  test.each([
    ["expander", "cheapest"],
    ["scale-down-unneeded-time", "600s"],
    ["max-node-provision-time", "15"],
    ["scale-down-utilization-threshold", "50%"],
    ["max-total-unready-percentage", "101"],
    ["max-empty-bulk-delete", 10],
    ["skip-nodes-with-local-storage", "no"],
  ])("has no %s of %s", async (name, value) => {
    await expect(withAddOns({ autoScalerProfile: { [name]: value } })).rejects.toThrow(new RegExp(name));
  });
});

describe("a Logic App", () => {
  const workflow = "Microsoft.Logic/workflows/teams";
  const definition = {
    contentVersion: "1.0.0.0",
    parameters: { url: { type: "SecureString" } },
    triggers: { alert: { type: "Request", kind: "Http" } },
    actions: {},
  };
  const make = (properties: object) =>
    putInGroup(rig, workflow, "api-version=2019-05-01", {
      location: "eastus",
      properties: { definition, ...properties },
    });
  const url = { type: "SecureString", value: "https://teams.example/secret" };

  test("never shows what is secure, and misses what it needs", async () => {
    expect((await make({})).body.error.code).toBe("InvalidTemplate");
    const { body } = await make({ parameters: { url } });
    expect(body.properties.parameters).toEqual({ url: { type: "SecureString" } });
  });

  test("takes the call of an action group at its trigger's address, as long as it is on", async () => {
    await make({ parameters: { url } });
    const trigger = id(`${workflow}/triggers/alert/listCallbackUrl?api-version=2019-05-01`);
    const callbackUrl = (await rig.raw("POST", trigger)).body.value;
    const group = "Microsoft.Insights/actionGroups/oncall";
    const version = "api-version=2024-10-01-preview";
    await putInGroup(rig, group, version, {
      location: "global",
      properties: { groupShortName: "oncall", enabled: true },
    });
    const send = async (address: string) => {
      const receiver = { name: "teams", resourceId: id(workflow), callbackUrl: address };
      const { headers } = await rig.raw("POST", id(`${group}/createNotifications?${version}`), {
        body: { alertType: "logalertv2", logicAppReceivers: [receiver] },
      });
      return (await rig.raw("GET", String(headers["location"]))).body.actionDetails[0].Status;
    };
    expect(await send(callbackUrl)).toBe("Succeeded");
    expect(await send(`${callbackUrl}x`)).toBe("Failed");
    await make({ parameters: { url }, state: "Disabled" });
    expect(await send(callbackUrl)).toBe("Failed");
  });
});
