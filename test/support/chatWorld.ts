import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { ModelOptions } from "../../rehearsal/servers/model/options.ts";
import { serveModel } from "../../rehearsal/servers/model/server.ts";
import { readConfig as readSearchConfig } from "../../rehearsal/servers/openWebSearch/config.ts";
import { serveHttp } from "../../rehearsal/servers/openWebSearch/http.ts";
import { createSearchServer } from "../../rehearsal/servers/openWebSearch/tools.ts";
import { readConfig } from "../../rehearsal/servers/openWebUi/config.ts";
import { serveChat } from "../../rehearsal/servers/openWebUi/server.ts";
import { checkConfig } from "../../servers/guard/config.ts";
import { startGuard } from "../../servers/guard/server.ts";

/** What is other than usual in a chat app's surroundings. */
export interface ChatWorldOptions {
  /** Of the model. */
  model?: Partial<ModelOptions>;
  /** Of the guard before the search, beside where it is. */
  guard?: Record<string, unknown>;
  /** Variables of the chat app, over the usual ones. */
  env?: Record<string, string>;
  /** Where the chat app keeps its file. @default - a new folder */
  dir?: string;
}

/** The chain from the chat app to the web, all of it on this machine, until the test ends. */
export interface ChatWorld {
  /** The chat app's address. */
  url: string;
  /** Its environment. */
  env: Record<string, string>;
  dir: string;
  /** Ends one of the chain's links. */
  stop: { model(): Promise<void>; search(): Promise<void>; chat(): Promise<void> };
  /** The guard's audit. */
  audit: Record<string, unknown>[];
}

export const administrator = { email: "admin@chat.internal", password: "correct-horse-battery" };
export const QUESTION = "What are the latest features in AKS?";

/** The usual model: one that may call tools. */
const usualModel: ModelOptions = {
  names: ["phi-4-mini-instruct"],
  maxModelLength: 65_536,
  callsTools: true,
  hasToolParser: true,
};

/** Starts a model, a search behind its guard, and the chat app that has both. */
export async function startChatWorld(options: ChatWorldOptions = {}): Promise<ChatWorld> {
  const dir = options.dir ?? (await temporary());
  const model = once(await serveModel({ ...usualModel, ...options.model }, 0));
  const search = once(await serveHttp(() => createSearchServer(readSearchConfig({})), "127.0.0.1", 0));
  const audit: Record<string, unknown>[] = [];
  const guard = await startGuard(guardConfig(search.url, options.guard), {
    log: pino({ level: "silent" }),
    write: (line) => audit.push(JSON.parse(line)),
  });
  const env = { ...environment(dir, model.url, guard.url), ...options.env };
  const chat = once(await serveChat(readConfig(env), "127.0.0.1"));
  onTestFinished(async () => {
    await chat.close();
    await guard.close();
    await search.close();
    await model.close();
  });
  return {
    url: chat.url.origin,
    env,
    dir,
    audit,
    stop: { model: model.close, search: search.close, chat: chat.close },
  };
}

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "chat-world-"));
  // Ends after the programs that write there: what was asked for first is done last.
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** One that can be closed early, and again at the end. */
function once<T extends { close(): Promise<void> }>(running: T): T {
  let closed: Promise<void> | undefined;
  const { close } = running;
  return {
    ...running,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function guardConfig(upstream: URL, more: Record<string, unknown> = {}) {
  const here = { host: "127.0.0.1", port: 0 };
  return checkConfig({
    server: "search",
    listen: here,
    management: here,
    upstream: { url: upstream.href },
    authentication: { none: "anyone-may-call" },
    search: { engines: ["bing", "brave"] },
    ...more,
  });
}

/** As the component of the chat app makes it, as far as it counts here. */
function environment(dir: string, model: URL, tools: URL): Record<string, string> {
  return {
    PORT: "0",
    DATA_DIR: dir,
    WEBUI_SECRET_KEY: "signs-the-tokens",
    ENABLE_SIGNUP: "false",
    WEBUI_ADMIN_EMAIL: administrator.email,
    WEBUI_ADMIN_PASSWORD: administrator.password,
    BYPASS_MODEL_ACCESS_CONTROL: "true",
    OPENAI_API_BASE_URLS: new URL("/v1", model).href,
    OPENAI_API_KEYS: "",
    OPENAI_API_CONFIGS: JSON.stringify({ 0: { enable: true, model_ids: ["phi-4-mini-instruct"] } }),
    DEFAULT_MODEL_METADATA: JSON.stringify({ toolIds: ["server:mcp:open-websearch"] }),
    TOOL_SERVER_CONNECTIONS: JSON.stringify([toolConnection(tools)]),
  };
}

/** A connection to the search, with the changes that are given. */
export function toolConnection(url: URL | string, more: object = {}): object {
  return {
    type: "mcp",
    url: String(url),
    auth_type: "none",
    key: "",
    config: {
      enable: true,
      access_grants: [{ principal_type: "user", principal_id: "*", permission: "read" }],
    },
    info: { id: "open-websearch", name: "Web search", description: "" },
    ...more,
  };
}
