import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineName } from "../../../../servers/guard/search/engines.ts";
import { createSearch, type Search } from "../../../../servers/guard/search/index.ts";

function search(changes: { engines?: string[]; fallback?: boolean; enginesArgument?: string } = {}): Search {
  const settings = {
    tool: "search",
    enginesArgument: "engines",
    engines: ["bing", "duckduckgo", "Hacker News"],
  };
  const made = createSearch({ ...settings, fallback: true, ...changes });
  if (made === undefined) throw new Error("search is set");
  return made;
}

it("is there only where the settings speak of search", () => {
  expect(createSearch(undefined)).toBeUndefined();
  expect(search().tool).toBe("search");
});

describe("the engines of a call", () => {
  it.each([
    [{ query: "x" }, ["bing"]],
    [undefined, ["bing"]],
    [null, ["bing"]],
    [["engines"], ["bing"]],
    [{ engines: ["duckduckgo"] }, ["duckduckgo"]],
    [{ engines: ["duckduckgo", "bing"] }, ["duckduckgo", "bing"]],
    [{ engines: [" Duck Duck-Go", "BING", "duck.duck_go"] }, ["duckduckgo", "bing"]],
    [{ engines: ["hn"] }, ["hackernews"]],
    [JSON.parse('{"__proto__": {"engines": ["google"]}}'), ["bing"]],
  ])("of %j are %j", (args, engines) => {
    expect(search().requested(args)).toEqual({ engines });
  });

  it.each([
    [{ engines: [] }],
    [{ engines: "bing" }],
    [{ engines: null }],
    [{ engines: {} }],
    [{ engines: ["bing", 7] }],
    [{ engines: [["bing"]] }],
  ])("must be a list of names, which %j isn't", (args) => {
    const refusal = "engines must be a list of engines out of: bing, duckduckgo, hackernews";
    expect(search().requested(args)).toEqual({ refusal });
  });

  it.each([
    [["google"]],
    [["bing", "google"]],
    [["bing\u0000"]],
    [[""]],
    [["*"]],
    [["ｂｉｎｇ"]],
    [["__proto__"]],
  ])("must all be allowed, which %j aren't", (engines) => {
    const answer = search().requested({ engines });
    expect(answer).toEqual({ refusal: expect.stringContaining("allowed are: bing, duckduckgo, hackernews") });
  });

  it("that are refused can't make an endless answer", () => {
    const engines = Array.from({ length: 1000 }, (_, i) => `${i}`.repeat(1000));
    const answer = search().requested({ engines });
    expect("refusal" in answer && answer.refusal.length).toBeLessThan(400);
  });

  it("are allowed ones, each once, or the call is refused", () => {
    const spelled = fc.constantFrom(
      "bing",
      "BING",
      "b-i-n-g",
      "google",
      "hn",
      "Hacker.News",
      "sogou",
      " duckduckgo ",
    );
    const value = fc.oneof(fc.array(fc.oneof(spelled, fc.string())), fc.anything());
    fc.assert(
      fc.property(value, (engines) => {
        const answer = search().requested({ engines });
        if ("refusal" in answer) return;
        expect(answer.engines.length).toBeGreaterThan(0);
        expect(new Set(answer.engines).size).toBe(answer.engines.length);
        for (const engine of answer.engines) expect(["bing", "duckduckgo", "hackernews"]).toContain(engine);
      }),
    );
  });

  it("take the place of what was asked, and leave everything else", () => {
    const args = { query: "x", limit: 3, engines: ["HN"] };
    expect(search().withEngines(args, ["hackernews"])).toEqual({
      query: "x",
      limit: 3,
      engines: ["hackernews"],
    });
    expect(args.engines).toEqual(["HN"]);
    expect(search().withEngines(undefined, ["bing"])).toEqual({ engines: ["bing"] });
    expect(search({ enginesArgument: "sources" }).withEngines({ engines: 1 }, ["bing"])).toEqual({
      engines: 1,
      sources: ["bing"],
    });
  });
});

describe("the next engine", () => {
  it("is the first allowed one that wasn't tried, until none is left", () => {
    const { next } = search();
    expect(next([])).toBe("bing");
    expect(next(["bing"])).toBe("duckduckgo");
    expect(next(["duckduckgo"])).toBe("bing");
    expect(next(["Bing", "duckduckgo"])).toBe("hackernews");
    expect(next(["bing", "duckduckgo", "HN"])).toBeUndefined();
  });

  it("is none where the settings don't want to fall back", () => {
    expect(search({ fallback: false }).next(["bing"])).toBeUndefined();
  });

  it("comes to an end from wherever one starts", () => {
    const all = ["bing", "exa", "brave", "sogou"];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...all), { minLength: 1 }),
        fc.subarray(all),
        (engines, first) => {
          const { next } = search({ engines });
          const tried = [...first];
          for (let engine = next(tried); engine !== undefined; engine = next(tried)) {
            expect(tried).not.toContain(engine);
            tried.push(engine);
          }
          expect(engines.every((engine) => tried.includes(engine))).toBe(true);
        },
      ),
    );
  });
});

describe("an engine's name", () => {
  // What the search server's own function makes of these (v2.1.11).
  it.each([
    ["Bing", "bing"],
    [" DuckDuckGo\n", "duckduckgo"],
    ["hacker-news", "hackernews"],
    ["hn", "hackernews"],
    ["H.N", "hackernews"],
    ["sougou", "sogou"],
    ["搜狗", "sogou"],
    ["linux.do", "linuxdo"],
    ["start_page", "startpage"],
  ])("%j is read as %s", (name, engine) => {
    expect(engineName(name)).toBe(engine);
  });

  it("that is plain stays so", () => {
    fc.assert(
      fc.property(fc.string(), (name) => void expect(engineName(engineName(name))).toBe(engineName(name))),
    );
  });
});
