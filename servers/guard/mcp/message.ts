import { codes, quote, Refusal } from "../refusal.ts";

/** The id of a JSON-RPC request: MCP allows no null and no fractions. */
export type Id = string | number;

/** A JSON-RPC message, as far as the guard looks into it. */
export interface RpcMessage {
  jsonrpc: "2.0";
  id?: Id | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: unknown;
}

/** A message that wants an answer. */
export interface RpcRequest extends RpcMessage {
  id: Id;
  method: string;
}

const ENVELOPE = ["jsonrpc", "id", "method", "params", "result", "error"];
const CALL = ["name", "arguments", "_meta"];
/** Deeper than what people or models write, and far from what breaks the stack of whoever reads it. */
const MAX_DEPTH = 100;
/** Numbers that JavaScript might not write again as they were: long ones, and those with an exponent. */
const DELICATE_NUMBER = /\d[\d.]{14}|\d[eE]/;
const METHOD = /^[\w$][\w$.-]{0,63}(\/[\w$][\w$.-]{0,63}){0,4}$/;
/** Methods that the guard judges, and that a lenient server might take in another spelling. */
const JUDGED_METHODS = ["tools/call", "tools/list", "initialize", "notifications/cancelled"];
/** All notifications of MCP begin so, and nothing else does. */
const NOTIFICATION = "notifications/";
/** The guard keeps the ids of what runs: longer than any counter or UUID, too short to fill its memory. */
const MAX_ID_LENGTH = 256;

/** The part of JSON that TypeScript doesn't know yet. */
const RAW = JSON as unknown as { rawJSON(text: string): unknown; isRawJSON(value: unknown): boolean };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a body as one JSON-RPC message of MCP; throws a `Refusal` with 400. What is sent on must be written anew
 * from what this returns, so that the server can't read anything in the body that the guard has not: of keys
 * that occur twice only the last is left, and keys that some servers take for others are refused.
 */
export function parseMessage(body: Uint8Array): RpcMessage {
  const value = parseJson(body);
  if (Array.isArray(value)) {
    throw invalid(
      "Batches are not part of MCP since protocol version 2025-06-18; send one message a request",
    );
  }
  if (!isObject(value)) throw invalid("The body must be a JSON-RPC message");
  checkWithin(value, MAX_DEPTH);
  for (const key of Object.keys(value)) {
    if (!ENVELOPE.includes(key)) throw invalid(`A JSON-RPC message has no ${quote(key)}`);
  }
  const { jsonrpc, id, method, params } = value;
  if (jsonrpc !== "2.0") throw invalid('jsonrpc must be "2.0"');
  const isId = typeof id === "string" || Number.isSafeInteger(id);
  if (typeof id === "string" && id.length > MAX_ID_LENGTH) {
    throw invalid(`id must not be longer than ${MAX_ID_LENGTH} characters`);
  }
  if (method === undefined) {
    if (!isId || params !== undefined)
      throw invalid("The message must have a method, or answer a request's id");
    if ("result" in value === "error" in value) throw invalid("An answer has either a result or an error");
  } else {
    if ("result" in value || "error" in value) throw invalid("A message is a request or an answer, not both");
    if ("id" in value && !isId) throw invalid("id must be a string or a whole number");
    checkMethod(method);
    // A server may do what a request without an id says although it doesn't answer, and nobody would have
    // judged it.
    if (method.startsWith(NOTIFICATION) === isId) {
      throw invalid(isId ? "A notification has no id" : `${quote(method)} needs an id`);
    }
    if (params !== undefined && !isObject(params)) throw invalid("params must be an object");
  }
  return value as unknown as RpcMessage;
}

/** Whether a message wants an answer. */
export const isRequest = (message: RpcMessage): message is RpcRequest =>
  message.method !== undefined && message.id !== undefined;

/** Requests that only read, and so may be repeated. */
const READS = new Set([
  "ping",
  "tools/list",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "completion/complete",
]);

/** Whether a message may be sent twice: it only reads. */
export const onlyReads = ({ method = "" }: RpcMessage): boolean => READS.has(method);

/** The name and the arguments of a `tools/call`; throws a `Refusal` if it is not well-formed. */
export function readToolCall({ params = {} }: RpcRequest): {
  name: string;
  args: Record<string, unknown> | undefined;
} {
  for (const key of Object.keys(params)) {
    const meant = CALL.find((known) => known !== key && fold(known) === fold(key));
    if (meant) throw badCall(`${quote(key)} is not a parameter of tools/call; ${meant} is`);
  }
  const name = own(params, "name");
  const args = own(params, "arguments");
  if (typeof name !== "string" || name === "") throw badCall("tools/call needs the name of a tool");
  if (args !== undefined && !isObject(args)) throw badCall("arguments must be an object");
  return { name, args };
}

/** How a lenient reader may see a name: whatever its case, its Unicode form or the spaces around it. */
export const fold = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !RAW.isRawJSON(value);
}

function parseJson(body: Uint8Array): unknown {
  try {
    const text = utf8.decode(body);
    return DELICATE_NUMBER.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text);
  } catch {
    throw new Refusal(400, codes.parse, "Parse error: the body is not JSON in UTF-8");
  }
}

/** Keeps a number as it was written where JavaScript would write it in another way. */
function keepNumber(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value !== "number" || source === undefined || String(value) === source) return value;
  return RAW.rawJSON(source);
}

function checkMethod(method: unknown): asserts method is string {
  if (typeof method !== "string" || !METHOD.test(method)) throw invalid("method is not the name of a method");
  const meant = JUDGED_METHODS.find((known) => known !== method && known === method.toLowerCase());
  if (meant) throw invalid(`Methods are case-sensitive: ${meant}, not ${method}`);
}

/**
 * Refuses what is nested too deeply, and keys that change the prototype of whatever a careless server copies
 * them into; no tool has arguments of such names.
 */
function checkWithin(value: unknown, levels: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw invalid(`The message is nested deeper than ${MAX_DEPTH} levels`);
  for (const key in value) {
    const inner: unknown = (value as Record<string, unknown>)[key];
    if (
      key === "__proto__" ||
      (key === "constructor" && isObject(inner) && Object.hasOwn(inner, "prototype"))
    ) {
      throw invalid(`${quote(key)} is not taken as a key`);
    }
    checkWithin(inner, levels - 1);
  }
}

const own = (object: Record<string, unknown>, key: string) =>
  Object.hasOwn(object, key) ? object[key] : undefined;
const invalid = (message: string) => new Refusal(400, codes.invalidRequest, `Invalid request: ${message}`);
const badCall = (message: string) => new Refusal(400, codes.invalidParams, `Invalid params: ${message}`);
