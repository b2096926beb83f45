import type { ChatConfig, ModelConnection } from "./config.ts";
import { HttpError } from "./message.ts";
import type { User } from "./store.ts";

/** A model that can be asked. */
export interface Model {
  /** As it is offered. */
  id: string;
  /** As its endpoint knows it. */
  name: string;
  connection: ModelConnection;
}

/** How long an endpoint may take to list its models. Source: AIOHTTP_CLIENT_TIMEOUT_MODEL_LIST in env.py. */
const listingMs = 10_000;

/** What a person reads when an endpoint doesn't answer. Source: routers/openai.py. */
export const UNREACHED = "Open WebUI: Server Connection Error";

/**
 * The models of all connections; those of an endpoint that doesn't answer are missing, unless the configuration names
 * them. Source: get_all_models in routers/openai.py.
 */
export async function allModels({ models }: Pick<ChatConfig, "models">): Promise<Model[]> {
  const lists = await Promise.all(
    models.map(async (connection) =>
      (connection.modelIds.length > 0 ? connection.modelIds : await listed(connection)).map((name) => ({
        id: connection.prefix + name,
        name,
        connection,
      })),
    ),
  );
  // Of two models with one id the first is used.
  return [
    ...new Map(
      lists
        .flat()
        .reverse()
        .map((model) => [model.id, model]),
    ).values(),
  ].reverse();
}

/** The models that somebody may use. */
export async function modelsFor(user: User, config: ChatConfig): Promise<Model[]> {
  return user.role === "admin" || config.modelsForAll ? await allModels(config) : [];
}

async function listed({ url, key }: ModelConnection): Promise<string[]> {
  try {
    const signal = AbortSignal.timeout(listingMs);
    const response = await fetch(`${url}/models`, { headers: authorization(key), signal });
    const { data = [] } = (await response.json()) as { data?: { id: string }[] };
    return data.map(({ id }) => id);
  } catch {
    return [];
  }
}

/** What a model is asked to go on with: its own words, or calls of tools. */
export interface Turn {
  text: string;
  calls: { id: string; name: string; arguments: string }[];
}

/** One of the parts in which an answer comes. */
interface Chunk {
  choices?: {
    delta?: {
      content?: string | null;
      tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[];
    };
  }[];
}

/**
 * Asks a model and hands on its words as they come.
 *
 * @throws {HttpError} with what a person reads when it can't be reached or refuses
 */
export async function askModel(
  { name, connection }: Model,
  body: object,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<Turn> {
  const response = await fetch(`${connection.url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization(connection.key) },
    body: JSON.stringify({ ...body, model: name, stream: true }),
    signal,
  }).catch((error: unknown) => {
    if ((signal.reason as Error | undefined)?.name === "AbortError") throw error;
    throw new HttpError(500, UNREACHED);
  });
  if (!response.ok) throw new HttpError(response.status, detailOf(await response.text(), response.status));
  const turn: Turn = { text: "", calls: [] };
  for await (const { choices } of chunksOf(response)) {
    const { content, tool_calls = [] } = choices?.[0]?.delta ?? {};
    if (content) {
      turn.text += content;
      onText(content);
    }
    for (const { index, id, function: part } of tool_calls) {
      turn.calls[index] ??= { id: id ?? "", name: part?.name ?? "", arguments: "" };
      turn.calls[index].arguments += part?.arguments ?? "";
    }
  }
  return turn;
}

async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data: {")) yield JSON.parse(line.slice("data: ".length)) as Chunk;
    }
  }
}

function authorization(key: string): Record<string, string> {
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Source: get_response_error_detail in utils/misc.py. */
function detailOf(text: string, status: number): string {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    return text.trim() || `Provider returned HTTP ${status}`;
  }
  while (typeof detail === "object" && detail !== null) {
    const { error, message, detail: more } = detail as Record<string, unknown>;
    const next = error ?? message ?? more;
    if (next === undefined) return JSON.stringify(detail);
    detail = next;
  }
  return String(detail);
}
