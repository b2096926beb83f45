import type { Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PlatformMonitoring, type PlatformMonitoringArgs } from "../../../components/platformMonitoring.ts";
import { BUILT_IN_ROLES } from "../../../components/roles.ts";
import { azure, DEPLOYER_OBJECT_ID, GRAFANA_OBJECT_ID, QUERY_ENDPOINT } from "../../support/azure.ts";
import { resolved, runWithMocks } from "../../support/mocks.ts";

const LOGS = "azure-native:operationalinsights:Workspace";
const METRICS = "azure-native:monitor:AzureMonitorWorkspace";
const ENDPOINT = "azure-native:monitor:DataCollectionEndpoint";
const RULE = "azure-native:monitor:DataCollectionRule";
const GRAFANA = "azure-native:dashboard:Grafana";
const ROLE = "azure-native:authorization:RoleAssignment";
const PLACE = { resourceGroupName: "rg", location: "eastus", clusterName: "aks-mcpaas-dev" };
const PERSON = { objectId: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", principalType: "User" } as const;

const run = (args: Partial<PlatformMonitoringArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(() => new PlatformMonitoring("monitoring", { ...PLACE, ...args }), azure, options);

const typesOf = ({ resources }: Awaited<ReturnType<typeof run>>) => resources.map(({ type }) => type);

/** An output that there is. */
function told(output: Output<string> | undefined): Promise<string> {
  if (output === undefined) throw new Error("there is no such output");
  return resolved(output);
}

describe.each([{ preview: false }, { preview: true }])(
  "PlatformMonitoring, preview: $preview",
  ({ preview }) => {
    it("is a workspace for each kind, with the rules that Azure's own tools would make", async () => {
      const { find } = await run({}, { preview });
      expect(find(LOGS).inputs).toMatchObject({
        workspaceName: "log-aks-mcpaas-dev",
        sku: { name: "PerGB2018" },
        retentionInDays: 30,
        workspaceCapping: { dailyQuotaGb: -1 },
        features: { disableLocalAuth: true },
      });
      expect(find(METRICS).inputs).toMatchObject({ azureMonitorWorkspaceName: "amw-aks-mcpaas-dev" });
      expect(find(ENDPOINT).inputs).toMatchObject({
        dataCollectionEndpointName: "MSProm-eastus-aks-mcpaas-dev",
        kind: "Linux",
      });
      expect(find(RULE, "monitoring-metrics-rule").inputs).toMatchObject({
        dataCollectionRuleName: "MSProm-eastus-aks-mcpaas-dev",
        kind: "Linux",
        dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount1"] }],
      });
      const { inputs } = find(RULE, "monitoring-logs-rule");
      expect(inputs.dataCollectionRuleName).toBe("MSCI-eastus-aks-mcpaas-dev");
      expect(inputs.dataSources.extensions).toEqual([
        {
          name: "ContainerInsightsExtension",
          extensionName: "ContainerInsights",
          streams: ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"],
          extensionSettings: {
            dataCollectionSettings: {
              interval: "5m",
              namespaceFilteringMode: "Exclude",
              namespaces: ["kube-system", "gatekeeper-system"],
              enableContainerLogV2: true,
            },
          },
        },
      ]);
    });

    it("sends where the workspaces are", async () => {
      const { find } = await run({}, { preview });
      expect(find(RULE, "monitoring-metrics-rule").dependencies).toEqual(
        expect.arrayContaining(["monitoring-metrics", "monitoring-metrics-endpoint"]),
      );
      expect(find(RULE, "monitoring-logs-rule").dependencies).toContain("monitoring-logs");
    });

    it("makes what is asked for and nothing else", async () => {
      const neither = typesOf(await run({ logs: "none", metrics: false }, { preview }));
      expect(neither.filter((type) => type.startsWith("azure-native:"))).toEqual([]);
      const logs = typesOf(await run({ metrics: false }, { preview }));
      expect(logs).toContain(LOGS);
      expect(logs).not.toContain(METRICS);
      const metrics = typesOf(await run({ logs: "none" }, { preview }));
      expect(metrics).toContain(METRICS);
      expect(metrics).not.toContain(LOGS);
      expect([...neither, ...logs, ...metrics]).not.toContain(GRAFANA);
    });
  },
);

describe("PlatformMonitoring", () => {
  it("tells where to ask", async () => {
    const { result } = await run();
    expect(await told(result.prometheusQueryEndpoint)).toBe(QUERY_ENDPOINT);
    expect(await told(result.azureMonitorWorkspaceId)).toBe("monitoring-metrics-id");
    expect(await told(result.logAnalyticsWorkspaceId)).toBe("monitoring-logs-id");
    expect(result.grafanaEndpoint).toBeUndefined();
    const { result: none } = await run({ logs: "none", metrics: false });
    expect(none.prometheusQueryEndpoint).toBeUndefined();
    expect(none.logAnalyticsWorkspaceId).toBeUndefined();
  });

  it.each([
    ["workloads", 9],
    ["all", 11],
  ] as const)("sends with the preset %s %i streams, by one flow", async (preset, count) => {
    const { find } = await run({ logs: { preset, intervalMinutes: 1, excludedNamespaces: [] } });
    const { dataSources, dataFlows } = find(RULE, "monitoring-logs-rule").inputs;
    const [{ streams, extensionSettings }] = dataSources.extensions;
    expect(streams).toHaveLength(count);
    expect(new Set(streams).size).toBe(count);
    expect(dataFlows).toEqual([{ streams, destinations: ["ciworkspace"] }]);
    expect(extensionSettings.dataCollectionSettings).toMatchObject({
      interval: "1m",
      namespaceFilteringMode: "Off",
      namespaces: [],
    });
  });

  it("keeps logs for as long, and takes as much a day, as it is told", async () => {
    const { find } = await run({ logs: { retentionDays: 90, dailyCapGb: 0.5 } });
    expect(find(LOGS).inputs).toMatchObject({ retentionInDays: 90, workspaceCapping: { dailyQuotaGb: 0.5 } });
  });

  it("has a Grafana that may read the metrics and the resource group, and whom its deployer administers", async () => {
    const { find, resources, result } = await run({ grafana: {}, subscriptionId: "sub" });
    expect(find(GRAFANA).inputs).toMatchObject({
      workspaceName: "graf-aks-mcpaas-dev",
      sku: { name: "Standard" },
      identity: { type: "SystemAssigned" },
      properties: {
        apiKey: "Disabled",
        publicNetworkAccess: "Enabled",
        zoneRedundancy: "Disabled",
        grafanaIntegrations: {
          azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: "monitoring-metrics-id" }],
        },
      },
    });
    expect(await told(result.grafanaEndpoint)).toBe("https://graf.example");
    const roles = resources.filter(({ type }) => type === ROLE).map(({ inputs }) => inputs);
    const role = (id: string) => expect.stringContaining(`/roleDefinitions/${id}`);
    expect(roles).toHaveLength(3);
    expect(roles).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          scope: "monitoring-metrics-id",
          principalId: GRAFANA_OBJECT_ID,
          roleDefinitionId: role("b0d8363b-8ddd-447d-831f-62ca05bff136"),
        }),
        expect.objectContaining({
          scope: "/subscriptions/sub/resourceGroups/rg",
          principalId: GRAFANA_OBJECT_ID,
          roleDefinitionId: role("43d0d8ad-25c7-4714-9337-8ba259a9fe05"),
        }),
        expect.objectContaining({
          scope: "monitoring-grafana-id",
          principalId: DEPLOYER_OBJECT_ID,
          roleDefinitionId: role("22926164-76b3-42b3-bc55-97df8dab3e41"),
        }),
      ]),
    );
  });

  it("gives a Grafana's administration to those who are named, and to nobody else", async () => {
    const { resources } = await run({ grafana: { administrators: [PERSON], majorVersion: "12" } });
    const on = resources.filter(
      ({ type, inputs }) => type === ROLE && inputs.scope === "monitoring-grafana-id",
    );
    expect(on.map(({ inputs }) => [inputs.principalId, inputs.principalType])).toEqual([
      [PERSON.objectId, "User"],
    ]);
  });

  it("lets readers read the group with its dashboard and workbook, and the metrics where there are any", async () => {
    const args = { readers: [PERSON], subscriptionId: "sub" };
    const both = (await run(args)).resources.filter(({ type }) => type === ROLE);
    const granted = (roles: typeof both) =>
      roles.map(({ inputs }) => [
        inputs.scope,
        inputs.roleDefinitionId.split("/").at(-1),
        inputs.principalId,
      ]);
    const group = ["/subscriptions/sub/resourceGroups/rg", BUILT_IN_ROLES.monitoringReader, PERSON.objectId];
    const data = ["monitoring-metrics-id", BUILT_IN_ROLES.monitoringDataReader, PERSON.objectId];
    expect(granted(both)).toHaveLength(2);
    expect(granted(both)).toEqual(expect.arrayContaining([group, data]));
    const one = (await run({ ...args, metrics: false })).resources.filter(({ type }) => type === ROLE);
    expect(granted(one)).toEqual([group]);
  });

  it.each<[string, Partial<PlatformMonitoringArgs>, RegExp]>([
    ["too short a retention", { logs: { retentionDays: 7 } }, /logs\.retentionDays: .*30/],
    ["half a day", { logs: { retentionDays: 30.5 } }, /logs\.retentionDays/],
    ["a cap of nothing", { logs: { dailyCapGb: 0 } }, /logs\.dailyCapGb: .*0\.1 or more/],
    ["no interval", { logs: { intervalMinutes: 0 } }, /logs\.intervalMinutes/],
    [
      "a namespace that is none",
      { logs: { excludedNamespaces: ["a", "B"] } },
      /logs\.excludedNamespaces\[1\]/,
    ],
    ["a Grafana of nothing", { metrics: false, grafana: {} }, /grafana: needs the metrics/],
    ["a Grafana of no version", { grafana: { majorVersion: "v12" } }, /grafana\.majorVersion/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
