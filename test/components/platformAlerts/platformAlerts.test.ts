import { describe, expect, it } from "vitest";
import type { PlatformAlertsArgs } from "../../../components/platformAlerts/args.ts";
import { PlatformAlerts } from "../../../components/platformAlerts.ts";
import { ALL_GROUPS, EVERYTHING } from "../../promtool/everything.ts";
import { azure, SUBSCRIPTION } from "../../support/azure.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const GROUP = "azure-native:monitor:ActionGroup";
const RULES = "azure-native:alertsmanagement:PrometheusRuleGroup";
const LOGS = "azure-native:monitor:ScheduledQueryRule";
const QUIET = "azure-native:alertsmanagement:AlertProcessingRuleByName";
const HOOK = "https://hooks.example.com/alert?key=very-private";
const TEAMS = "https://prod-01.westeurope.logic.azure.com/workflows/1/triggers/manual?sig=very-private";
const CALLBACK = "https://logic.example.com/callback?sig=very-private";

const answers = {
  ...azure,
  calls: {
    ...azure.calls,
    "azure-native:logic:listWorkflowTriggerCallbackUrl": () => ({ value: CALLBACK }),
  },
};

const run = (args: Partial<PlatformAlertsArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new PlatformAlerts("alerts", {
        resourceGroupName: "rg",
        location: "eastus",
        clusterName: "aks-dev",
        clusterId: "/clusters/aks-dev",
        azureMonitorWorkspaceId: "/workspaces/metrics",
        logAnalyticsWorkspaceId: "/workspaces/logs",
        watched: EVERYTHING,
        audit: { namespace: "mcp" },
        ...args,
      }),
    answers,
    options,
  );

describe("action groups", () => {
  it("are one for each severity, in Azure's words", async () => {
    const { result, resources, find } = await run();
    const groups = resources.filter(({ type }) => type === GROUP);
    expect(groups.map(({ inputs }) => inputs.actionGroupName)).toEqual([
      "ag-aks-dev-critical",
      "ag-aks-dev-warning",
      "ag-aks-dev-info",
    ]);
    for (const { inputs } of groups) {
      expect(inputs).toMatchObject({ location: "global", enabled: true, webhookReceivers: [] });
      expect(inputs.groupShortName.length).toBeLessThanOrEqual(12);
    }
    expect(await resolved(result.actionGroupIds.critical)).toBe(`${find(GROUP, "alerts-critical").name}-id`);
  });

  it("tell each receiver of its severity and worse", async () => {
    const { find } = await run({
      receivers: {
        all: { email: "all@example.com" },
        day: { email: "day@example.com", from: "warning" },
        night: { email: "night@example.com", from: "critical" },
      },
    });
    const told = (level: string) =>
      find(GROUP, `alerts-${level}`).inputs.emailReceivers.map(({ name }: { name: string }) => name);
    expect(told("critical")).toEqual(["all", "day", "night"]);
    expect(told("warning")).toEqual(["all", "day"]);
    expect(told("info")).toEqual(["all"]);
  });

  it("keep addresses of webhooks and Logic Apps as secrets", async () => {
    const { find } = await run({
      receivers: {
        hook: { webhook: HOOK },
        app: { logicApp: { resourceId: "/logic/app", callbackUrl: CALLBACK } },
      },
    });
    const { inputs, secretInputs } = find(GROUP, "alerts-critical");
    expect(inputs.webhookReceivers).toEqual([{ name: "hook", serviceUri: HOOK, useCommonAlertSchema: true }]);
    expect(inputs.logicAppReceivers).toEqual([
      { name: "app", resourceId: "/logic/app", callbackUrl: CALLBACK, useCommonAlertSchema: true },
    ]);
    expect(secretInputs.join()).toMatch(
      /webhookReceivers.*logicAppReceivers|logicAppReceivers.*webhookReceivers/,
    );
  });

  it.each([{ preview: false }, { preview: true }])(
    "reach a channel of Teams by a Logic App that makes a card, preview: $preview",
    async ({ preview }) => {
      const { find } = await run({ receivers: { channel: { teams: TEAMS } } }, { preview });
      const { inputs, secretInputs } = find("azure-native:logic:Workflow");
      expect(inputs.parameters.teamsUrl).toEqual({ type: "SecureString", value: TEAMS });
      expect(secretInputs.join()).toContain("parameters");
      expect(JSON.stringify(inputs.definition)).not.toContain("very-private");
      const { triggers, actions } = inputs.definition;
      expect(Object.keys(triggers)).toEqual(["alert"]);
      expect(actions.post).toMatchObject({
        inputs: { method: "POST", uri: "@parameters('teamsUrl')" },
        runtimeConfiguration: { secureData: { properties: ["inputs"] } },
      });
      expect(actions.answer).toMatchObject({
        type: "Response",
        runAfter: { post: ["Succeeded", "Failed", "TimedOut"] },
        inputs: { statusCode: expect.stringContaining("outputs('post')?['statusCode']") },
      });
      const [receiver] = find(GROUP, "alerts-critical").inputs.logicAppReceivers;
      if (!preview) expect(receiver).toMatchObject({ name: "channel", callbackUrl: CALLBACK });
    },
  );

  it.each<[Record<string, unknown>, RegExp]>([
    [{ Hook: { webhook: HOOK } }, /receivers\.Hook: "Hook" is not allowed/],
    [{ hook: {} }, /receivers\.hook: must be one of .*has none/],
    [
      { hook: { webhook: HOOK, email: "a@b.example" } },
      /receivers\.hook: must be one of .*has email and webhook/,
    ],
    [{ mail: { email: "nobody" } }, /receivers\.mail\.email: "nobody" is not allowed/],
    [
      { hook: { webhook: "http://in-clear.example/very-private" } },
      /receivers\.hook\.webhook: it must be a URL/,
    ],
    [
      { hook: { teams: "https://example.webhook.office.com/webhookb2/very-private" } },
      /receivers\.hook\.teams: it must be the address of a workflow .*no connector/,
    ],
  ])("refuse %j without telling the address", async (receivers, message) => {
    const failure = await run({ receivers: receivers as never }).catch((error: Error) => error);
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toContain("very-private");
  });
});

describe("rules on metrics", () => {
  it("are Azure's rule groups, on one cluster of the workspace", async () => {
    const { resources } = await run();
    const groups = resources.filter(({ type }) => type === RULES);
    expect(groups).toHaveLength(ALL_GROUPS.length);
    for (const { inputs } of groups) {
      expect(inputs).toMatchObject({
        location: "eastus",
        clusterName: "aks-dev",
        scopes: ["/workspaces/metrics", "/clusters/aks-dev"],
        enabled: true,
        interval: expect.stringMatching(/^PT(1|15)M$/),
      });
      expect(inputs.ruleGroupName).toMatch(/^prom-aks-dev-[a-z-]+$/);
    }
  });

  it("name severity, runbook, time and whom to tell", async () => {
    const { find } = await run({ runbookBase: "https://git.example/mcpaas/blob/main/" });
    const { rules } = find(RULES, "alerts-mcp").inputs;
    expect(rules[0]).toMatchObject({
      alert: "McpBreakerOpen",
      expression: "max by (server) (mcp_guard_breaker_state) == 2",
      for: "PT2M",
      severity: 2,
      labels: { severity: "warning" },
      annotations: {
        runbook_url: "https://git.example/mcpaas/blob/main/docs/runbooks/mcp.md#mcpbreakeropen",
      },
      actions: [{ actionGroupId: "alerts-warning-id" }],
      resolveConfiguration: { autoResolved: true },
    });
    const { rules: ofGpus } = find(RULES, "alerts-nodes").inputs;
    const critical = ofGpus.find(({ alert }: { alert: string }) => alert === "GpuNodeNotReady");
    expect(critical).toMatchObject({ severity: 1, actions: [{ actionGroupId: "alerts-critical-id" }] });
  });

  it("record series with their labels and nobody to tell", async () => {
    const { find } = await run();
    const [record] = find(RULES, "alerts-objective-mcp-availability").inputs.rules;
    expect(record).toEqual({
      record: "objective:error_ratio:rate5m",
      expression: expect.stringContaining("mcp_guard_calls_total"),
      labels: { objective: "mcp-availability" },
      enabled: true,
    });
  });

  it("are none without a workspace of metrics", async () => {
    const { resources } = await run({ azureMonitorWorkspaceId: undefined });
    expect(resources.filter(({ type }) => type === RULES)).toEqual([]);
    expect(resources.filter(({ type }) => type === LOGS)).not.toEqual([]);
  });
});

describe("rules on logs", () => {
  it("look at the workspace, and tell by severity", async () => {
    const { find } = await run();
    expect(find(LOGS, "alerts-AuditDeniedCalls").inputs).toMatchObject({
      kind: "LogAlert",
      ruleName: "log-aks-dev-AuditDeniedCalls",
      scopes: ["/workspaces/logs"],
      severity: 2,
      evaluationFrequency: "PT15M",
      windowSize: "PT15M",
      skipQueryValidation: true,
      criteria: {
        allOf: [
          {
            timeAggregation: "Count",
            operator: "GreaterThanOrEqual",
            threshold: 10,
            dimensions: [
              { name: "caller", operator: "Include", values: ["*"] },
              { name: "server", operator: "Include", values: ["*"] },
            ],
          },
        ],
      },
      actions: {
        actionGroups: ["alerts-warning-id"],
        customProperties: { runbook_url: "docs/runbooks/audit.md#auditdeniedcalls" },
      },
    });
  });

  it("tell of states until they are over, and of each thing that happened", async () => {
    const { resources } = await run({ audit: { namespace: "mcp", silenceHours: 24 } });
    const events = resources.filter(({ type, inputs }) => type === LOGS && !inputs.autoMitigate);
    expect(events.map(({ name }) => name).sort()).toEqual([
      "alerts-AuditDangerousTool",
      "alerts-AuditNewCaller",
    ]);
  });

  it("look two days back for callers that are new", async () => {
    const { find } = await run();
    expect(find(LOGS, "alerts-AuditNewCaller").inputs).toMatchObject({
      overrideQueryTimeRange: "P2D",
      windowSize: "PT1H",
    });
  });

  it("ask for quota as an identity that may read the subscription, once it may", async () => {
    const { find, resources } = await run({ thresholds: { quotaFreePercent: 30 } });
    const rule = find(LOGS, "alerts-QuotaHeadroomLow");
    expect(rule.inputs.identity).toEqual({
      type: "UserAssigned",
      userAssignedIdentities: ["alerts-quota-reader-id"],
    });
    expect(rule.inputs.criteria.allOf[0]).toMatchObject({
      query: expect.stringContaining(`subscriptionId =~ "${SUBSCRIPTION}" and location =~ "eastus"`),
      metricMeasureColumn: "freePercent",
      timeAggregation: "Minimum",
      operator: "LessThan",
      threshold: 30,
    });
    const role = find("azure-native:authorization:RoleAssignment");
    expect(role.inputs).toMatchObject({
      scope: `/subscriptions/${SUBSCRIPTION}`,
      roleDefinitionId: expect.stringContaining("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
      principalType: "ServicePrincipal",
    });
    expect(needs(resources, rule, role)).toBe(true);
  });

  it("leave out what isn't asked for", async () => {
    const names = async (args: Partial<PlatformAlertsArgs>) =>
      (await run(args)).resources.filter(({ type }) => type === LOGS).map(({ name }) => name);
    expect(await names({ quota: false, audit: undefined })).toEqual(["alerts-LogsCapped"]);
    expect(await names({ logAnalyticsWorkspaceId: undefined })).toEqual([]);
    const { resources } = await run({ quota: false });
    expect(resources.filter(({ type }) => /RoleAssignment|UserAssignedIdentity/.test(type))).toEqual([]);
  });
});

describe("quiet windows", () => {
  it("take away action groups in the resource group", async () => {
    const { find } = await run({
      quietWindows: [{ daysOfWeek: ["Sunday"], startTime: "02:00", durationHours: 4 }],
    });
    expect(find(QUIET).inputs).toMatchObject({
      location: "Global",
      alertProcessingRuleName: "apr-aks-dev-quiet-0",
      properties: {
        scopes: [`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`],
        conditions: [{ field: "Severity", operator: "Equals", values: ["Sev2", "Sev3"] }],
        actions: [{ actionType: "RemoveAllActionGroups" }],
        schedule: { timeZone: "UTC", recurrences: [{ startTime: "02:00:00", endTime: "06:00:00" }] },
      },
    });
  });

  it("are refused by their place", async () => {
    const window = { daysOfWeek: ["Sunday" as const], startTime: "2", durationHours: 4 };
    await expect(async () => run({ quietWindows: [window] })).rejects.toThrow(/quietWindows\[0\]\.startTime/);
  });
});
