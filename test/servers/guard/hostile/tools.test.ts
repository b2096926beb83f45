import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { as, callTool, type Hostile, openSession, rpc, startHostile } from "./support/guard.ts";
import { recording } from "./support/upstream.ts";

const settings = {
  authorization: { rules: [{ effect: "deny", tools: ["wipe", "admin*"] }] },
  limits: { caller: { calls: 1000, seconds: 60 }, tools: { echo: { calls: 1, seconds: 60 } } },
  search: { engines: ["bing"] },
};
let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile(settings);
  session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
});
afterAll(() => guard.close());

const call = (params: Record<string, unknown>) => callTool(guard.url, params, as("alice", session));

/** Names that a lenient server, file system or database could take for "wipe". */
const names = [
  "Wipe",
  "WIPE",
  "wipE",
  " wipe",
  "wipe ",
  "\twipe",
  "wipe\n",
  "wipe\r\nname: echo",
  "wipe\0",
  "wipe\0.txt",
  "wipe\u00a0",
  "wipe\u200b",
  "wi\u00adpe",
  "\ufeffwipe",
  "\u202eepiw",
  "wipe\u0301",
  "ｗｉｐｅ",
  "wıpe",
  "wіpe", // A Cyrillic i.
  "ⓦⓘⓟⓔ",
  "𝐰𝐢𝐩𝐞",
  "\ud83d",
  "",
  "x".repeat(129),
  "wi pe",
];

describe("a tool that the caller may not call", () => {
  it("is denied, which the audit has and the server has not", async () => {
    guard.audit.length = 0;
    for (const name of ["wipe", "admin", "admin-wipe", "admin*", "administer"]) {
      const answer = await call({ name });
      expect(answer.status).toBe(403);
      expect(answer.rpc).toMatchObject({ id: 1, error: { code: -32_003 } });
    }
    expect(guard.audit.map(({ outcome }) => outcome)).toEqual(Array(5).fill("denied"));
    await guard.untouched();
  });

  it.each(names)("has no other name: %j", async (name) => {
    const answer = await call({ name });
    expect(answer.status).toBe(400);
    expect(answer.rpc).toMatchObject({ id: 1, error: { code: -32_602 } });
    await guard.untouched();
  });

  it("has no name that isn't a text", async () => {
    for (const name of [
      ["wipe"],
      { name: "wipe" },
      { toString: "wipe" },
      7,
      true,
      null,
      undefined,
      [["wipe"]],
    ]) {
      const answer = await call({ name });
      expect([answer.status, answer.rpc.error?.code]).toEqual([400, -32_602]);
    }
    await guard.untouched();
  });

  it("is not named by a second parameter, whichever the server reads", async () => {
    const second = ["Name", "NAME", "name ", " name", "ｎａｍｅ", "naMe", "NAME\u00a0"];
    for (const key of second) {
      expect((await call({ name: "echo", [key]: "wipe" })).status, key).toBe(400);
      expect((await call({ [key]: "wipe" })).status, key).toBe(400);
    }
    for (const key of ["Arguments", "ARGUMENTS", "argumentſ", "_META"]) {
      expect((await call({ name: "fail", [key]: { name: "wipe" } })).status, key).toBe(400);
    }
    await guard.untouched();
  });

  it("is not called by a name that the server must decode: such names reach it as they are", async () => {
    const encoded = [
      "%77ipe",
      "wipe%00",
      "wipe%20",
      "&#119;ipe",
      "\\u0077ipe",
      "d2lwZQ==",
      "../wipe",
      "wipe/",
      "./wipe",
    ];
    for (const name of encoded) {
      const answer = await call({ name });
      expect(answer.rpc.result?.["isError"] ?? answer.rpc.error, name).toBeTruthy();
    }
    const seen = guard.upstream.seen.splice(0).map(({ body }) => JSON.parse(body).params.name);
    expect(seen).toEqual(encoded);
  });

  it("is not called through names that every object has", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf"]) {
      const answer = await call({ name });
      expect(answer.rpc.result?.["isError"] ?? answer.rpc.error, name).toBeTruthy();
      expect(answer.text).not.toContain("wiped");
    }
    guard.upstream.seen.length = 0;
  });

  it("is not called through arguments that aren't an object", async () => {
    for (const args of ["wipe", ["wipe"], 7, true, null, [{ name: "wipe" }]]) {
      expect((await call({ name: "fail", arguments: args })).status).toBe(400);
    }
    await guard.untouched();
  });

  it("is not called by a method that sounds like it", async () => {
    const methods = ["tools/call2", "tool/call", "tools.call", "tools/execute", "call_tool", "$/tools/call"];
    for (const method of methods) {
      const answer = await rpc(guard.url, { id: 1, method, params: { name: "wipe" } }, as("alice", session));
      expect(answer.rpc.error?.code, method).toBe(-32_601);
    }
    // The server knows none of them; the guard passes on what MCP may have one day.
    expect(guard.upstream.seen.splice(0)).toHaveLength(methods.length);
  });
});

describe("before the server has listed its tools", () => {
  let unlisted: Hostile;
  beforeAll(async () => {
    // A lenient server, whose list can't be read.
    const upstream = await recording((_req, res, body) =>
      body.includes("initialize")
        ? res.writeHead(404).end()
        : res
            .setHeader("content-type", "application/json")
            .end(`{"jsonrpc":"2.0","id":1,"result":{"content":[]}}`),
    );
    unlisted = await startHostile(settings, { upstream });
  });
  afterAll(() => unlisted.close());

  it("names that the settings have are known by other spellings too", async () => {
    for (const name of ["Wipe", "WIPE", "Search", "SEARCH", "Echo", "eCHO"]) {
      expect((await callTool(unlisted.url, { name, arguments: { engines: ["evil"] } })).status, name).toBe(
        400,
      );
    }
    await unlisted.untouched();
    expect((await callTool(unlisted.url, { name: "wipe" })).status).toBe(403);
    expect((await callTool(unlisted.url, { name: "echo" })).status).toBe(200);
    expect((await callTool(unlisted.url, { name: "echo" })).status).toBe(429);
  });
});
