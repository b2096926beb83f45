import { PROMETHEUS, prometheusQuery } from "./items.ts";

const HOUR = 3_600_000;

/** A list of a label's values; "All" stands for any, as a regular expression. */
function several(id: string, name: string, label: string, metric: string, workspaceId: string): object {
  return {
    id,
    version: "KqlParameterItem/1.0",
    name,
    label: label === "server" ? "MCP server" : name,
    type: 2,
    isRequired: true,
    multiSelect: true,
    quote: "",
    delimiter: "|",
    query: prometheusQuery(label, { type: "labelvalues", filterName: metric }),
    crossComponentResources: [workspaceId],
    ...PROMETHEUS,
    timeContextFromParameter: "TimeRange",
    typeSettings: { additionalResourceOptions: ["value::all"], selectAllValue: ".*", showDefault: false },
    value: ["value::all"],
    defaultValue: "value::all",
  };
}

/** What a reader chooses at the top. The ids are any, but must stay: Azure keeps what was chosen by them. */
export function parameters(workspaceId: string): object {
  return {
    type: 9,
    content: {
      version: "KqlParameterItem/1.0",
      crossComponentResources: [workspaceId],
      parameters: [
        {
          id: "5d0f2c3e-6a0f-4b54-9b0d-2f5b3f0c1a01",
          version: "KqlParameterItem/1.0",
          name: "TimeRange",
          label: "Time",
          type: 4,
          isRequired: true,
          value: { durationMs: 6 * HOUR },
          typeSettings: {
            selectableValues: [1, 6, 24, 72, 168, 720].map((hours) => ({ durationMs: hours * HOUR })),
            allowCustom: true,
          },
        },
        several(
          "5d0f2c3e-6a0f-4b54-9b0d-2f5b3f0c1a02",
          "Namespace",
          "namespace",
          "kube_pod_info",
          workspaceId,
        ),
        several(
          "5d0f2c3e-6a0f-4b54-9b0d-2f5b3f0c1a03",
          "Server",
          "server",
          "mcp_guard_sessions",
          workspaceId,
        ),
        several("5d0f2c3e-6a0f-4b54-9b0d-2f5b3f0c1a04", "Tool", "tool", "mcp_guard_calls_total", workspaceId),
      ],
      style: "pills",
      ...PROMETHEUS,
    },
    name: "parameters",
  };
}
