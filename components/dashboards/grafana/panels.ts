import type { GridPosition } from "../layout.ts";
import { type DashboardOptions, DEFAULT_INTERVAL_SECONDS, runbookLink } from "../options.ts";
import type { Panel, PanelKind, Query } from "../panel.ts";
import { GRAFANA_SCOPE } from "../scope.ts";
import { fieldConfig } from "./fields.ts";

/** The data sources, as the dashboard's variables name them. */
export const PROMETHEUS = { type: "prometheus", uid: "$datasource" } as const;
export const AZURE = { type: "grafana-azure-monitor-datasource", uid: "$azure" } as const;

const TYPES: Record<PanelKind, string> = {
  stat: "stat",
  lines: "timeseries",
  areas: "timeseries",
  bars: "bargauge",
  table: "table",
};

/** A panel in Grafana's dashboard model. Source: kinds/dashboard and the panels' schemas of grafana/grafana. */
export function grafanaPanel(
  id: number,
  panel: Panel,
  place: GridPosition,
  options: DashboardOptions,
): object {
  const { kind, title, tells, query, runbook } = panel;
  const { runbookBase } = options;
  const linked = runbook !== undefined && runbookBase !== undefined;
  return {
    id,
    type: TYPES[kind],
    title,
    description: tells,
    gridPos: place,
    datasource: "promql" in query ? PROMETHEUS : AZURE,
    targets: [target(panel, options)],
    fieldConfig: fieldConfig(panel),
    options: panelOptions(panel),
    ...(kind === "table" && "promql" in query ? { transformations: [withoutTime] } : {}),
    ...(linked
      ? { links: [{ title: "Runbook", url: runbookLink(runbook, runbookBase), targetBlank: true }] }
      : {}),
  };
}

/** Instant queries have one time, which says nothing. */
const withoutTime = { id: "organize", options: { excludeByName: { Time: true } } };

function target({ kind, query }: Panel, options: DashboardOptions): object {
  if ("promql" in query) {
    const instant = kind === "bars" || kind === "table";
    const { scrapeIntervalSeconds = DEFAULT_INTERVAL_SECONDS } = options;
    return {
      refId: "A",
      datasource: PROMETHEUS,
      editorMode: "code",
      expr: query.promql(GRAFANA_SCOPE),
      legendFormat: query.legend,
      // "Min step", which $__rate_interval is four times of: the data source's own says nothing of this cluster.
      // Source: grafana.com/docs/grafana/latest/datasources/prometheus/template-variables.
      interval: `${scrapeIntervalSeconds}s`,
      format: kind === "table" ? "table" : "time_series",
      instant,
      range: !instant,
    };
  }
  return { refId: "A", datasource: AZURE, ...azureTarget(kind, query, options) };
}

function azureTarget(
  kind: PanelKind,
  query: Exclude<Query, { promql: unknown }>,
  { subscriptionId, location, logAnalyticsWorkspaceId }: DashboardOptions,
): object {
  if ("resources" in query) {
    return {
      queryType: "Azure Resource Graph",
      // An explicit list: without one no subscription is asked.
      subscriptions: [subscriptionId],
      azureResourceGraph: { query: query.resources(location), resultFormat: "table" },
    };
  }
  return {
    queryType: "Azure Log Analytics",
    azureLogAnalytics: {
      query: query.kql,
      resources: [logAnalyticsWorkspaceId],
      resultFormat: kind === "table" ? "table" : "time_series",
      // The dashboard's time narrows the query, which names none.
      dashboardTime: true,
      timeColumn: "TimeGenerated",
    },
  };
}

function panelOptions({ kind, query }: Panel): object {
  const latest = (values: boolean) => ({ calcs: ["lastNotNull"], fields: "", values });
  switch (kind) {
    case "stat":
      return { reduceOptions: latest(false), colorMode: "value", graphMode: "area", textMode: "value" };
    case "bars":
      return {
        // Of a table each row is a bar; of series the last value of each.
        reduceOptions: latest(!("promql" in query)),
        displayMode: "basic",
        orientation: "horizontal",
        namePlacement: "left",
        valueMode: "color",
      };
    case "table":
      return { showHeader: true, cellHeight: "sm" };
    default:
      return {
        legend: { showLegend: true, displayMode: "list", placement: "bottom" },
        tooltip: { mode: "multi", sort: "desc" },
      };
  }
}
