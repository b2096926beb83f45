import { z } from "zod";
import { message, type StoredMessage } from "./message.ts";

/** An answer of HTTP that isn't the one that was wanted. */
export class Refused extends Error {
  readonly status: number;
  /** What the chat app says, if it says something. */
  readonly detail: string;
  readonly path: string;

  constructor(path: string, status: number, detail: string) {
    super(`${path} answers ${status}${detail ? `: ${detail}` : ""}`);
    this.name = "Refused";
    this.path = path;
    this.status = status;
    this.detail = detail;
  }
}

const signedIn = z.object({ token: z.string(), role: z.string(), email: z.string() });
const models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.string().optional(),
      info: z.object({ meta: z.object({ toolIds: z.array(z.string()).nullish() }).nullish() }).nullish(),
    }),
  ),
});
const tools = z.array(z.object({ id: z.string(), name: z.string() }));
const settings = z.object({ ui: z.object({ system: z.string().nullish() }).nullish() }).nullish();
const config = z.object({ version: z.string().optional(), default_models: z.string().nullish() });
const told = z.object({ version: z.string(), features: z.object({ auth: z.boolean() }) });
const begun = z.object({ chat_id: z.string(), task_ids: z.array(z.string()).default([]) });
const chat = z.object({ chat: z.object({ history: z.object({ messages: z.record(z.string(), message) }) }) });
const connections = z.object({
  TOOL_SERVER_CONNECTIONS: z.array(
    z.looseObject({
      type: z.string().optional(),
      info: z.looseObject({ id: z.string().optional() }).nullish(),
      config: z
        .looseObject({ function_name_filter_list: z.union([z.string(), z.array(z.string())]).nullish() })
        .nullish(),
    }),
  ),
});
const verified = z.object({ specs: z.array(z.object({ name: z.string() })).default([]) });

/** How long it may take to end an answer, or delete it: a chat app that hangs must not hold up the end. */
const endMs = 5000;

/** A model as the page offers it. */
export interface OfferedModel {
  id: string;
  /** The tools that the page switches on with it. */
  toolIds: string[];
}

/** An MCP server or another source of tools, as the page lists it. */
export interface OfferedTools {
  id: string;
  name: string;
}

/** Who is signed in. */
export interface Session {
  token: string;
  administrator: boolean;
}

/**
 * The part of Open WebUI's HTTP API that its own page uses for an answer. Source: routers/ and main.py of
 * 0.12.4; the answers are checked, as it is nowhere promised that they stay as they are.
 */
export class ChatApi {
  readonly #base: URL;
  readonly #signal: AbortSignal;
  #token: string | undefined;

  /** @param base the address of the page, without a path. */
  constructor(base: URL, signal: AbortSignal) {
    this.#base = base;
    this.#signal = signal;
  }

  /** Whether a chat app answers here: what it tells strangers is asked for, and nothing is told. */
  async isThere(): Promise<boolean> {
    return await this.#ask(told, "GET", "/api/config").then(
      () => true,
      () => false,
    );
  }

  async signIn(email: string, password: string): Promise<Session> {
    const { token, role } = await this.#ask(signedIn, "POST", "/api/v1/auths/signin", { email, password });
    this.#token = token;
    return { token, administrator: role === "admin" };
  }

  /** The models that one may use, and the one that an empty page would take. */
  async models(): Promise<{ offered: OfferedModel[]; first?: string }> {
    const { data } = await this.#ask(models, "GET", "/api/models");
    const { default_models } = await this.#ask(config, "GET", "/api/config");
    const offered = data
      .filter(({ owned_by }) => owned_by !== "arena")
      .map(({ id, info }) => ({ id, toolIds: info?.meta?.toolIds ?? [] }));
    const wanted = (default_models ?? "").split(",").find((id) => offered.some((model) => model.id === id));
    return { offered, first: wanted ?? offered[0]?.id };
  }

  /** The tools that one may use. */
  async tools(): Promise<OfferedTools[]> {
    return await this.#ask(tools, "GET", "/api/v1/tools/");
  }

  /** What the page tells the model before the question; undefined when it is nothing. */
  async systemPrompt(): Promise<string | undefined> {
    const { ui } = (await this.#ask(settings, "GET", "/api/v1/users/user/settings")) ?? {};
    return ui?.system || undefined;
  }

  /** Begins an answer in a new chat. Whoever gives up meanwhile is answered all the same, to be able to end it. */
  async begin(body: object): Promise<{ chat: string; tasks: string[] }> {
    this.#signal.throwIfAborted();
    const late = new AbortController();
    const giveUp = () => setTimeout(() => late.abort(this.#signal.reason), endMs).unref();
    this.#signal.addEventListener("abort", giveUp, { once: true });
    const path = "/api/chat/completions";
    const { chat_id, task_ids } = await this.#ask(begun, "POST", path, body, late.signal).finally(() =>
      this.#signal.removeEventListener("abort", giveUp),
    );
    return { chat: chat_id, tasks: task_ids };
  }

  /** A message of a chat as it is stored now; undefined when it isn't yet. */
  async message(chatId: string, messageId: string): Promise<StoredMessage | undefined> {
    const stored = await this.#ask(chat, "GET", `/api/v1/chats/${encodeURIComponent(chatId)}`);
    return stored.chat.history.messages[messageId];
  }

  /** Ends the work on an answer, also when nobody waits for it any more. */
  async stop(task: string): Promise<void> {
    const signal = AbortSignal.timeout(endMs);
    await this.#ask(z.unknown(), "POST", `/api/tasks/stop/${encodeURIComponent(task)}`, {}, signal);
  }

  /** Deletes a chat, also when nobody waits for it any more. */
  async remove(chatId: string): Promise<void> {
    const signal = AbortSignal.timeout(endMs);
    await this.#ask(z.unknown(), "DELETE", `/api/v1/chats/${encodeURIComponent(chatId)}`, undefined, signal);
  }

  /**
   * The names of the tools that an MCP server lets the chat app use, asked for anew; undefined when the chat app
   * can't reach it, or isn't let in. Administrators only.
   */
  async toolsOf(server: string): Promise<string[] | undefined> {
    const { TOOL_SERVER_CONNECTIONS: all } = await this.#ask(
      connections,
      "GET",
      "/api/v1/configs/tool_servers",
    );
    const connection = all.find(({ type, info }) => type === "mcp" && info?.id === server);
    try {
      const { specs } = await this.#ask(verified, "POST", "/api/v1/configs/tool_servers/verify", connection);
      // Source: is_string_allowed in utils/misc.py.
      const wanted = [connection?.config?.function_name_filter_list ?? []].flat().join(",").split(",");
      const ends = wanted.filter((each) => each !== "" && !each.startsWith("!"));
      return specs
        .map(({ name }) => name)
        .filter((name) => ends.length === 0 || ends.some((end) => name.endsWith(end)));
    } catch (error) {
      if (error instanceof Refused && error.status === 400) return undefined;
      throw error;
    }
  }

  async #ask<T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    body?: object,
    signal = this.#signal,
  ): Promise<T> {
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers: {
        accept: "application/json",
        ...(body && { "content-type": "application/json" }),
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal,
      redirect: "manual",
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(path, response.status, detailOf(text));
    const parsed = schema.safeParse(jsonOf(text));
    if (!parsed.success) throw new Refused(path, response.status, "it is no answer of Open WebUI 0.12");
    return parsed.data;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Source: FastAPI's errors, {"detail": ...}. */
function detailOf(text: string): string {
  const detail = (jsonOf(text) as { detail?: unknown } | undefined)?.detail;
  return typeof detail === "string" ? detail : "";
}
