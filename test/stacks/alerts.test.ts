import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { watchedOf } from "../../stacks/azure/alerts.ts";
import { scrapedJobs } from "../../stacks/azure/monitoring.ts";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, resolved, runWithMocks } from "../support/mocks.ts";

const BASE = {
  location: "eastus",
  mcpServers: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
  kaito: { mode: "off" },
  cluster: { gpuPool: { enabled: false } },
  monitoring: { enabled: true },
};
const MODELS = {
  kaito: {},
  cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"] } },
  models: { phi: { model: "phi-4-mini-instruct" } },
};
const HOOK = "https://hooks.example.com/alert?key=very-private";

const settingsOf = (rest: object) => parseSettings({ ...BASE, ...rest }, "dev", () => true);
const run = (rest: object) => runWithMocks(() => azureStack(settingsOf(rest)), azure);
const on = (alerts: object = {}) => ({ alerts: { enabled: true, ...alerts } });

const ALERTS = /^azure-native:(alertsmanagement|logic):|:ActionGroup$|:ScheduledQueryRule$/;
const GROUP = "azure-native:monitor:ActionGroup";
const RULES = "azure-native:alertsmanagement:PrometheusRuleGroup";
const QUIET = "azure-native:alertsmanagement:AlertProcessingRuleByName";

describe("the alerts of the stack", { timeout: 60_000 }, () => {
  it("are nothing where they are off", async () => {
    const { resources, result } = await run({});
    expect(resources.filter(({ type }) => ALERTS.test(type))).toEqual([]);
    expect(result).toMatchObject({ alerts: undefined });
  });

  it("are on the cluster and the workspaces, and tell where to test them", async () => {
    const { find, resources, result } = await run(on());
    const cluster = find("azure-native:containerservice:ManagedCluster");
    const workspace = find("azure-native:monitor:AzureMonitorWorkspace");
    const group = find(RULES, "alerts-mcp");
    expect(group.inputs).toMatchObject({
      clusterName: "aks-mcpaas-dev",
      scopes: [`${workspace.name}-id`, `${cluster.name}-id`],
    });
    expect(needs(resources, group, cluster)).toBe(true);
    const { alerts } = result as unknown as {
      alerts: { actionGroups: Record<string, Parameters<typeof resolved<string>>[0]> };
    };
    expect(Object.keys(alerts.actionGroups)).toEqual(["critical", "warning", "info"]);
    expect(await resolved(alerts.actionGroups["critical"] as never)).toBe("alerts-critical-id");
  });

  it("come after the models, which take their time", async () => {
    const { find, resources } = await run({ ...MODELS, ...on() });
    const model = resources.find(
      ({ type }) => /Workspace$/.test(type) && type.startsWith("kubernetes:kaito"),
    );
    expect(model).toBeDefined();
    expect(model && needs(resources, find(RULES, "alerts-models"), model)).toBe(true);
  });

  it("keep receivers' addresses secret", async () => {
    const { find } = await run(
      on({ receivers: { hook: { webhook: HOOK }, mail: { email: "a@example.com", from: "critical" } } }),
    );
    const { inputs, secretInputs } = find(GROUP, "alerts-critical");
    expect(inputs.webhookReceivers[0]).toMatchObject({ name: "hook", serviceUri: HOOK });
    expect(inputs.emailReceivers[0]).toMatchObject({ name: "mail" });
    expect(secretInputs.join()).toContain("webhookReceivers");
    expect(find(GROUP, "alerts-info").inputs.emailReceivers).toEqual([]);
  });

  it("are quiet in the cluster's weekly window, and in those of the settings", async () => {
    const quiet = { windows: [{ daysOfWeek: ["Saturday"], startTime: "22:00", durationHours: 1 }] };
    const { find } = await run({
      ...on({ quiet }),
      cluster: {
        ...BASE.cluster,
        maintenance: { dayOfWeek: "Monday", startTime: "01:00", utcOffset: "-02:00" },
      },
    });
    const recurrences = (i: number) =>
      find(QUIET, `alerts-quiet-${i}`).inputs.properties.schedule.recurrences;
    expect(recurrences(0)).toMatchObject([
      { daysOfWeek: ["Monday"], startTime: "03:00:00", endTime: "07:00:00" },
    ]);
    expect(recurrences(1)).toMatchObject([{ daysOfWeek: ["Saturday"], startTime: "22:00:00" }]);
    const { resources } = await run(on({ quiet: { maintenance: false } }));
    expect(resources.filter(({ type }) => type === QUIET)).toEqual([]);
  });

  it("have no rules on what isn't gathered", async () => {
    const types = async (monitoring: object) =>
      (await run({ ...on(), monitoring: { enabled: true, ...monitoring } })).resources.map(
        ({ type }) => type,
      );
    expect(await types({ logs: { enabled: false } })).not.toContain(
      "azure-native:monitor:ScheduledQueryRule",
    );
    expect(await types({ metrics: { enabled: false } })).not.toContain(RULES);
  });

  it("leave out objectives, the audit and quota where they are off", async () => {
    const { resources } = await run(
      on({ objectives: { mcp: { enabled: false } }, audit: { enabled: false }, quota: false }),
    );
    const names = resources.filter(({ type }) => ALERTS.test(type)).map(({ name }) => name);
    expect(names.filter((name) => /objective-mcp|Audit|Quota/.test(name))).toEqual([]);
    expect(names).toContain("alerts-LogsCapped");
  });
});

describe("what is watched", { timeout: 60_000 }, () => {
  const watched = (rest: object) => {
    const settings = settingsOf(rest);
    return watchedOf(settings, scrapedJobs(settings));
  };

  it("is what the stack has", () => {
    expect(watched({})).toEqual({
      namespaces: ["mcp", "kmcp-system"],
      modelNamespace: undefined,
      mcp: true,
      search: false,
      models: false,
      gpu: false,
      gpuMetrics: false,
      tuning: false,
      chat: undefined,
      certificates: false,
      istio: false,
      autoscaling: false,
      jobs: ["mcp-guard", "kmcp"],
    });
  });

  it("is more where there is more", () => {
    const more = watched({
      ...MODELS,
      openWebSearch: { enabled: true },
      chat: { enabled: true, models: ["phi"], mcpServers: [] },
      ingress: {
        enabled: true,
        host: "chat.example.com",
        tls: { issuer: "staging", email: "platform@example.com" },
      },
      models: { phi: { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
    });
    expect(more).toMatchObject({
      namespaces: ["mcp", "kmcp-system", "chat", "ingress", "kaito-workspace", "cert-manager"],
      modelNamespace: "models",
      search: true,
      models: true,
      gpu: true,
      gpuMetrics: true,
      chat: { namespace: "chat", deployment: "chat" },
      certificates: true,
      istio: true,
      autoscaling: true,
    });
    expect(more.jobs).toEqual(expect.arrayContaining(["vllm", "dcgm", "cert-manager", "istio-gateway"]));
  });

  it("names the Deployment that the chat app has", async () => {
    const stack = { ...MODELS, chat: { enabled: true, mcpServers: [] }, ...on() };
    const settings = {
      ...stack,
      models: { phi: { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
    };
    const { resources } = await run(settings);
    const names = resources
      .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
      .map(({ inputs }) => [inputs.metadata.namespace, inputs.metadata.name]);
    const { chat } = watched(settings);
    expect(names).toContainEqual([chat?.namespace, chat?.deployment]);
  });

  it("isn't expected to have GPU metrics where all GPU nodes may be gone", () => {
    const { jobs, gpuMetrics } = watched({ ...MODELS, models: {} });
    expect(gpuMetrics).toBe(true);
    expect(jobs).not.toContain("dcgm");
  });
});

describe("settings of alerts", () => {
  const refused =
    (alerts: object, rest: object = {}) =>
    () =>
      parseSettings({ ...BASE, ...rest, alerts }, "dev", () => true);

  it.each<[object, RegExp]>([
    [
      { receivers: { hook: {} } },
      /alerts\.receivers\.hook[\s\S]*exactly one of email, webhook, teams, logicApp/,
    ],
    [
      { receivers: { hook: { webhook: "http://x.example" } } },
      /alerts\.receivers\.hook\.webhook[\s\S]*https:/,
    ],
    [
      { receivers: { hook: { teams: "https://a.webhook.office.com/x" } } },
      /alerts\.receivers\.hook\.teams[\s\S]*no connector/,
    ],
    [
      { objectives: { mcp: { latencySeconds: 4 } } },
      /alerts\.objectives\.mcp\.latencySeconds[\s\S]*2\.5, 5, 10/,
    ],
    [{ objectives: { chat: { availabilityPercent: 90 } } }, /alerts\.objectives\.chat\.availabilityPercent/],
    [{ audit: { silenceHours: 12 } }, /alerts\.audit\.silenceHours[\s\S]*24/],
    [{ thresholds: { quotaFreePercent: 0 } }, /alerts\.thresholds\.quotaFreePercent/],
  ])("%j are refused with what is allowed", (alerts, message) => {
    expect(refused(alerts)).toThrow(message);
  });

  it("need something that gathers what they look at", () => {
    expect(refused({ enabled: true }, { monitoring: { enabled: false } })).toThrow(
      /alerts\.enabled[\s\S]*false where monitoring\.enabled is false/,
    );
  });

  it("need the guards' lines to be kept, where the audit is watched", () => {
    const monitoring = { enabled: true, logs: { excludedNamespaces: ["kube-system", "mcp"] } };
    expect(refused({ enabled: true }, { monitoring })).toThrow(
      /monitoring\.logs\.excludedNamespaces\[1\][\s\S]*alerts\.audit\.enabled: false/,
    );
    expect(refused({ enabled: true, audit: { enabled: false } }, { monitoring })).not.toThrow();
  });

  it.each([
    [{ webhook: HOOK }, "webhook"],
    [{ teams: HOOK }, "teams"],
    [
      {
        logicApp: {
          resourceId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/w",
          callbackUrl: HOOK,
        },
      },
      "logicApp.callbackUrl",
    ],
  ])("must be secret where they hold an address: %#", (receiver, key) => {
    const alerts = { receivers: { hook: receiver } };
    const clear = () => parseSettings({ ...BASE, alerts }, "dev", () => false);
    expect(clear).toThrow(`pulumi config set --secret --path mcpaas:alerts.receivers.hook.${key}`);
    expect(clear).not.toThrow("very-private");
  });
});

describe("docs/alerting.md", () => {
  const text = readFileSync(new URL("../../docs/alerting.md", import.meta.url), "utf8");
  const samples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => sample);

  it("has samples", () => {
    expect(samples.length).toBeGreaterThan(1);
  });

  it.each(samples)("has a sample that the schema takes:\n%s", (sample) => {
    const { "mcpaas:alerts": alerts, ...others }: Record<string, unknown> = parse(sample);
    expect(others).toEqual({});
    expect(settingsOf({ alerts }).alerts.enabled).toBe(true);
  });

  it.each(
    [...text.matchAll(/`alerts\.([\w.]+)(?:: \w+)?`|`((?:objectives|quiet)\.[\w.]+)(?:: \w+)?`/g)].map(
      ([, a, b]) => `alerts.${a ?? b}`,
    ),
  )("names a setting that exists: %s", (key) => {
    const at = key
      .split(".")
      .reduce<unknown>((value, part) => (value as Record<string, unknown>)?.[part], settingsOf({}));
    expect(at).toBeDefined();
  });
});
