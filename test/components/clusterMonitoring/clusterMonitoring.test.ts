import { Provider } from "@pulumi/kubernetes/provider.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ClusterMonitoring, type ClusterMonitoringArgs } from "../../../components/clusterMonitoring.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";
import { allows, policiesOf, READINGS } from "../../support/networkPolicy.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const ASSOCIATION = "azure-native:monitor:DataCollectionRuleAssociation";
const DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting";
const WORKBOOK = "azure-native:applicationinsights:Workbook";
const DASHBOARD = "azure-native:dashboard:Dashboard";
const DEFINITION = "azure-native:dashboard:DashboardDefinition";
const CLUSTER =
  "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-dev";
const REGISTRY = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/acr";
const METRICS = {
  workspaceId: "/metrics",
  ruleId: "/metrics-rule",
  targets: [{ job: "mcp-guard", namespaces: ["mcp"] } as const].map((target) => ({
    ...target,
    namespaces: [...target.namespaces],
  })),
};
const LOGS = { workspaceId: "/logs", ruleId: "/logs-rule", registryId: REGISTRY };
const PLACE = { resourceGroupName: "rg", location: "eastus", clusterId: CLUSTER, clusterName: "aks-dev" };

const run = (args: Partial<ClusterMonitoringArgs>, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new ClusterMonitoring(
        "watch",
        { ...PLACE, ...args },
        { provider: new Provider("cluster", { kubeconfig: "{}" }) },
      ),
    {},
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "ClusterMonitoring, preview: $preview",
  ({ preview }) => {
    it("tells the agents what to send before it ties the cluster to where they send", async () => {
      const { find, resources } = await run({ logs: LOGS, metrics: METRICS }, { preview });
      const names = (type: string) =>
        resources.filter((it) => it.type === type).map(({ inputs }) => inputs.metadata.name as string);
      expect(names(CONFIG_MAP).sort()).toEqual([
        "ama-metrics-prometheus-config",
        "ama-metrics-settings-configmap",
        "container-azm-ms-agentconfig",
      ]);
      for (const configMap of resources.filter(({ type }) => type === CONFIG_MAP)) {
        expect(configMap.inputs.metadata.namespace).toBe("kube-system");
        expect([configMap.provider, configMap.deleteBeforeReplace]).toEqual(["cluster", true]);
      }
      const logs = find(ASSOCIATION, "watch-logs");
      expect(logs.inputs).toMatchObject({
        resourceUri: CLUSTER,
        associationName: "ContainerInsightsExtension",
        dataCollectionRuleId: "/logs-rule",
      });
      expect(needs(resources, logs, find(CONFIG_MAP, "watch-log-agent"))).toBe(true);
      const metrics = find(ASSOCIATION, "watch-metrics");
      expect(metrics.inputs).toMatchObject({
        resourceUri: CLUSTER,
        associationName: "MSProm-eastus-aks-dev",
        dataCollectionRuleId: "/metrics-rule",
      });
      for (const configMap of ["watch-metrics-agent", "watch-scraping"]) {
        expect(needs(resources, metrics, find(CONFIG_MAP, configMap))).toBe(true);
      }
    });

    it("makes nothing for what isn't asked for", async () => {
      const none = await run({}, { preview });
      expect(
        none.resources.filter(({ type }) => type.includes("azure-native") || type === CONFIG_MAP),
      ).toEqual([]);
      const logs = (await run({ logs: LOGS }, { preview })).resources.map(({ type }) => type);
      expect(logs).not.toContain(WORKBOOK);
      expect(logs).not.toContain(DEFINITION);
      const metrics = (await run({ metrics: METRICS }, { preview })).resources.map(({ type }) => type);
      expect(metrics).not.toContain(DIAGNOSTICS);
    });
  },
);

describe("ClusterMonitoring", () => {
  it("keeps the control plane's and the registry's logs, the cluster's in tables of their own", async () => {
    const { find } = await run({ logs: LOGS });
    const on = (...categories: string[]) => categories.map((category) => ({ category, enabled: true }));
    expect(find(DIAGNOSTICS, "watch-cluster-logs").inputs).toEqual({
      name: "mcpaas",
      resourceUri: CLUSTER,
      workspaceId: "/logs",
      logAnalyticsDestinationType: "Dedicated",
      logs: on("cluster-autoscaler", "guard", "kube-audit-admin"),
    });
    expect(find(DIAGNOSTICS, "watch-registry-logs").inputs).toEqual({
      name: "mcpaas",
      resourceUri: REGISTRY,
      workspaceId: "/logs",
      logs: on("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"),
    });
  });

  it("keeps none of those logs when there are no categories, and the registry's only with a registry", async () => {
    const { resources } = await run({ logs: { ...LOGS, clusterCategories: [], registryCategories: [] } });
    expect(resources.filter(({ type }) => type === DIAGNOSTICS)).toEqual([]);
    const { registryId: _, ...without } = LOGS;
    const { resources: one } = await run({ logs: without });
    expect(one.filter(({ type }) => type === DIAGNOSTICS)).toHaveLength(1);
  });

  it("leaves out the namespaces that are named, and scrapes what it is told", async () => {
    const { find } = await run({ logs: { ...LOGS, excludedNamespaces: ["noisy"] }, metrics: METRICS });
    const agent = find(CONFIG_MAP, "watch-log-agent").inputs.data;
    expect(agent["log-data-collection-settings"]).toContain('exclude_namespaces = ["noisy"]');
    const { data } = find(CONFIG_MAP, "watch-scraping").inputs;
    const config = parse(data["prometheus-config"]);
    expect(config.scrape_configs.map(({ job_name }: { job_name: string }) => job_name)).toEqual([
      "mcp-guard",
    ]);
    expect(config.global.scrape_interval).toBe("30s");
  });

  it("has no scrape configuration of nothing, which the agent would refuse", async () => {
    const { resources } = await run({ metrics: { ...METRICS, targets: [] } });
    expect(resources.map(({ name }) => name)).not.toContain("watch-scraping");
    expect(resources.map(({ name }) => name)).toContain("watch-metrics-agent");
  });

  it.each(READINGS)("lets in the agent and nobody else, as %s reads policies", async (reading) => {
    const openings = { kmcp: { namespace: "kmcp-system", podLabels: { app: "kmcp" }, port: 8080 } };
    const { resources } = await run({ metrics: { ...METRICS, openings } });
    const policies = policiesOf(resources);
    const to = { namespace: "kmcp-system", labels: { app: "kmcp" } };
    const agent = { namespace: "kube-system", labels: { rsName: "ama-metrics" } };
    expect(allows(policies, { from: agent, to, port: 8080 }, reading)).toBe(true);
    expect(allows(policies, { from: agent, to, port: 8443 }, reading)).toBe(false);
    const node = { namespace: "kube-system", labels: { dsName: "ama-metrics-node" } };
    expect(allows(policies, { from: node, to, port: 8080 }, reading)).toBe(false);
    const lookalike = { namespace: "team-a", labels: { rsName: "ama-metrics" } };
    expect(allows(policies, { from: lookalike, to, port: 8080 }, reading)).toBe(false);
  });

  it("shows it all on pages made of one description", async () => {
    const pages = { title: "Ours", features: { gpu: true } };
    const { find } = await run({
      logs: LOGS,
      metrics: { ...METRICS, intervalSeconds: 60 },
      pages,
      tags: { team: "platform" },
    });
    const { inputs } = find(WORKBOOK);
    expect(inputs).toMatchObject({
      displayName: "Ours: aks-dev",
      category: "workbook",
      kind: "shared",
      sourceId: CLUSTER,
    });
    expect(inputs.resourceName).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(inputs.serializedData).toContain("/metrics");
    expect(inputs.serializedData).toContain("DCGM_FI_DEV_GPU_UTIL");
    expect(find(DASHBOARD).inputs.tags).toEqual({
      team: "platform",
      GrafanaDashboardResourceType: "microsoft.ContainerService/managedClusters",
      GrafanaDashboardTags: "mcpaas",
    });
    const definition = find(DEFINITION).inputs;
    expect(definition).toMatchObject({ definitionName: "default" });
    expect(JSON.parse(definition.properties.serializedData)).toMatchObject({ title: "Ours: aks-dev" });
    expect(definition.properties.serializedData).toContain("DCGM_FI_DEV_GPU_UTIL");
    expect(definition.properties.serializedData).toContain('"interval":"60s"');
  });

  it.each([
    ["workbook", WORKBOOK, DEFINITION],
    ["dashboard", DEFINITION, WORKBOOK],
  ])("has no %s when it isn't wanted, and the other all the same", async (which, absent, present) => {
    const { resources } = await run({ metrics: METRICS, pages: { [which]: false } });
    expect(resources.map(({ type }) => type)).not.toContain(absent);
    expect(resources.map(({ type }) => type)).toContain(present);
  });

  it.each<[string, Partial<ClusterMonitoringArgs>, RegExp]>([
    [
      "scrapes with rates of nothing between them",
      { metrics: { ...METRICS, intervalSeconds: 61 } },
      /metrics\.intervalSeconds: .*60/,
    ],
    ["a hurry", { metrics: { ...METRICS, intervalSeconds: 5 } }, /metrics\.intervalSeconds: .*15/],
    [
      "a category twice",
      { logs: { ...LOGS, clusterCategories: ["guard", "guard"] } },
      /clusterCategories: .*guard twice/,
    ],
    ["a namespace that is none", { logs: { ...LOGS, excludedNamespaces: ["A"] } }, /excludedNamespaces\[0\]/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
