export { grafanaDashboard } from "./dashboards/grafana.ts";
export { COLUMNS, type GridPosition, layOut } from "./dashboards/layout.ts";
export { type DashboardOptions, featuresOf, type WorkbookOptions } from "./dashboards/options.ts";
export {
  FEATURES,
  type Feature,
  heightOf,
  legendLabels,
  type Panel,
  type PanelKind,
  type PanelUnit,
  prometheusQuery,
  type Query,
  type Section,
  type Threshold,
  type Thresholds,
} from "./dashboards/panel.ts";
export { plainScope, type Scope } from "./dashboards/scope.ts";
export { SECTIONS, sectionsFor } from "./dashboards/sections.ts";
export { azureWorkbook } from "./dashboards/workbook.ts";
