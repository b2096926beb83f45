import { AZURE, PROMETHEUS } from "./panels.ts";

const ALL = { text: ["All"], value: ["$__all"] };

function labelValues(query: string): object {
  return {
    type: "query",
    datasource: PROMETHEUS,
    definition: query,
    query: { qryType: 5, query, refId: "PrometheusVariableQueryEditor-VariableQuery" },
    // Asked again when the dashboard's time changes.
    refresh: 2,
    sort: 1,
  };
}

function several(name: string, label: string, query: string): object {
  return { name, label, ...labelValues(query), includeAll: true, multi: true, allValue: ".*", current: ALL };
}

function dataSource(name: string, label: string, type: string): object {
  return { name, label, type: "datasource", query: type, refresh: 1, regex: "", multi: false, current: {} };
}

/** What a reader chooses at the top: where from, and what of it. */
export function variables(clusterName: string, withAzure: boolean): object[] {
  return [
    dataSource("datasource", "Prometheus", PROMETHEUS.type),
    ...(withAzure ? [dataSource("azure", "Azure Monitor", AZURE.type)] : []),
    {
      name: "cluster",
      label: "Cluster",
      ...labelValues("label_values(up, cluster)"),
      includeAll: false,
      multi: false,
      current: { text: clusterName, value: clusterName },
    },
    several("namespace", "Namespace", 'label_values(kube_pod_info{cluster="$cluster"}, namespace)'),
    several(
      "server",
      "MCP server",
      'label_values(mcp_guard_sessions{cluster="$cluster", namespace=~"$namespace"}, server)',
    ),
    several(
      "tool",
      "Tool",
      'label_values(mcp_guard_calls_total{cluster="$cluster", server=~"$server"}, tool)',
    ),
  ];
}
