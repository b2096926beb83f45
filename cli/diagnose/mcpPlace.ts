import type { Cluster } from "./cluster.ts";
import { selects } from "./matching.ts";
import { GUARD } from "./mcpGuards.ts";
import type { Subject } from "./subject.ts";

/** Where clients call an MCP server. */
export interface McpPlace {
  /** The Service that they call. */
  service: string;
  /** Its port, and the pods' too. */
  port: number;
  path: string;
  /** Whether the cluster says that the path is this one; else it is only the usual one. */
  surePath: boolean;
}

/** Source: STDIO_GUARD_PORT in components/mcpServerDeployment/address.ts. */
const STDIO_GUARD_PORT = 3001;

/**
 * Beside a stdio server's gateway the guard has a port and a Service of its own, and the Service that has the
 * server's name leads past it. That another server is called "<name>-guard" says nothing, so the Service isn't what
 * this is told by. Source: serverAddress in components/mcpServerDeployment/address.ts.
 */
export function mcpPlace(cluster: Cluster, { name, namespace, mcp, deployment, pods }: Subject): McpPlace {
  const { transportType, httpTransport, deployment: settings } = mcp?.spec ?? {};
  const guarded = pods.some(({ spec }) => spec?.containers.some((container) => container.name === GUARD));
  if (transportType === "stdio" && guarded) {
    return { service: `${name}-guard`, port: STDIO_GUARD_PORT, path: "/mcp", surePath: false };
  }
  const own = deployment && cluster.find("services", namespace, name);
  const labels = deployment?.spec?.template?.metadata?.labels;
  const port =
    own && selects({ matchLabels: own.spec?.selector }, labels) ? own.spec?.ports?.[0]?.port : undefined;
  return {
    service: name,
    port: port ?? settings?.port ?? 3000,
    path: httpTransport?.path || "/mcp",
    surePath: transportType === "http",
  };
}
