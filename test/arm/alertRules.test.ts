import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startMonitored } from "./monitored.ts";
import { inGroup, makeCluster, putInGroup, type Rig } from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startMonitored();
  await put("Microsoft.Insights/actionGroups/oncall", "2024-10-01-preview", {
    location: "global",
    properties: { groupShortName: "oncall", enabled: true },
  });
});
afterEach(() => rig.close());

const put = (type: string, version: string, body: object) =>
  putInGroup(rig, type, `api-version=${version}`, { location: "eastus", ...body });
const id = (rest: string) => inGroup(rig, rest);
const workspace = () => id("Microsoft.Monitor/accounts/metrics");
const oncall = () => id("Microsoft.Insights/actionGroups/oncall");

describe("a group of Prometheus' rules", () => {
  const record = { record: "errors:rate5m", expression: "sum(rate(errors_total[5m]))" };
  const alert = { alert: "Errors", expression: "errors:rate5m > 1", for: "PT5M" };
  const group = (properties: object, location = "eastus") =>
    put("Microsoft.AlertsManagement/prometheusRuleGroups/calls", "2023-03-01", {
      location,
      properties: { scopes: [workspace()], rules: [record, alert], ...properties },
    });

  test("has Azure's defaults", async () => {
    const { status, body } = await group({
      rules: [record, { ...alert, actions: [{ actionGroupId: oncall() }] }],
    });
    expect([status, body.properties.interval, body.properties.enabled]).toEqual([201, "PT1M", true]);
    expect(body.properties.rules[1]).toMatchObject({
      severity: 3,
      resolveConfiguration: { autoResolved: true, timeToResolve: "PT5M" },
    });
  });

  test("may be for one cluster", async () => {
    const cluster = id("Microsoft.ContainerService/managedClusters/demo");
    expect((await group({ scopes: [workspace(), cluster] })).status).toBe(400);
    await makeCluster(rig);
    expect((await group({ scopes: [workspace(), cluster] })).status).toBe(201);
  });

  const rule = (changes: object) => ({ rules: [{ ...alert, ...changes }] });
  test.each([
    ["no workspace", { scopes: [] }, "scopes"],
    ["no rule", { rules: [] }, "rules"],
    ["more than twenty", { rules: Array.from({ length: 21 }, () => record) }, "rules"],
    ["half a minute between", { interval: "PT30S" }, "interval"],
    ["an hour between", { interval: "PT1H" }, "interval"],
    ["Prometheus' own form of a duration", rule({ for: "5m" }), "rules[0].for"],
    [
      "a time to resolve of that form",
      rule({ resolveConfiguration: { timeToResolve: "5m" } }),
      "timeToResolve",
    ],
    ["an alert that is a record, too", rule({ record: "errors" }), "rules[0]"],
    ["a severity of 5", rule({ severity: 5 }), "severity"],
    ["an empty expression", rule({ expression: " " }), "expression"],
    ["half an expression", rule({ expression: "sum(rate(errors_total[5m])" }), "expression"],
    ["a label that is none", rule({ labels: { "a-b": "c" } }), "labels"],
    ["a group of receivers that isn't there", rule({ actions: [{ actionGroupId: "/x" }] }), "actions"],
    ["a record that is told", { rules: [{ ...record, for: "PT5M" }] }, "rules[0].for"],
    ["a record of no name", { rules: [{ ...record, record: "errors-rate" }] }, "record"],
  ])("is refused with %s", async (_, properties, target) => {
    const { status, body } = await group(properties);
    expect([status, body.error.target]).toEqual([400, expect.stringContaining(target)]);
  });

  test("is where its workspace is", async () => {
    expect((await group({}, "westeurope")).body.error.target).toBe("location");
  });
});

describe("an alert on logs", () => {
  const condition = { query: "AppTraces", timeAggregation: "Count", operator: "GreaterThan", threshold: 0 };
  const rule = (properties: object, top: object = {}) =>
    put("Microsoft.Insights/scheduledQueryRules/audit", "2025-01-01-preview", {
      ...top,
      properties: {
        scopes: [id("Microsoft.OperationalInsights/workspaces/logs")],
        ...{ severity: 2, evaluationFrequency: "PT5M", windowSize: "PT15M" },
        criteria: { allOf: [condition] },
        ...properties,
      },
    });
  const when = (changes: object) => ({ criteria: { allOf: [{ ...condition, ...changes }] } });

  test("resolves itself unless it is muted", async () => {
    expect((await rule({})).body.properties.autoMitigate).toBe(true);
    expect((await rule({ muteActionsDuration: "PT1H" })).body.properties.autoMitigate).toBe(false);
    expect((await rule({ muteActionsDuration: "PT1H", autoMitigate: true })).status).toBe(400);
  });

  test.each([
    ["no severity", { severity: undefined }, "severity"],
    ["a window that is shorter than the time between", { windowSize: "PT1M" }, "windowSize"],
    ["a time between that Azure doesn't have", { evaluationFrequency: "PT7M" }, "evaluationFrequency"],
    ["an average of nothing", when({ timeAggregation: "Average" }), "criteria"],
    [
      "more failures than periods",
      when({ failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 2 } }),
      "criteria",
    ],
    ["an operator of Kusto's", when({ operator: ">" }), "operator"],
    ["nowhere to look", { scopes: ["/subscriptions/x/resourceGroups/y/providers/a/b/c"] }, "scopes"],
    ["somebody to tell who isn't there", { actions: { actionGroups: ["/x"] } }, "actions"],
  ])("is refused with %s", async (_, properties, target) => {
    const { status, body } = await rule(properties);
    expect([status, body.target]).toEqual([400, expect.stringContaining(target)]);
  });

  test("that looks beyond its workspace does so as somebody who is there", async () => {
    const beyond = when({ query: 'arg("").QuotaResources' });
    const user = id("Microsoft.ManagedIdentity/userAssignedIdentities/reader");
    const identity = { type: "UserAssigned", userAssignedIdentities: { [user]: {} } };
    expect((await rule(beyond)).body.target).toBe("identity");
    expect((await rule(beyond, { identity })).body.message).toContain("was not found");
    await put("Microsoft.ManagedIdentity/userAssignedIdentities/reader", "2023-01-31", {});
    const { body } = await rule(beyond, { identity });
    expect(body.identity.userAssignedIdentities[user].principalId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a time without alerts", () => {
  const weekly = {
    recurrenceType: "Weekly",
    daysOfWeek: ["Sunday"],
    startTime: "01:00:00",
    endTime: "05:00:00",
  };
  const rule = (properties: object, location = "Global") =>
    put("Microsoft.AlertsManagement/actionRules/maintenance", "2021-08-08", {
      location,
      properties: {
        scopes: [id("").replace("/providers/", "")],
        actions: [{ actionType: "RemoveAllActionGroups" }],
        schedule: { timeZone: "W. Europe Standard Time", recurrences: [weekly] },
        ...properties,
      },
    });

  test("is kept", async () => {
    const { status, body } = await rule({});
    expect([status, body.properties.enabled]).toEqual([201, true]);
  });

  test.each([
    ["no action", { actions: [] }],
    ["an action that is none", { actions: [{ actionType: "Suppress" }] }],
    ["a scope that isn't there", { scopes: ["/subscriptions/x/resourceGroups/other"] }],
    ["a time zone of another system's", { schedule: { timeZone: "Europe/Berlin", recurrences: [weekly] } }],
    ["days without names", { schedule: { recurrences: [{ ...weekly, daysOfWeek: [] }] } }],
    ["hours without seconds", { schedule: { recurrences: [{ ...weekly, startTime: "01:00" }] } }],
    ["an offset", { schedule: { effectiveFrom: "2026-11-23T00:00:00Z" } }],
    [
      "an end before",
      { schedule: { effectiveFrom: "2026-11-24T00:00:00", effectiveUntil: "2026-11-23T00:00:00" } },
    ],
  ])("is refused with %s", async (_, properties) => {
    expect((await rule(properties)).status).toBe(400);
  });

  test("is nowhere but everywhere", async () => {
    expect((await rule({}, "eastus")).status).toBe(400);
  });
});
