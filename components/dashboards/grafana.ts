import { createHash } from "node:crypto";
import { grafanaPanel } from "./grafana/panels.ts";
import { variables } from "./grafana/variables.ts";
import { COLUMNS, layOut } from "./layout.ts";
import { type DashboardOptions, DEFAULT_TITLE, featuresOf } from "./options.ts";
import { sectionsFor } from "./sections.ts";

/**
 * The last version of the classic dashboard model; older Grafanas read it, because they only change what is older than
 * themselves. Source: DASHBOARD_SCHEMA_VERSION of public/app/features/dashboard/state/DashboardMigrator.ts.
 */
const SCHEMA_VERSION = 42;

/**
 * The dashboard as Grafana keeps it: for Azure Monitor's dashboards with Grafana, a managed Grafana, or any other one
 * (version 11 or later) that has a Prometheus data source with these metrics.
 */
export function grafanaDashboard(options: DashboardOptions): object {
  const { title = DEFAULT_TITLE, clusterName } = options;
  const features = featuresOf(options);
  const panels: object[] = [];
  let top = 0;
  for (const section of sectionsFor(features)) {
    panels.push({
      id: panels.length + 1,
      type: "row",
      title: section.title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: COLUMNS, h: 1 },
      panels: [],
    });
    const { places, bottom } = layOut(section.panels, top + 1);
    for (const [index, panel] of section.panels.entries()) {
      const place = places[index];
      if (place !== undefined) panels.push(grafanaPanel(panels.length + 1, panel, place, options));
    }
    top = bottom;
  }
  return {
    uid: uidOf(title, clusterName),
    title: `${title}: ${clusterName}`,
    description:
      "Made by mcpaas from its description of dashboards; changes made here are lost with the next update.",
    tags: ["mcpaas"],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    // The pointer's line goes through all panels at the same time.
    graphTooltip: 1,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    weekStart: "",
    fiscalYearStartMonth: 0,
    links: [],
    annotations: { list: [] },
    templating: { list: variables(clusterName, features.has("logs") || features.has("quota")) },
    panels,
  };
}

/** The same for the same cluster, so that an import replaces the older one; at most 40 characters. */
function uidOf(title: string, clusterName: string): string {
  const hash = createHash("sha256").update(`${title}\n${clusterName}`).digest("hex").slice(0, 12);
  return `mcpaas-${hash}`;
}
