import { chatPodLabels } from "../../components/chatApp.ts";
import type { McpClient, McpGuardCaller } from "../../components/mcpServerDeployment.ts";
import { chatServers } from "../settings/chatServers.ts";
import type { Settings } from "../settings.ts";

/** Name of the chat app, of its Service, and of the caller that it is at the guards. */
export const CHAT = "chat";

/** The chat app's pods, as those see them whom they call. */
export function chatPods({ chat }: Pick<Settings, "chat">): McpClient {
  return { namespace: chat.namespace, podLabels: chatPodLabels(CHAT) };
}

/**
 * A server's or model's clients, and the chat app where it calls it, which would get no answer else. In a stack with
 * a chat app nobody else comes who wasn't listed: not the pods beside the server, which may be servers that fetch
 * strangers' pages. Without one the pods beside it are all that could come.
 */
export function withChat(
  settings: Pick<Settings, "chat">,
  called: boolean,
  clients: McpClient[] | undefined,
): McpClient[] | undefined {
  if (!settings.chat.enabled) return clients;
  return [...(clients ?? []), ...(called ? [chatPods(settings)] : [])];
}

/** Whether the chat app offers this server's tools. */
export function callsServer(settings: Settings, server: string): boolean {
  return chatServers(settings).includes(server);
}

/** Whether it asks this model. */
export function callsModel({ chat, models }: Pick<Settings, "chat" | "models">, model: string): boolean {
  return chat.enabled && (chat.models ?? Object.keys(models)).includes(model);
}

/** Whether it searches with this RAG engine. */
export function callsEngine({ chat }: Pick<Settings, "chat">, engine: string): boolean {
  return chat.enabled && engine in chat.ragEngines;
}

/** The caller that the chat app is at a server's guard; who is there already under its name stays as it is. */
export function chatCaller(settings: Settings, server: string): Record<string, McpGuardCaller> {
  return callsServer(settings, server) ? { [CHAT]: { roles: [...settings.chat.roles] } } : {};
}
