import { failed, type Outcome, right } from "./kinds.ts";

/** An answer as HTTP brings it. */
export interface Answer {
  status: number;
  body: string;
}

interface RpcMessage {
  id?: unknown;
  result?: { isError?: boolean; content?: unknown };
  error?: { code?: number; message?: string };
}

/**
 * Codes of the guard's JSON-RPC errors, as its README lists them (servers/guard/README.md): a limit, and the open
 * breaker. A status alone doesn't tell the breaker from a server that is busy.
 */
const guardCodes = { limited: -32_029, breakerOpen: -32_030 } as const;

/**
 * What an answer to a call of a tool is. A status of 200 says nothing yet: it may carry an error of the protocol or
 * of the tool, an answer to somebody else, or the wrong text.
 *
 * @param id of the request
 * @param expected a text that the result must have somewhere
 */
export function judge({ status, body }: Answer, id: number, expected?: string): Outcome {
  const message = messageFor(body, id);
  if (status !== 200) return refusal(status, message?.error, body);
  if (message === undefined) return failed("wrong-body", status, body || "the body is empty");
  if (message.error) return failed("rpc-error", message.error.code, message.error.message);
  const { result } = message;
  if (result === undefined || result === null)
    return failed("wrong-body", status, "there is no result in it");
  if (result.isError === true) return failed("tool-error", undefined, textOf(result.content));
  if (expected !== undefined && !JSON.stringify(result).includes(JSON.stringify(expected).slice(1, -1))) {
    return failed("wrong-body", status, `"${expected}" is not in the result`);
  }
  return right;
}

/** What a refusal is, of a call or of the opening of a session. */
export function refusal(status: number, error: RpcMessage["error"], body: string): Outcome {
  const said = error?.message ?? body;
  if (status === 429 || error?.code === guardCodes.limited) return failed("limited", status, said);
  if (error?.code === guardCodes.breakerOpen) return failed("breaker-open", status, said);
  if (status === 503 && /too many sessions/i.test(said)) return failed("sessions-full", status, said);
  if (status === 404) return failed("session-lost", status, said);
  if (status === 401 || status === 403) return failed("unauthorized", status, said);
  return failed("http", status, said);
}

/** The JSON-RPC message with an id in a body of JSON, or of events; errors without an id count as meant for it. */
export function messageFor(body: string, id: number): RpcMessage | undefined {
  const texts = body.trimStart().startsWith("{") ? [body] : eventsOf(body);
  for (const text of texts) {
    const message = parsed(text);
    if (message?.id === id || (message?.error && (message.id ?? null) === null)) return message;
  }
  return undefined;
}

/** The data of a stream's events. Source of the format: WHATWG HTML, 9.2.6. */
function eventsOf(body: string): string[] {
  return body.split(/(?:\r\n|\r|\n){2,}/).flatMap((event) => {
    const data = event
      .split(/\r\n|\r|\n/)
      .flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : []));
    return data.length === 0 ? [] : [data.join("\n")];
  });
}

function parsed(text: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as RpcMessage) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(content: unknown): string {
  const first = Array.isArray(content) ? (content[0] as { text?: unknown } | undefined) : undefined;
  return typeof first?.text === "string" ? first.text : "";
}
