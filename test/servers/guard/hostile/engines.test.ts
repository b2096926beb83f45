import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { as, callTool, type Hostile, openSession, post, startHostile } from "./support/guard.ts";

let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile({
    limits: { caller: { calls: 1000, seconds: 60 }, engines: { duckduckgo: { calls: 2, seconds: 60 } } },
    search: { engines: ["bing", "duckduckgo"] },
  });
  session = await openSession(guard.url);
});
beforeEach(() => {
  guard.upstream.seen.length = 0;
  guard.audit.length = 0;
});
afterAll(() => guard.close());

const search = (args: object) =>
  callTool(guard.url, { name: "search", arguments: { query: "x", ...args } }, as("alice", session));
/** What the server was asked for, a list of engines a call. */
const asked = () =>
  guard.upstream.seen.splice(0).map(({ body }) => JSON.parse(body).params.arguments.engines as unknown);

const refused: Record<string, unknown> = {
  "another engine": ["google"],
  "another one behind an allowed one": ["bing", "google"],
  "another one in many": [...Array(500).fill("bing"), "google"],
  "an engine that the server has, but the settings don't": ["baidu"],
  "a text instead of a list": "google",
  "a text of an allowed one": "bing",
  "a list in a text": '["google"]',
  "names in one text": ["bing,google"],
  "names in lines": ["bing\ngoogle"],
  "an object that looks like a list": { 0: "google", length: 1 },
  "an object that says it is a text": { toString: "bing" },
  "a list in a list": [["google"]],
  "an allowed one in a list in a list": [["bing"]],
  "an empty list": [],
  "an empty name": [""],
  blanks: ["  "],
  null: null,
  "a null in the list": [null],
  "a number": [0],
  true: true,
  "a wildcard": ["*"],
  all: ["all"],
  auto: "auto",
  "a NUL behind": ["bing\0"],
  "a NUL and another": ["bing\0google"],
  "a Cyrillic i": ["bіng"],
  "wide letters": ["ｂｉｎｇ"],
  "a blank of no width": ["bing\u200b"],
  "a prefix": ["bin"],
  "a suffix": ["bing2"],
  "an address": ["https://bing.com@evil.test"],
  "a path": ["../bing"],
  prototypes: ["__proto__", "constructor"],
};

describe("a search with an engine that isn't allowed is refused", () => {
  it.each(Object.entries(refused))("%s", async (_name, engines) => {
    const answer = await search({ engines });
    expect(answer.status).toBe(200);
    expect(answer.rpc).toMatchObject({ id: 1, error: { code: -32_602 } });
    expect(answer.rpc.error?.message).toMatch(/bing, duckduckgo$/);
    expect(answer.text.length).toBeLessThan(600);
    expect(guard.audit).toMatchObject([{ tool: "search", outcome: "refused" }]);
    await guard.untouched();
  });

  it("also when the argument has another spelling, which some servers take for it", async () => {
    for (const key of [
      "Engines",
      "ENGINES",
      " engines",
      "engines ",
      "ｅngines",
      "engineſ",
      "engines\u00a0",
    ]) {
      const answer = await search({ engines: ["bing"], [key]: ["google"] });
      expect(answer.rpc.error?.code, key).toBe(-32_602);
    }
    await guard.untouched();
  });
});

describe("what reaches the server is what was judged", () => {
  it("in plain spelling, each once", async () => {
    await search({ engines: ["Bing"] });
    await search({ engines: [" BING ", "bing", "b-i-n-g", "b.i_n g"] });
    expect(asked()).toEqual([["bing"], ["bing"]]);
  });

  it("and an engine is named where the call names none, so that the server can't choose", async () => {
    await search({});
    await callTool(guard.url, { name: "search" }, as("alice", session));
    await search({
      engine: "google",
      engines_: ["google"],
      searchEngines: ["google"],
      options: { engines: ["google"] },
    });
    expect(asked()).toEqual([["bing"], ["bing"], ["bing"]]);
  });

  it("if it stands there twice, the last, which is also the only one that is passed on", async () => {
    const twice = (first: string, last: string) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"x",` +
      `"engines":["${first}"],"engin\\u0065s":["${last}"]}}}`;
    expect((await post(guard.url, twice("bing", "google"), as("alice", session))).rpc.error?.code).toBe(
      -32_602,
    );
    await guard.untouched();
    expect((await post(guard.url, twice("google", "bing"), as("alice", session))).status).toBe(200);
    const [seen] = guard.upstream.seen.splice(0);
    expect(seen?.body).toContain('"engines":["bing"]');
    expect(seen?.body).not.toContain("google");
  });

  it("whether the call is dressed as a task, or brings words of the guard's own", async () => {
    const params = {
      name: "search",
      arguments: { query: "x", engines: ["google"] },
      task: { ttl: 1000 },
      _meta: { "mcp-guard/engines": { asked: ["bing"] } },
    };
    expect((await callTool(guard.url, params, as("alice", session))).rpc.error?.code).toBe(-32_602);
    await guard.untouched();
  });
});

it("the budget of an engine is one, whatever it is called, whoever calls, in whatever session", async () => {
  const bobs = await openSession(guard.url, as("bob"));
  const spellings = ["duckduckgo", "Duck Duck Go", "duck-duck-go", "DUCKDUCKGO", "duck.duck_go"];
  const answers = [];
  for (const [i, name] of spellings.entries()) {
    const params = { name: "search", arguments: { query: "x", engines: [name] } };
    answers.push(await callTool(guard.url, params, i % 2 ? as("bob", bobs) : as("alice", session)));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429, 429]);
  expect(answers[2]?.rpc.error?.code).toBe(-32_029);
  // Nor does it go further behind an engine that has some left, or because it stands there often.
  expect((await search({ engines: ["bing", "Duck-Duck-Go"] })).status).toBe(429);
  expect((await search({ engines: Array(5).fill("duckduckgo") })).status).toBe(429);
  expect((await search({ engines: ["bing"] })).status).toBe(200);
});
