import { KNOWN_SERVERS, type KnownServer } from "./knownServers.ts";

/** What decides which MCP servers the chat app uses. */
export interface ChatServersSettings extends Record<KnownServer["key"], { readonly enabled: boolean }> {
  readonly chat: { readonly enabled: boolean; readonly mcpServers?: readonly string[] };
  readonly mcpServers: Readonly<Record<string, { readonly guard: { readonly mode: "sidecar" | "none" } }>>;
}

/**
 * The MCP servers whose tools the chat app offers, by their names in the cluster: those that it names, else
 * all that have a guard.
 *
 * @param guards "any": also those without, which can be named
 */
export function chatServers(settings: ChatServersSettings, guards: "own" | "any" = "own"): string[] {
  const { chat, mcpServers } = settings;
  if (!chat.enabled) return [];
  const known = KNOWN_SERVERS.filter(({ key }) => settings[key].enabled).map(({ name }) => name);
  const own = Object.entries(mcpServers).filter(([, { guard }]) => guards === "any" || guard.mode !== "none");
  return [...(chat.mcpServers ?? [...known, ...own.map(([name]) => name)])];
}
