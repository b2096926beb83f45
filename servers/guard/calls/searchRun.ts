import type { AuditEntry } from "../audit.ts";
import { fold, isObject } from "../mcp/message.ts";
import type { Parts } from "../parts.ts";
import { codes, quote, Refusal } from "../refusal.ts";

/** Key in a result's `_meta` under which the guard says which engines were asked. */
const META_KEY = "mcp-guard/engines";

/** The result of a call. */
type Result = Record<string, unknown>;

/** A search, which asks one engine after the other until one answers. */
export class SearchRun {
  readonly #parts: Parts;
  readonly #args: unknown;
  /** The engines of the request that is under way. */
  #now: readonly string[] = [];
  readonly #asked: string[] = [];
  /** Engines that were asked, or skipped because their budget is used up. */
  readonly #tried: string[] = [];
  readonly #failed = new Set<string>();
  /** The first answer that says of itself that it failed. */
  #failure: Result | undefined;
  #resultCount: number | undefined;

  constructor(parts: Parts, args: unknown) {
    this.#parts = parts;
    this.#args = args;
  }

  /** The engines that the call asks for; throws a `Refusal` that names the allowed ones if it may not. */
  engines(): readonly string[] {
    const argument = this.#parts.config.search?.enginesArgument ?? "engines";
    for (const key of isObject(this.#args) ? Object.keys(this.#args) : []) {
      if (key === argument || fold(key) !== fold(argument)) continue;
      throw invalid(`${quote(key)} is not an argument; ${argument} is`);
    }
    const requested = this.#parts.search?.requested(this.#args);
    if (requested === undefined) return [];
    if ("refusal" in requested) throw invalid(requested.refusal);
    this.#ask(requested.engines);
    return requested.engines;
  }

  /** The arguments to send now, for a request that is sent. */
  args(): unknown {
    for (const engine of this.#now) this.#parts.metrics.engineAsked(engine);
    return this.#parts.search?.withEngines(this.#args, this.#now);
  }

  /** Whether none of the engines that were asked answered. */
  get failed(): boolean {
    return !this.#resultCount && this.#asked.every((engine) => this.#failed.has(engine));
  }

  /**
   * Judges a result. Returns what the client gets; undefined if the search should be sent again, with the engine
   * that `args` then has. When the last engine failed too that is the first failure that can be seen as one:
   * the engines that are asked later may be such that hide theirs.
   */
  async settle(result: Result): Promise<Result | undefined> {
    const { search } = this.#parts;
    const judgement = search?.judge(result);
    this.#resultCount = judgement?.resultCount;
    if (judgement === undefined) return this.#explained(result);
    const { failed, failedEngines, reasonOf, hidden } = judgement;
    // Others than those that were asked can't have failed; whatever the server names becomes no metric's
    // label.
    const named = failedEngines.filter((engine) => this.#now.includes(engine));
    // An error names no engine: then all that were asked have failed.
    const culprits = failed && named.length === 0 ? this.#now : named;
    for (const engine of culprits) {
      this.#failed.add(engine);
      this.#parts.metrics.engineFailed(engine, reasonOf(engine));
    }
    if (!failed) return this.#explained(result);
    if (!hidden) this.#failure ??= result;
    if (await this.#next(culprits)) return undefined;
    const told = this.#failure ?? result;
    this.#resultCount = search?.judge(told).resultCount;
    return this.#explained(told);
  }

  /** Goes on to the next engine that may be asked, if there is one. */
  async #next(culprits: readonly string[]): Promise<boolean> {
    const { search, limits, metrics } = this.#parts;
    for (let next = search?.next(this.#tried); next !== undefined; next = search?.next(this.#tried)) {
      const hit = await limits.takeEngines([next]);
      if (hit === undefined) {
        for (const engine of culprits) metrics.engineFellBack(engine);
        this.#ask([next]);
        return true;
      }
      metrics.limitHit(hit.limit);
      this.#tried.push(next);
    }
    return false;
  }

  /** The result with a note of the engines: all that were asked, and those of them that answered. */
  #explained(result: Result): Result {
    const answered = this.#asked.filter((engine) => !this.#failed.has(engine));
    const meta = isObject(result["_meta"]) ? result["_meta"] : {};
    return { ...result, _meta: { ...meta, [META_KEY]: { asked: this.#asked, answered } } };
  }

  /** What the audit says of it. */
  entry(): Pick<AuditEntry, "query" | "engines" | "resultCount"> {
    const query = isObject(this.#args) ? this.#args["query"] : undefined;
    return {
      query: typeof query === "string" ? query : undefined,
      engines: this.#asked,
      resultCount: this.#resultCount,
    };
  }

  #ask(engines: readonly string[]): void {
    this.#now = engines;
    this.#asked.push(...engines);
    this.#tried.push(...engines);
  }
}

/** With status 200, as a server answers wrong arguments: the model that made the call gets to read it. */
const invalid = (reason: string) => new Refusal(200, codes.invalidParams, `Invalid params: ${reason}`);
