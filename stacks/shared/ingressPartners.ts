import { serverAddress } from "../../components/mcpServerDeployment/address.ts";
import type { McpClient, McpGuardArgs } from "../../components/mcpServerDeployment.ts";
import type { NetworkClient } from "../../components/network/specs.ts";
import { gatewayClients } from "../../components/platformIngress/classes.ts";
import { chatHost } from "../settings/ingressHosts.ts";
import type { Settings } from "../settings.ts";
import { mutable } from "./mutable.ts";

/** What the front door means to what it leads to, known before either is made. */
export interface PublicSide {
  publicUrl: string;
  /** Who comes from outside. */
  clients: NetworkClient[];
}

/** The chat app's public side, if it has one. */
export function chatIngress(settings: Pick<Settings, "ingress" | "location">): PublicSide | undefined {
  const host = settings.ingress.enabled ? chatHost(settings) : undefined;
  return host === undefined ? undefined : { publicUrl: `https://${host}`, clients: callers(settings) };
}

/** An MCP server's public side, if it has one. */
export function serverIngress(
  settings: Pick<Settings, "ingress" | "mcpServers" | "openWebSearch" | "innovationEngine">,
  server: string,
): PublicSide | undefined {
  const { enabled, mcpServers } = settings.ingress;
  const route = enabled ? mcpServers[server] : undefined;
  if (route === undefined) return undefined;
  const { path } = publicServer(settings, server);
  return { publicUrl: `https://${route.host}${path}`, clients: callers(settings) };
}

/** A server's clients and the gateway; of a public server nobody else comes who wasn't named. */
export function withGateway(
  side: PublicSide | undefined,
  clients: McpClient[] | undefined,
): McpClient[] | undefined {
  return side === undefined ? clients : [...(clients ?? []), ...side.clients];
}

/** A server's guard, which tells clients the address that they know. */
export function publicGuard<Guard extends McpGuardArgs | "none">(
  side: PublicSide | undefined,
  guard: Guard,
): Guard {
  if (side === undefined || guard === "none") return guard;
  return Object.assign({}, guard, { publicUrl: side.publicUrl });
}

/** Where a guarded server answers inside the cluster, and which paths of it are public. */
export function publicServer(
  settings: Pick<Settings, "mcpServers" | "openWebSearch" | "innovationEngine">,
  server: string,
) {
  const own = settings.mcpServers[server];
  const { openWebSearch, innovationEngine } = settings;
  // Those with settings of their own have McpServerDeployment's ports and path.
  const transports: Record<string, string> = {
    "open-websearch": openWebSearch.transport,
    "innovation-engine": innovationEngine.transport,
  };
  const args = own ?? { transport: transports[server] === "stdio" ? ("stdio" as const) : ("http" as const) };
  const { service, port, path } = serverAddress(server, args, true);
  const sse = own?.guard.sse ?? (server === "open-websearch" && openWebSearch.transport === "sse");
  return {
    service,
    port,
    path,
    // The endpoint, what tells clients where to get a token, and the older transport's two.
    paths: [path, "/.well-known/oauth-protected-resource", ...(sse ? ["/sse", "/messages"] : [])],
  };
}

function callers({ ingress }: Pick<Settings, "ingress">): NetworkClient[] {
  const { className, gatewayName, namespace, clients } = ingress;
  return gatewayClients({ className, gatewayName, namespace, clients: mutable(clients) });
}
