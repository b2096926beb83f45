import type { Caller } from "../caller.ts";
import type { LimitHit } from "../limits/index.ts";
import type { Parts } from "../parts.ts";
import { codes, quote, Refusal } from "../refusal.ts";
import type { SearchRun } from "./searchRun.ts";

/** What is judged of a call. */
export interface Candidate {
  caller: Caller;
  /** The tool's name, as it is sent. */
  name: string;
  search: SearchRun | undefined;
}

/** What a tool's name may be made of where the server hasn't listed it. Source: "Tool Names" of MCP 2025-11-25. */
const TOOL_NAME = /^[\x21-\x7e]{1,128}$/;

/**
 * Lets a call in, or throws a `Refusal`: the tool's name, the caller's right to it, the engines, the places for
 * calls that run, the budgets. The function that is returned gives the place back.
 */
export async function admit(parts: Parts, { caller, name, search }: Candidate): Promise<() => void> {
  const { catalogue, allowed, limits, metrics } = parts;
  if (!catalogue.has(name) && !TOOL_NAME.test(name)) {
    throw invalid("the name of a tool is 1 to 128 ASCII characters without spaces");
  }
  const meant = catalogue.lookalike(name);
  if (meant !== undefined) throw invalid(`there is no tool ${quote(name)}; names are case-sensitive`);
  if (!allowed(caller, name)) {
    const message = `You may not call the tool ${quote(name)}`;
    throw new Refusal(403, codes.denied, message, { outcome: "denied" });
  }
  const engines = search?.engines() ?? [];

  // The place comes before the budgets: a call that finds none must not use them up.
  const place = limits.enter();
  if (typeof place !== "function") throw limited(metrics, place);
  try {
    const hit = await limits.take({ caller, tool: name, engines });
    if (hit) throw limited(metrics, hit);
  } catch (error) {
    place();
    throw error;
  }
  return place;
}

function limited(metrics: Parts["metrics"], { limit, retryAfterSeconds, detail }: LimitHit): Refusal {
  metrics.limitHit(limit);
  const message = `Too many calls: ${detail}`;
  return new Refusal(429, codes.limited, message, { retryAfterSeconds, outcome: "limited" });
}

const invalid = (reason: string) => new Refusal(400, codes.invalidParams, `Invalid params: ${reason}`);
