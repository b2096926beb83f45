import type { z } from "zod";
import { entraPublicUrl } from "../../../components/chatApp/urls.ts";
import { findModel } from "../../../components/kaito/models.ts";
import { chatServers } from "../chatServers.ts";
import type { KnownServer } from "../knownServers.ts";
import type { chat } from "./chat.ts";
import { volumesConsistent } from "./chatVolume.ts";
import type { Fail } from "./consistent.ts";
import { oneOf } from "./consistent.ts";
import type { model } from "./model.ts";

/** The settings that the chat app has to do with. */
export interface RelatedToChat extends Record<KnownServer["key"], { enabled: boolean }> {
  chat: z.output<typeof chat>;
  models: Record<string, z.output<typeof model>>;
  ragEngines: Record<string, unknown>;
  mcpServers: Record<string, { guard: { mode: "sidecar" | "none" } }>;
  mcpGuard: { authentication: { tokens?: { callers: Record<string, unknown> } } };
}

/** What the chat app can't work with. */
export function chatConsistent(settings: RelatedToChat, fail: Fail): void {
  const { chat, models, ragEngines, mcpGuard } = settings;
  if (!chat.enabled) return;
  const used = chat.models ?? Object.keys(models);
  if (used.length === 0 && Object.keys(chat.otherModels).length === 0) {
    const remedy =
      "false, or with a model that answers: add one to models, or the URL of one to chat.otherModels";
    fail(["chat", "enabled"], remedy);
  }
  for (const [i, name] of used.entries()) {
    if (!(name in models)) fail(["chat", "models", i], oneOf("models", models));
    if (name in chat.otherModels) {
      fail(
        ["chat", "otherModels", name],
        `another name, because models.${name} has it, and the chat app uses both`,
      );
    }
  }
  const servers = chatServers({ ...settings, chat: { ...chat, mcpServers: undefined } }, "any");
  for (const [i, name] of (chat.mcpServers ?? []).entries()) {
    if (servers.includes(name)) continue;
    fail(
      ["chat", "mcpServers", i],
      oneOf("MCP servers", Object.fromEntries(servers.map((server) => [server, 1]))),
    );
  }
  for (const name of Object.keys(chat.ragEngines)) {
    if (!(name in ragEngines)) fail(["chat", "ragEngines", name], oneOf("RAG engines", ragEngines));
  }
  if (chatServers(settings).length + Object.keys(chat.ragEngines).length > 0)
    callingTools(used, models, fail);
  if (chat.roles.length > 0 && "chat" in (mcpGuard.authentication.tokens?.callers ?? {})) {
    const message =
      "nothing, because mcpGuard.authentication.tokens.callers.chat says which roles the chat app has";
    fail(["chat", "roles"], message);
  }
  if (chat.signIn.entra !== undefined && entraPublicUrl(chat.publicUrl ?? "https:") !== undefined) {
    fail(["chat", "publicUrl"], "an https:// URL, because Entra ID sends people back to no other");
  }
  several(chat, fail);
  volumesConsistent(chat, fail);
}

/** vLLM answers 400 to a question with tools, unless it was told how the model writes its calls. */
function callingTools(used: string[], models: RelatedToChat["models"], fail: Fail): void {
  for (const name of used) {
    const { model, runtime, config } = models[name] ?? {};
    if (model === undefined) continue;
    if (runtime === "transformers") {
      const remedy =
        '"vllm", because the chat app offers the model tools, of which transformers knows nothing';
      fail(["models", name, "runtime"], `${remedy}; or leave the model out of chat.models`);
    } else if (findModel(model)?.toolCalling === false && config?.toolCallParser === undefined) {
      const remedy =
        `vLLM's parser of ${model}'s tool calls, such as "phi4_mini_json" for phi-4-mini-instruct: the chat app ` +
        "offers the model tools, and vLLM refuses every question with them; or leave the model out of chat.models";
      fail(["models", name, "config", "toolCallParser"], remedy);
    }
  }
}

function several({ replicas, database, redis }: RelatedToChat["chat"], fail: Fail): void {
  if (replicas > 1) {
    if (database === undefined) {
      fail(["chat", "database"], "{ deploy: true } or { url }, because several pods share their chats there");
    }
    if (redis === undefined) {
      fail(["chat", "redis"], "{ deploy: true } or { url }, because several pods tell each other news there");
    }
  }
}
