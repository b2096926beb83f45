import { describe, expect, test } from "vitest";
import { azureWorkbook, FEATURES, SECTIONS, type WorkbookOptions } from "../../../components/dashboards.ts";
import { readPromql } from "../../support/promql.ts";

interface Content {
  version?: string;
  json?: string;
  title?: string;
  query?: string;
  queryType?: number;
  resourceType?: string;
  crossComponentResources?: string[];
  timeContextFromParameter?: string;
  items?: Item[];
  parameters?: { id: string; name: string; query?: string; value?: unknown }[];
}

interface Item {
  type: number;
  name: string;
  customWidth?: string;
  content: Content;
}

const workspaces = "/subscriptions/s/resourceGroups/g/providers";
const everything: WorkbookOptions = {
  clusterName: "aks-mcpaas-dev",
  features: Object.fromEntries(FEATURES.map((feature) => [feature, true])),
  azureMonitorWorkspaceId: `${workspaces}/microsoft.monitor/accounts/metrics`,
  logAnalyticsWorkspaceId: `${workspaces}/Microsoft.OperationalInsights/workspaces/logs`,
  subscriptionId: "11111111-2222-3333-4444-555555555555",
  location: "eastus",
};

function workbookOf(options: WorkbookOptions) {
  const workbook = JSON.parse(azureWorkbook(options)) as { version: string; items: Item[] };
  const flat = (items: Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.content.items ?? [])]);
  return { ...workbook, all: flat(workbook.items) };
}

describe("the workbook", () => {
  const { version, items, all } = workbookOf(everything);
  const steps = all.filter(({ type }) => type === 3).map(({ content }) => content);
  const ofType = (queryType: number) => steps.filter((step) => step.queryType === queryType);
  const parameters = all.flatMap(({ content }) => content.parameters ?? []);

  test("is made of texts, parameters, queries and groups, each with a name of its own", () => {
    expect(version).toBe("Notebook/1.0");
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set([1, 3, 9, 12]));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test("has a group for each section, and each panel once", () => {
    const groups = items.filter(({ type }) => type === 12).map(({ content }) => content.title);
    expect(groups).toEqual(SECTIONS.map(({ title }) => title));
    const titles = SECTIONS.flatMap(({ panels }) => panels.map(({ title }) => title));
    expect(steps.map(({ title }) => title)).toEqual(titles);
  });

  test("says what each panel tells", () => {
    const texts = all.map(({ content }) => content.json ?? "");
    for (const { tells } of SECTIONS.flatMap(({ panels }) => panels)) {
      expect(texts).toContain(`<small>${tells}</small>`);
    }
  });

  test("asks Prometheus in the Azure Monitor workspace, in queries that are PromQL with the parameters in place", () => {
    expect(ofType(16).length).toBeGreaterThan(40);
    for (const { query = "", resourceType, crossComponentResources } of ofType(16)) {
      expect(resourceType).toBe("microsoft.monitor/accounts");
      expect(crossComponentResources).toEqual([everything.azureMonitorWorkspaceId]);
      const asked = JSON.parse(query.replace(/\{(Namespace|Server|Tool)\}/g, ".*"));
      expect(asked.version).toBe("PrometheusQueryProvider/1.0");
      expect(["query", "query_range"]).toContain(asked.type);
      expect(() => readPromql(asked.queryText)).not.toThrow();
      expect(asked.queryText).not.toContain("$");
    }
  });

  test("asks logs in the Log Analytics workspace, and quotas of the subscription", () => {
    expect(ofType(0).map(({ crossComponentResources }) => crossComponentResources)).toEqual(
      ofType(0).map(() => [everything.logAnalyticsWorkspaceId]),
    );
    expect(ofType(0).length).toBeGreaterThan(0);
    expect(ofType(1).map(({ crossComponentResources }) => crossComponentResources)).toEqual(
      ofType(1).map(() => [`/subscriptions/${everything.subscriptionId}`]),
    );
    expect(ofType(1).length).toBeGreaterThan(0);
    for (const { query } of ofType(1)) expect(query).toContain('location =~ "eastus"');
  });

  test("uses only parameters that it defines, and all of them", () => {
    const used = [...azureWorkbook(everything).matchAll(/\{([A-Z]\w+)\}/g)].map(([, name = ""]) => name);
    const times = steps.flatMap(({ timeContextFromParameter }) => timeContextFromParameter ?? []);
    expect([...new Set([...used, ...times])].sort()).toEqual(parameters.map(({ name }) => name).sort());
    expect(new Set(parameters.map(({ id }) => id)).size).toBe(parameters.length);
  });

  test("lets resources be as they are now, and everything else follow the time", () => {
    expect(ofType(1).every((step) => step.timeContextFromParameter === undefined)).toBe(true);
    expect([...ofType(0), ...ofType(16)].every((step) => step.timeContextFromParameter === "TimeRange")).toBe(
      true,
    );
  });

  test("without a workspace and a subscription has neither logs nor quotas", () => {
    const { logAnalyticsWorkspaceId, subscriptionId, ...rest } = everything;
    const kinds = workbookOf(rest).all.flatMap(({ content }) => content.queryType ?? []);
    expect(new Set(kinds)).toEqual(new Set([16]));
  });

  test("isn't larger than a Workbook resource takes", () => {
    // Azure's limit of a workbook's content is 1 MiB or more; this one is far from it.
    expect(azureWorkbook(everything).length).toBeLessThan(200_000);
  });
});
