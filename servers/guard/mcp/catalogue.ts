import { fold, isObject, type RpcMessage } from "./message.ts";

/** A server that lists more tools than this has its further ones treated as unknown. */
const MAX_TOOLS = 1000;

/** The tools that the server has listed so far. */
export class Catalogue {
  readonly #tools = new Map<string, { repeatable: boolean }>();
  readonly #byFold = new Map<string, string>();
  readonly #onNames: (names: Iterable<string>) => void;
  readonly #settled: ReadonlySet<string>;

  /**
   * `onNames` is told names of tools as they are learnt. `settled` are those that the settings speak of: no
   * other spelling of theirs gets past a rule or a limit because the server hasn't listed them yet.
   */
  constructor(onNames: (names: Iterable<string>) => void, settled: Iterable<string> = []) {
    this.#onNames = onNames;
    this.#settled = new Set(settled);
    for (const name of this.#settled) this.#byFold.set(fold(name), name);
  }

  /** Whether any list has been seen. */
  get empty(): boolean {
    return this.#tools.size === 0;
  }

  /** Learns from the `tools` of a list; what it says later of a tool replaces what it said before. */
  learn(tools: readonly unknown[]): void {
    for (const tool of tools) {
      if (!isObject(tool) || typeof tool["name"] !== "string") continue;
      const { name, annotations } = tool as { name: string; annotations?: unknown };
      if (this.#tools.size >= MAX_TOOLS && !this.#tools.has(name)) continue;
      const hints = isObject(annotations) ? annotations : {};
      const repeatable = hints["readOnlyHint"] === true || hints["idempotentHint"] === true;
      if (!this.#tools.has(name)) this.#onNames([name]);
      this.#tools.set(name, { repeatable });
      this.#byFold.set(fold(name), name);
    }
  }

  /** Whether the server lists a tool of exactly this name. */
  has(name: string): boolean {
    return this.#tools.has(name);
  }

  /** Whether the tool's annotations say that calling it twice does no more than calling it once. */
  repeatable(name: string): boolean {
    return this.#tools.get(name)?.repeatable ?? false;
  }

  /** The listed or settled tool that a lenient server might take this other name for. */
  lookalike(name: string): string | undefined {
    return this.has(name) || this.#settled.has(name) ? undefined : this.#byFold.get(fold(name));
  }
}

/** The tools in an answer to `tools/list`; undefined for other messages. */
export function listedTools({ result }: RpcMessage): unknown[] | undefined {
  return isObject(result) && Array.isArray(result["tools"]) ? result["tools"] : undefined;
}

/** The message with only those tools that pass; the same object if all do, or if it lists none. */
export function withTools(message: RpcMessage, passes: (tool: string) => boolean): RpcMessage {
  const tools = listedTools(message);
  if (tools === undefined) return message;
  const left = tools.filter(
    (tool) => isObject(tool) && typeof tool["name"] === "string" && passes(tool["name"]),
  );
  if (left.length === tools.length) return message;
  return { ...message, result: { ...(message.result as object), tools: left } };
}
