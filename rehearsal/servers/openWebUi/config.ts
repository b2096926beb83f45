import { join } from "node:path";

/** Where a model is asked. Source: OPENAI_API_* in config.py. */
export interface ModelConnection {
  /** Without a slash at its end. */
  url: string;
  key: string;
  /** The models to offer; those that the endpoint lists with []. */
  modelIds: string[];
  /** Stands before the models' ids, with a dot. */
  prefix: string;
}

/** A connection to tools. Source: TOOL_SERVER_CONNECTIONS in config.py. */
export interface ToolConnection {
  type?: string;
  url?: string;
  auth_type?: string;
  key?: string;
  config?: {
    enable?: boolean;
    function_name_filter_list?: string | string[];
    access_grants?: { principal_type: string; principal_id: string; permission: string }[];
  };
  info?: { id?: string; name?: string; description?: string };
}

/** What Open WebUI reads from its environment, as far as anything of it shows here. */
export interface ChatConfig {
  port: number;
  /** The file that users and chats are kept in. */
  store: string;
  secretKey: string;
  signUp: boolean;
  administrator?: { email: string; password: string; name: string };
  models: ModelConnection[];
  /** Whether everybody may use every model; else they are the administrators'. */
  modelsForAll: boolean;
  tools: ToolConnection[];
  /** What every model has beside what it says of itself. */
  modelMetadata: { toolIds?: string[] };
  defaultModels: string | null;
  interfaceSettings: Record<string, unknown>;
  modelTimeoutMs: number;
  /** Undefined is no limit. */
  toolTimeoutMs?: number;
  toolRounds: number;
}

/**
 * Reads it as 0.12.4 does (env.py, config.py): JSON that can't be read is told of on stderr, and counts as none.
 *
 * @throws {Error} without a secret key: the real one makes one, and nobody stays signed in over a restart.
 */
export function readConfig(env: NodeJS.ProcessEnv): ChatConfig {
  const secretKey = env["WEBUI_SECRET_KEY"];
  if (!secretKey) throw new Error("WEBUI_SECRET_KEY is missing");
  const { WEBUI_ADMIN_EMAIL: email, WEBUI_ADMIN_PASSWORD: password } = env;
  const tools = json<unknown>(env, "TOOL_SERVER_CONNECTIONS", []);
  const toolTimeout = Number(
    env["AIOHTTP_CLIENT_TIMEOUT_TOOL_SERVER"] || env["AIOHTTP_CLIENT_TIMEOUT"] || 300,
  );
  return {
    port: Number(env["PORT"] ?? 8080),
    store: join(env["DATA_DIR"] ?? "/app/backend/data", "webui.json"),
    secretKey,
    signUp: isOn(env["ENABLE_SIGNUP"] ?? "true"),
    ...(email && password
      ? { administrator: { email: email.toLowerCase(), password, name: env["WEBUI_ADMIN_NAME"] ?? "Admin" } }
      : {}),
    models: modelConnections(env),
    modelsForAll: isOn(env["BYPASS_MODEL_ACCESS_CONTROL"]),
    tools: Array.isArray(tools) ? tools : [],
    modelMetadata: json(env, "DEFAULT_MODEL_METADATA", {}),
    defaultModels: env["DEFAULT_MODELS"] ?? null,
    interfaceSettings: json(env, "DEFAULT_INTERFACE_SETTINGS", {}),
    modelTimeoutMs: Number(env["AIOHTTP_CLIENT_TIMEOUT"] || 300) * 1000,
    ...(toolTimeout > 0 ? { toolTimeoutMs: toolTimeout * 1000 } : {}),
    toolRounds: Number(env["CHAT_RESPONSE_MAX_TOOL_CALL_ITERATIONS"] ?? 256),
  };
}

function modelConnections(env: NodeJS.ProcessEnv): ModelConnection[] {
  if (!isOn(env["ENABLE_OPENAI_API"] ?? "true")) return [];
  const keys = (env["OPENAI_API_KEYS"] ?? env["OPENAI_API_KEY"] ?? "").split(";");
  const configs = json<Record<string, { enable?: boolean; model_ids?: string[]; prefix_id?: string }>>(
    env,
    "OPENAI_API_CONFIGS",
    {},
  );
  return (env["OPENAI_API_BASE_URLS"] ?? env["OPENAI_API_BASE_URL"] ?? "")
    .split(";")
    .map((url) => url.trim())
    .map((url, i) => ({ url, key: keys[i] ?? "", own: configs[String(i)] ?? {} }))
    .filter(({ url, own }) => url !== "" && own.enable !== false)
    .map(({ url, key, own }) => ({
      url,
      key,
      modelIds: own.model_ids ?? [],
      prefix: own.prefix_id ? `${own.prefix_id}.` : "",
    }));
}

function isOn(text = ""): boolean {
  return text.toLowerCase() === "true";
}

function json<T>(env: NodeJS.ProcessEnv, name: string, otherwise: T): T {
  const text = env[name];
  if (!text) return otherwise;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    console.error(`${name} is no JSON: ${(error as Error).message}`);
    return otherwise;
  }
}
