import { describe, expect, test } from "vitest";
import { thresholdSteps } from "../../../components/dashboards/grafana/fields.ts";
import {
  type DashboardOptions,
  FEATURES,
  grafanaDashboard,
  SECTIONS,
} from "../../../components/dashboards.ts";
import { readPromql } from "../../support/promql.ts";

interface Target {
  refId: string;
  expr?: string;
  interval?: string;
  queryType?: string;
  subscriptions?: string[];
  azureLogAnalytics?: { resources: string[]; resultFormat: string };
}

interface GrafanaPanel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: Target[];
  links?: { url: string }[];
}

interface Dashboard {
  uid: string;
  title: string;
  panels: GrafanaPanel[];
  templating: { list: { name: string; current: unknown; query: unknown }[] };
}

const everything: DashboardOptions = {
  clusterName: "aks-mcpaas-dev",
  features: Object.fromEntries(FEATURES.map((feature) => [feature, true])),
  logAnalyticsWorkspaceId:
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w",
  subscriptionId: "11111111-2222-3333-4444-555555555555",
  location: "eastus",
};
const dashboardOf = (options: DashboardOptions) => grafanaDashboard(options) as Dashboard;
const queriesOf = ({ panels }: Dashboard) => panels.flatMap(({ targets = [] }) => targets);

describe("Grafana's dashboard", () => {
  const dashboard = dashboardOf(everything);

  test("has a row for each section, and each panel once", () => {
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual(SECTIONS.map(({ title }) => title));
    const titles = dashboard.panels.filter(({ type }) => type !== "row").map(({ title }) => title);
    expect(titles).toEqual(SECTIONS.flatMap(({ panels }) => panels.map(({ title }) => title)));
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test("puts every row below what is above it", () => {
    let bottom = 0;
    for (const { type, gridPos } of dashboard.panels) {
      if (type === "row") expect(gridPos.y).toBe(bottom);
      bottom = Math.max(bottom, gridPos.y + gridPos.h);
    }
  });

  test("uses only variables that it defines, and all of them", () => {
    const defined = dashboard.templating.list.map(({ name }) => name);
    const text = JSON.stringify(dashboard);
    const used = [...text.matchAll(/\$(\w+)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !name.startsWith("_"));
    expect([...new Set(used)].sort()).toEqual([...defined].sort());
  });

  test("asks PromQL once a panel, with variables in their places", () => {
    for (const { refId, expr } of queriesOf(dashboard)) {
      expect(refId).toBe("A");
      if (expr !== undefined)
        expect(() => readPromql(expr.replaceAll("$__rate_interval", "5m"))).not.toThrow();
    }
  });

  test("takes no rate over less than four scrapes: the step of each query is the cluster's", () => {
    const steps = (options: DashboardOptions) =>
      queriesOf(dashboardOf(options)).flatMap(({ expr, interval }) => (expr === undefined ? [] : [interval]));
    expect(new Set(steps(everything))).toEqual(new Set(["30s"]));
    expect(new Set(steps({ ...everything, scrapeIntervalSeconds: 60 }))).toEqual(new Set(["60s"]));
  });

  test("asks for quotas of the subscription, and for logs in the workspace", () => {
    const graph = queriesOf(dashboard).filter(({ queryType }) => queryType === "Azure Resource Graph");
    expect(graph.map(({ subscriptions }) => subscriptions)).toEqual(
      graph.map(() => [everything.subscriptionId]),
    );
    expect(graph.length).toBeGreaterThan(0);
    const logs = queriesOf(dashboard).flatMap(({ azureLogAnalytics }) => azureLogAnalytics ?? []);
    expect(logs.map(({ resources }) => resources)).toEqual(
      logs.map(() => [everything.logAnalyticsWorkspaceId]),
    );
    expect(new Set(logs.map(({ resultFormat }) => resultFormat))).toEqual(new Set(["table", "time_series"]));
  });

  test("starts with its own cluster", () => {
    const cluster = dashboard.templating.list.find(({ name }) => name === "cluster");
    expect(cluster?.current).toEqual({ text: "aks-mcpaas-dev", value: "aks-mcpaas-dev" });
  });

  test("stays the same dashboard for the same cluster, and is another one for another", () => {
    expect(dashboardOf({ clusterName: "aks-mcpaas-dev" }).uid).toBe(dashboard.uid);
    expect(dashboardOf({ clusterName: "aks-mcpaas-prod" }).uid).not.toBe(dashboard.uid);
    expect(dashboard.uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
  });

  test("without a workspace and a subscription asks nothing of Azure", () => {
    const { logAnalyticsWorkspaceId, subscriptionId, ...rest } = everything;
    const without = dashboardOf(rest);
    expect(JSON.stringify(without)).not.toContain("azure-monitor");
    expect(without.templating.list.map(({ name }) => name)).not.toContain("azure");
  });

  test("links to runbooks where they can be read", () => {
    const links = (options: DashboardOptions) =>
      dashboardOf(options).panels.flatMap(({ links = [] }) => links.map(({ url }) => url));
    expect(links(everything)).toEqual([]);
    const runbookBase = "https://git.example.com/mcpaas/blob/main/";
    expect(links({ ...everything, runbookBase })).toContain(
      "https://git.example.com/mcpaas/blob/main/docs/runbooks/mcp.md",
    );
  });
});

describe("thresholds in Grafana", () => {
  const steps = [
    { value: 0.2, level: "warning" },
    { value: 0.05, level: "critical" },
  ] as const;

  test("rise from good to bad", () => {
    expect(thresholdSteps({ when: "above", steps: [...steps].reverse() })).toEqual([
      { color: "green", value: null },
      { color: "red", value: 0.05 },
      { color: "orange", value: 0.2 },
    ]);
  });

  test("or from bad to good, when little is bad", () => {
    expect(thresholdSteps({ when: "below", steps })).toEqual([
      { color: "red", value: null },
      { color: "orange", value: 0.05 },
      { color: "green", value: 0.2 },
    ]);
  });

  test("or are none", () => {
    expect(thresholdSteps(undefined)).toEqual([{ color: "green", value: null }]);
  });
});
