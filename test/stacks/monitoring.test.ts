import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { featuresOf, plainScope, prometheusQuery, sectionsFor } from "../../components/dashboards.ts";
import { DEFAULT_JOBS, metricOfSeries } from "../../components/metrics.ts";
import { scrapedJobs } from "../../stacks/azure/monitoring.ts";
import { pagesOf } from "../../stacks/azure/monitoringPages.ts";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure, QUERY_ENDPOINT } from "../support/azure.ts";
import { needs, resolved, runWithMocks } from "../support/mocks.ts";
import { metricsOf } from "../support/promql.ts";

const BASE = {
  location: "eastus",
  mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
  kaito: { mode: "off" },
  cluster: { gpuPool: { enabled: false } },
};
const MODELS = {
  kaito: {},
  cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"] } },
  models: { phi: { model: "phi-4-mini-instruct" } },
};
const OF_AKS = {
  kaito: { mode: "addon" },
  models: { phi: { model: "phi-4-mini-instruct", vmSize: "Standard_NC24ads_A100_v4" } },
};
const DOOR = {
  ingress: {
    enabled: true,
    mcpServers: { echo: { host: "echo.example.com" } },
    tls: { issuer: "staging", email: "platform@example.com" },
  },
};

const settingsOf = (rest: object) => parseSettings({ ...BASE, ...rest }, "dev", () => true);
const run = (rest: object, options: { preview?: boolean } = {}) =>
  runWithMocks(() => azureStack(settingsOf(rest)), azure, options);
const on = (monitoring: object = {}) => ({ monitoring: { enabled: true, ...monitoring } });

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const MONITOR =
  /^azure-native:(monitor|operationalinsights|dashboard|applicationinsights):|^mcpaas:index:(Platform|Cluster)Monitoring|GpuMetrics/;

type Stack = Awaited<ReturnType<typeof run>>;
const monitors = ({ resources }: Stack) =>
  resources.filter(({ type }) => MONITOR.test(type)).map(({ type }) => type);

describe("the monitoring of the stack", () => {
  it("is nothing where it is off, and the cluster's agents are told so", async () => {
    const stack = await run({});
    expect(monitors(stack)).toEqual([]);
    expect(stack.find(CLUSTER).inputs).toMatchObject({
      addonProfiles: { omsagent: { enabled: false } },
      azureMonitorProfile: { metrics: { enabled: false } },
    });
    expect(stack.result).toMatchObject({ monitoring: undefined });
  });

  it.each([{ preview: false }, { preview: true }])(
    "comes before the cluster, and what hangs on the cluster after it, preview: $preview",
    async ({ preview }) => {
      const { find, resources } = await run(on(), { preview });
      const cluster = find(CLUSTER);
      expect(needs(resources, cluster, find("azure-native:operationalinsights:Workspace"))).toBe(true);
      expect(cluster.inputs.azureMonitorProfile.metrics).toMatchObject({
        enabled: true,
        kubeStateMetrics: { metricLabelsAllowlist: expect.stringMatching(/^nodes=\[.*agentpool.*\]$/) },
      });
      for (const which of ["cluster-monitoring-logs", "cluster-monitoring-metrics"]) {
        const association = find("azure-native:monitor:DataCollectionRuleAssociation", which);
        expect(needs(resources, association, cluster)).toBe(true);
      }
    },
  );

  it("tells where to ask", async () => {
    const { result } = await run(on());
    const { monitoring } = result as unknown as {
      monitoring: Record<string, Parameters<typeof resolved<string>>[0] | undefined>;
    };
    const endpoint = monitoring["prometheusQueryEndpoint"];
    expect(endpoint && (await resolved(endpoint))).toBe(QUERY_ENDPOINT);
    expect(monitoring["grafanaEndpoint"]).toBeUndefined();
  });

  it.each<[string, object, RegExp[], RegExp[]]>([
    [
      "logs off",
      { logs: { enabled: false } },
      [/:Workspace$/, /DiagnosticSetting/],
      [/AzureMonitorWorkspace/, /Workbook/],
    ],
    [
      "metrics off",
      { metrics: { enabled: false } },
      [/AzureMonitorWorkspace/, /Workbook/, /:Dashboard/],
      [/operationalinsights:Workspace/, /DiagnosticSetting/],
    ],
    [
      "the pages off",
      { workbook: false, dashboard: false },
      [/Workbook/, /:Dashboard/],
      [/AzureMonitorWorkspace/],
    ],
    ["a Grafana", { grafana: { enabled: true } }, [], [/:Grafana$/]],
  ])("switches each part by itself: %s", async (_, monitoring, absent, present) => {
    const types = monitors(await run(on(monitoring)));
    for (const type of absent) expect(types.filter((it) => type.test(it))).toEqual([]);
    for (const type of present) expect(types.some((it) => type.test(it))).toBe(true);
  });

  it.each<[string, object, string[]]>([
    ["nothing without metrics", on({ metrics: { enabled: false } }), []],
    ["servers and KMCP", on(), ["mcp-guard", "kmcp"]],
    ["no guards where no server has one", { ...on(), mcpServers: {} }, ["kmcp"]],
    ["models and GPUs", { ...on(), ...MODELS }, ["mcp-guard", "vllm", "kmcp", "kaito", "dcgm"]],
    ["the front door", { ...on(), ...DOOR }, ["mcp-guard", "kmcp", "cert-manager", "istio-gateway"]],
  ])("scrapes what the stack has: %s", (_, rest, jobs) => {
    expect(scrapedJobs(settingsOf(rest))).toEqual(jobs);
  });

  it.each<[string, object, string[], string[]]>([
    ["no guarded servers", { ...on(), mcpServers: {} }, [], ["call-rate", "workspaces", "certificates"]],
    ["models and GPUs", { ...on(), ...MODELS }, ["call-rate", "workspaces", "gpu-use"], ["certificates"]],
    ["KAITO of AKS", { ...on(), ...OF_AKS }, ["first-token"], ["workspaces"]],
    ["the front door", { ...on(), ...DOOR }, ["gateway-requests", "certificates"], []],
    [
      "a certificate manager of others",
      {
        ...on(),
        ingress: { ...DOOR.ingress, certManager: { install: false }, tls: { clusterIssuer: "ours" } },
      },
      ["gateway-requests"],
      ["certificates"],
    ],
  ])("shows panels of what is scraped, and of nothing else: %s", (_, rest, present, absent) => {
    const settings = settingsOf(rest);
    const jobs: string[] = [...scrapedJobs(settings), ...DEFAULT_JOBS];
    const { features } = pagesOf(settings);
    const panels = sectionsFor(featuresOf({ clusterName: "aks", features })).flatMap(({ panels }) => panels);
    for (const panel of panels) {
      const metrics = metricsOf(prometheusQuery(panel)?.promql(plainScope("aks")) ?? "up")
        .flatMap((series) => metricOfSeries(series) ?? [])
        .filter((metric) => !metric.jobs.some((job) => jobs.includes(job)));
      expect([panel.id, metrics.map(({ name }) => name)]).toEqual([panel.id, []]);
    }
    const ids = panels.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(present));
    expect(ids.filter((id) => absent.includes(id))).toEqual([]);
  });

  it("gives the agent one job for each, and lets it in to KMCP, which serves it plainly", async () => {
    const { find, resources } = await run({ ...on(), ...MODELS });
    const { data } = find(CONFIG_MAP, "cluster-monitoring-scraping").inputs;
    const jobs = parse(data["prometheus-config"]).scrape_configs.map(
      ({ job_name }: { job_name: string }) => job_name,
    );
    expect(jobs).toEqual(scrapedJobs(settingsOf({ ...on(), ...MODELS })));
    const { values } = find("kubernetes:helm.sh/v4:Chart", "kmcp-controller").inputs;
    expect(values.controller.metrics.bindAddress).toBe(":8080");
    const exporters = resources.filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet");
    expect(exporters).toHaveLength(1);
  });
});
