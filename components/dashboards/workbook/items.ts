import { runbookLink, type WorkbookOptions } from "../options.ts";
import type { Panel, PanelUnit, Query } from "../panel.ts";
import { scopeOf } from "../scope.ts";

/** Kinds of a workbook's queries. Source: the workbooks of microsoft/Application-Insights-Workbooks, 1ea1c77b0. */
const LOGS = { queryType: 0, resourceType: "microsoft.operationalinsights/workspaces" };
const RESOURCE_GRAPH = { queryType: 1, resourceType: "microsoft.resourcegraph/resources" };
export const PROMETHEUS = { queryType: 16, resourceType: "microsoft.monitor/accounts" };

/** A query of Prometheus, as it stands in an item: JSON in a text. */
export function prometheusQuery(queryText: string, more: Record<string, string>): string {
  return JSON.stringify({
    version: "PrometheusQueryProvider/1.0",
    customEndpoint: false,
    queryText,
    ...more,
  });
}

/** The workbook's parameters as a query's place; a rate's range is fixed, as workbooks know no fitting one. */
const scopeFor = (cluster: string) =>
  scopeOf({ cluster, namespace: "{Namespace}", server: "{Server}", tool: "{Tool}", range: "5m" });

/** Percent of the width; three of 33 leave no gap that a reader would see. */
const WIDTHS: Record<Panel["width"], string> = { 4: "16", 6: "25", 8: "33", 12: "50", 24: "100" };

/** The text and the source of an item's query. */
function queryOf(query: Query, instant: boolean, options: WorkbookOptions): object {
  if ("promql" in query) {
    return {
      query: prometheusQuery(query.promql(scopeFor(options.clusterName)), {
        type: instant ? "query" : "query_range",
      }),
      ...PROMETHEUS,
      crossComponentResources: [options.azureMonitorWorkspaceId],
    };
  }
  if ("kql" in query) {
    return { query: query.kql, ...LOGS, crossComponentResources: [options.logAnalyticsWorkspaceId] };
  }
  const subscription = `/subscriptions/${options.subscriptionId}`;
  return {
    query: query.resources(options.location),
    ...RESOURCE_GRAPH,
    crossComponentResources: [subscription],
  };
}

/** A panel as a workbook's step. Single numbers are small charts: workbooks show results of Prometheus as those. */
export function workbookItem(panel: Panel, options: WorkbookOptions): object {
  const { id, title, tells, kind, query, width, runbook } = panel;
  const instant = kind === "bars" || kind === "table";
  const asked = "promql" in query;
  const link =
    runbook !== undefined && options.runbookBase !== undefined
      ? ` ([runbook](${runbookLink(runbook, options.runbookBase)}))`
      : "";
  const content = {
    version: "KqlItem/1.0",
    ...queryOf(query, instant, options),
    size: kind === "stat" ? 1 : 0,
    title,
    // Resources have no history.
    ...("resources" in query ? {} : { timeContextFromParameter: "TimeRange" }),
    noDataMessage: "Nothing to show for this time and choice.",
    visualization: visualizationOf(panel),
    ...(asked && !instant ? { aggregation: 3 } : {}),
    ...(kind === "table" || (instant && asked) ? { gridSettings: { rowLimit: 250 } } : chartOf(panel)),
  };
  return {
    type: 12,
    content: {
      version: "NotebookGroup/1.0",
      groupType: "editable",
      items: [
        { type: 3, content, name: `query-${id}` },
        { type: 1, content: { json: `<small>${tells}${link}</small>` }, name: `text-${id}` },
      ],
    },
    customWidth: WIDTHS[width],
    name: id,
  };
}

function visualizationOf({ kind, query }: Panel): string {
  if (kind === "table") return "table";
  // What an instant query of Prometheus answers has been seen as a grid only.
  if (kind === "bars") return "promql" in query ? "table" : "barchart";
  return kind === "areas" ? "areachart" : "timechart";
}

/** How numbers are written; unit 0 is none, 1 percent, 2 bytes, 24 seconds. */
const NUMBERS: Partial<Record<PanelUnit, { unit: number; style: "decimal" | "percent" }>> = {
  ratio: { unit: 0, style: "percent" },
  percent: { unit: 1, style: "decimal" },
  bytes: { unit: 2, style: "decimal" },
  seconds: { unit: 24, style: "decimal" },
};

function chartOf({ unit, max, query }: Panel): object {
  const { unit: number, style } = NUMBERS[unit] ?? { unit: 0, style: "decimal" };
  return {
    chartSettings: {
      ...("promql" in query ? { group: "*", createOtherGroup: 50 } : {}),
      showLegend: true,
      ySettings: {
        numberFormatSettings: {
          unit: number,
          options: { style, useGrouping: true, maximumFractionDigits: 2 },
        },
        ...(max === undefined ? {} : { max }),
      },
    },
  };
}
