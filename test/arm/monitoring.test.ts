import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startMonitored } from "./monitored.ts";
import { clusterBody, inGroup, inventory, makeCluster, putInGroup, type Rig, sub } from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startMonitored();
});
afterEach(() => rig.close());

const put = (type: string, version: string, body: object) =>
  putInGroup(rig, type, `api-version=${version}`, { location: "eastus", ...body });
const metrics = "Microsoft.Monitor/accounts/metrics?api-version=2023-04-03";
const id = (rest: string) => inGroup(rig, rest);

describe("a workspace for metrics", () => {
  test("brings a group with an endpoint and a rule, which go with it", async () => {
    const { body } = await rig.raw("GET", inGroup(rig, metrics));
    // As recorded: the id in lower case, the settings in Azure's usual one.
    expect(body.id).toBe(sub(rig, "/resourcegroups/rg/providers/microsoft.monitor/accounts/metrics"));
    expect(body.properties.metrics.prometheusQueryEndpoint).toMatch(
      /^https:\/\/metrics-[0-9a-f]{4}\.eastus\.prometheus\.monitor\.azure\.com$/,
    );
    const { dataCollectionRuleResourceId } = body.properties.defaultIngestionSettings;
    expect(dataCollectionRuleResourceId).toContain("/resourceGroups/MA_metrics_eastus_managed/");
    const rule = await rig.raw("GET", `${dataCollectionRuleResourceId}?api-version=2022-06-01`);
    expect(rule.body.properties.immutableId).toMatch(/^dcr-[0-9a-f]{32}$/);
    const gone = await rig.raw("DELETE", inGroup(rig, metrics));
    expect(gone.status).toBe(202);
    await rig.finish(gone);
    expect((await inventory(rig)).map(({ id: one }) => one).join()).not.toContain("MA_metrics");
  });

  test("is found whatever the case of its id", async () => {
    const { body } = await rig.raw("GET", inGroup(rig, metrics));
    expect((await rig.raw("GET", `${body.id}?api-version=2023-04-03`)).status).toBe(200);
  });

  test.each(["-metrics", "metrics-", "met_rics"])("is not called %s", async (name) => {
    expect((await put(`Microsoft.Monitor/accounts/${name}`, "2023-04-03", {})).status).toBe(400);
  });
});

describe("a data collection rule", () => {
  const stream = "Microsoft-PrometheusMetrics";
  const rule = (changes: object = {}, location = "eastus") =>
    put("Microsoft.Insights/dataCollectionRules/prometheus", "2022-06-01", {
      ...{ location, kind: "Linux" },
      properties: {
        dataSources: { prometheusForwarder: [{ name: "source", streams: [stream] }] },
        destinations: {
          monitoringAccounts: [
            { name: "account", accountResourceId: id("Microsoft.Monitor/accounts/metrics") },
          ],
        },
        dataFlows: [{ streams: [stream], destinations: ["account"] }],
        ...changes,
      },
    });

  test("leads from sources to destinations, whose own ids Azure fills in", async () => {
    const { status, body } = await rule();
    expect(status).toBe(201);
    const [account] = body.properties.destinations.monitoringAccounts;
    expect(account.accountId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await rule()).status).toBe(200);
  });

  const account = (name: string, accountResourceId: string) => ({
    destinations: { monitoringAccounts: [{ name, accountResourceId }] },
  });
  test.each([
    ["has no flow", () => rule({ dataFlows: [] }), "has no data flow"],
    [
      "leads to a destination that isn't there",
      () => rule({ dataFlows: [{ streams: [stream], destinations: ["other"] }] }),
      "no destination 'other'",
    ],
    [
      "takes a stream that no source has",
      () => rule({ dataFlows: [{ streams: ["Microsoft-Perf"], destinations: ["account"] }] }),
      "stream 'Microsoft-Perf'",
    ],
    [
      "names a workspace that isn't there",
      () => rule(account("account", id("Microsoft.Monitor/accounts/x"))),
      "not found",
    ],
    ["is elsewhere than its workspace", () => rule({}, "westeurope"), "is in eastus"],
    [
      "names an endpoint that isn't there",
      () => rule({ dataCollectionEndpointId: id("Microsoft.Insights/dataCollectionEndpoints/x") }),
      "not found",
    ],
  ])("is refused when it %s", async (_, ask, words) => {
    const { status, body } = await ask();
    expect(status).toBe(400);
    // Microsoft.Insights has no envelope around its errors.
    expect(body).toMatchObject({ code: "InvalidPayload", message: expect.stringContaining(words) });
  });

  test("is bound to a cluster that is there, and goes from it with the cluster", async () => {
    const cluster = id("Microsoft.ContainerService/managedClusters/demo");
    const bind = (name: string, properties: object) =>
      rig.raw(
        "PUT",
        `${cluster}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${name}?api-version=2022-06-01`,
        { body: { properties } },
      );
    const dataCollectionRuleId = id("Microsoft.Insights/dataCollectionRules/prometheus");
    expect((await bind("metrics", { dataCollectionRuleId })).status).toBe(404);
    await makeCluster(rig, "demo", clusterBody());
    expect((await bind("metrics", { dataCollectionRuleId })).body.message).toContain("not found");
    await rule();
    expect((await bind("metrics", { dataCollectionRuleId })).status).toBe(201);
    expect((await bind("metrics", {})).status).toBe(400);
    // Only this name is for endpoints, and it is for nothing else.
    expect((await bind("configurationAccessEndpoint", { dataCollectionRuleId })).status).toBe(400);
    await rig.finish(await rig.raw("DELETE", `${cluster}?api-version=2025-09-01`));
    const left = (await inventory(rig)).map(({ type }) => type);
    expect(left).not.toContain("Microsoft.Insights/dataCollectionRuleAssociations");
    expect(left).toContain("Microsoft.Insights/dataCollectionRules");
  });
});

describe("a diagnostic setting", () => {
  const registry = "Microsoft.ContainerRegistry/registries/imagesfortest";
  const workspace = (name = "logs") => id(`Microsoft.OperationalInsights/workspaces/${name}`);
  const login = { category: "ContainerRegistryLoginEvents", enabled: true };
  const set = (name: string, properties: object) =>
    rig.raw(
      "PUT",
      `${id(registry)}/providers/Microsoft.Insights/diagnosticSettings/${name}?api-version=2021-05-01-preview`,
      { body: { properties: { workspaceId: workspace(), ...properties } } },
    );
  beforeEach(async () => {
    await put(registry, "2023-07-01", { sku: { name: "Basic" } });
  });

  test("sends a category to a workspace once", async () => {
    expect((await set("first", { logs: [login] })).status).toBe(201);
    expect((await set("first", { logs: [login] })).status).toBe(200);
    const again = await set("second", { logs: [{ categoryGroup: "allLogs", enabled: true }] });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe("Conflict");
    expect(again.body.message).toMatch(
      /is already used in diagnostic setting 'first' for category 'ContainerRegistryLoginEvents'/,
    );
    const other = { category: "ContainerRegistryRepositoryEvents", enabled: true };
    expect((await set("second", { logs: [other] })).status).toBe(201);
  });

  test.each([
    ["a category of another type", { logs: [{ category: "kube-audit", enabled: true }] }, "'kube-audit'"],
    ["a group that isn't", { logs: [{ categoryGroup: "some", enabled: true }] }, "'some'"],
    ["both at once", { logs: [{ ...login, categoryGroup: "audit" }] }, "Exactly one"],
    ["nothing that is on", { logs: [{ ...login, enabled: false }] }, "At least one category"],
    ["nowhere to send to", { workspaceId: undefined, logs: [login] }, "At least one data sink"],
    [
      "days to keep",
      { logs: [{ ...login, retentionPolicy: { enabled: true, days: 30 } }] },
      "does not support retention",
    ],
  ])("is refused with %s", async (_, properties, words) => {
    const { status, body } = await set("first", properties);
    expect([status, body.message]).toEqual([400, expect.stringContaining(words)]);
  });

  test("needs a workspace that is there", async () => {
    expect((await set("first", { workspaceId: workspace("other"), logs: [login] })).status).toBe(404);
  });
});

describe("what is looked at", () => {
  const guid = "7a1c3c2e-0c6e-4b8e-9d35-8c8d4a9c4f11";
  const workbook = (name: string, properties: object = {}) =>
    put(`Microsoft.Insights/workbooks/${name}`, "2023-06-01", {
      kind: "shared",
      properties: { displayName: "Health", category: "workbook", serializedData: "{}", ...properties },
    });

  test("a workbook is JSON under a GUID", async () => {
    expect((await workbook("health")).status).toBe(400);
    expect((await workbook(guid, { serializedData: "{" })).status).toBe(400);
    expect((await workbook(guid)).body.properties.sourceId).toBe("azure monitor");
    expect((await workbook(guid)).status).toBe(200);
  });

  test("a managed Grafana has an address and an identity, and knows its workspace", async () => {
    const grafana = (account: string) =>
      put("Microsoft.Dashboard/grafana/charts", "2024-10-01", {
        ...{ sku: { name: "Standard" }, identity: { type: "SystemAssigned" } },
        properties: {
          grafanaIntegrations: {
            azureMonitorWorkspaceIntegrations: [
              { azureMonitorWorkspaceResourceId: id(`Microsoft.Monitor/accounts/${account}`) },
            ],
          },
        },
      });
    expect((await grafana("other")).status).toBe(400);
    const { body } = await grafana("metrics");
    expect(body.properties.endpoint).toMatch(/^https:\/\/charts-\w+\.eastus\.grafana\.azure\.com$/);
    expect(body.identity.principalId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
