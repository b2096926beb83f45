import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { as, type Hostile, openSession, read, rpc, startHostile } from "./support/guard.ts";
import { recording } from "./support/upstream.ts";

const authorization = {
  default: "deny",
  rules: [
    { effect: "allow", tools: ["*"], roles: ["admin"] },
    { effect: "allow", tools: ["echo"] },
  ],
};
let guard: Hostile;
let session: string;
beforeAll(async () => {
  guard = await startHostile({ authorization });
  session = await openSession(guard.url, as("bob"));
});
afterAll(() => guard.close());

describe("a tool that a caller may not call", () => {
  const ask = (method: string, params: object) =>
    rpc(guard.url, { id: 1, method, params }, as("bob", session));

  it("is in nobody else's list", async () => {
    const { rpc: mine } = await ask("tools/list", {});
    expect(mine.result?.["tools"]).toMatchObject([{ name: "echo" }]);
    const alices = await openSession(guard.url);
    const { rpc: all } = await rpc(guard.url, { id: 1, method: "tools/list" }, as("alice", alices));
    expect(all.result?.["tools"]).toHaveLength(4);
  });

  it("isn't told of by other methods", async () => {
    const answers = await Promise.all([
      ask("tools/list", { cursor: "" }),
      ask("tools/list", { cursor: "0" }),
      ask("tools/list", { cursor: null }),
      ask("tools/list", { _meta: { progressToken: 1 }, name: "wipe", filter: "*" }),
      ask("completion/complete", {
        ref: { type: "ref/tool", name: "wipe" },
        argument: { name: "x", value: "w" },
      }),
      ask("completion/complete", {
        ref: { type: "ref/resource", uri: "note://{name}" },
        argument: { name: "name", value: "" },
      }),
      ask("resources/templates/list", {}),
      ask("resources/list", {}),
      ask("resources/read", { uri: "tool://wipe" }),
      ask("prompts/get", { name: "wipe" }),
      ask("tasks/list", {}),
      ask("tasks/result", { taskId: "wipe" }),
      ask("sampling/createMessage", { messages: [], maxTokens: 1 }),
      ask("logging/setLevel", { level: "debug" }),
      ask("server/discover", {}),
    ]);
    // Where the question is said again, the word is the asker's own.
    for (const { text } of answers) expect(text).not.toMatch(/secret|"wipe"/);
  });

  it("looks, when called, the same whether the server has it or not", async () => {
    const texts = await Promise.all(
      ["wipe", "w1pe"].map(async (name) => {
        const { status, text } = await ask("tools/call", { name });
        return [status, text.replace(name, "it")];
      }),
    );
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]?.[0]).toBe(403);
  });
});

describe("a list is cut in whatever form the server gives it", () => {
  const list =
    '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo"},{"name":"wipe"}],"nextCursor":"2"}}';
  const [front, back] = [list.slice(0, list.indexOf("[")), list.slice(list.indexOf("["))];
  const forms: Record<string, [type: string, ...body: string[]]> = {
    JSON: ["application/json", list],
    "JSON with a charset": ["Application/JSON ; charset=utf-8", list],
    "a batch": ["application/json", `[${list}]`],
    "JSON in many pieces": ["application/json", front, back],
    "an event": ["text/event-stream", `data: ${list}\n\n`],
    "an event of another case": ["Text/Event-Stream; charset=utf-8", `data: ${list}\n\n`],
    "an event with a name and an id": ["text/event-stream", `event: message\nid: 1\ndata: ${list}\n\n`],
    "an event in many lines": ["text/event-stream", `data: ${front}\ndata: ${back}\n\n`],
    "an event in many pieces": ["text/event-stream", `data: ${front}`, back, "\n", "\n"],
    "lines that end with CR LF": ["text/event-stream", `data: ${list}\r\n\r\n`],
    "lines that end with CR": ["text/event-stream", `data: ${list}\r\r`],
    "lines that end with CR, and a comment": ["text/event-stream", `data: ${list}\r\r`, ": hi\r\r"],
    "a mark of the byte order": ["text/event-stream", `\ufeffdata: ${list}\n\n`],
    "comments between": ["text/event-stream", `: hi\n\n: there\ndata:${list}\n\n`],
    "a batch in an event": ["text/event-stream", `data: [${list}]\n\n`],
    "another type": ["text/plain", list],
    "no type": ["", list],
    "a type of its own": ["application/vnd.mcp+json", list],
    "JSON that is none": ["application/json", `${list}x`],
    "an event that is no JSON": ["text/event-stream", `data: ${list}x\n\n`],
  };
  let form: [type: string, ...body: string[]] = ["", ""];
  let raw: Hostile;
  beforeAll(async () => {
    const upstream = await recording(async (_req, res) => {
      const [type, ...body] = form;
      if (type !== "") res.setHeader("content-type", type);
      for (const piece of body) await new Promise((resolve) => res.write(piece, resolve));
      res.end();
    });
    raw = await startHostile({ authorization }, { upstream });
  });
  afterAll(() => raw.close());

  it.each(Object.entries(forms))("%s", async (name, answer) => {
    form = answer;
    const { text } = await rpc(raw.url, { id: 1, method: "tools/list" }, as("bob"));
    expect(text).not.toContain("wipe");
    const response = await fetch(raw.url, { headers: { ...as("bob"), accept: "text/event-stream" } });
    expect((await read(response)).text).not.toContain("wipe");
    // Who may see all does, unless nobody could know what it is.
    expect((await rpc(raw.url, { id: 1, method: "tools/list" })).text.includes("wipe")).toBe(
      !/type|none|no JSON/.test(name),
    );
  });
});
