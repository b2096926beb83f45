/**
 * The place that queries look at, as matchers without braces. A dashboard's variables fill them: all of them are in
 * every query, so that choosing a server narrows each panel that is about servers.
 */
export interface Scope {
  /** The cluster: one workspace can hold several. */
  readonly cluster: string;
  /** Objects in namespaces. */
  readonly namespaced: string;
  /** MCP servers. */
  readonly server: string;
  /** Tools of MCP servers. */
  readonly tool: string;
  /** The time that rates are taken over. */
  readonly range: string;
}

/** What stands for the variables' values. Each is a regular expression but the cluster's, which is one name. */
export interface ScopeValues {
  cluster: string;
  namespace: string;
  server: string;
  tool: string;
  range: string;
}

/** Writes the matchers. */
export function scopeOf({ cluster, namespace, server, tool, range }: ScopeValues): Scope {
  const inCluster = `cluster="${cluster}"`;
  const namespaced = `${inCluster}, namespace=~"${namespace}"`;
  const ofServer = `${namespaced}, server=~"${server}"`;
  return {
    cluster: inCluster,
    namespaced,
    server: ofServer,
    tool: `${ofServer}, tool=~"${tool}"`,
    range,
  };
}

/** Grafana's variables; the range is four times a query's "Min step" or more, however near one looks. */
export const GRAFANA_SCOPE = scopeOf({
  cluster: "$cluster",
  namespace: "$namespace",
  server: "$server",
  tool: "$tool",
  range: "$__rate_interval",
});

/** Everything of one cluster, as a query of Prometheus itself can ask it. */
export function plainScope(cluster: string): Scope {
  return scopeOf({ cluster, namespace: ".*", server: ".*", tool: ".*", range: "5m" });
}
