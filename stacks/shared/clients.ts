import type { McpClient } from "../../components/mcpServerDeployment.ts";
import type { McpServerSettings } from "../settings.ts";
import { mutable } from "./mutable.ts";

/**
 * Clients as the component takes them: it is told its namespace by an output, so it can't see by itself that a
 * client names that very namespace.
 */
export function ownClients(
  clients: McpServerSettings["clients"],
  mcpNamespace: string,
): McpClient[] | undefined {
  return clients?.map(({ namespace, ...rest }) => ({
    ...mutable(rest),
    ...(namespace === undefined || namespace === mcpNamespace ? {} : { namespace }),
  }));
}
