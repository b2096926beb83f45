import { expect, test } from "vitest";
import { callsOf, message } from "../../../cli/chatAsk/message.ts";
import { beneath } from "../../../cli/chatAsk/print.ts";
import { problemsOf } from "../../../cli/chatAsk/problems.ts";

const TOOLS = ["server:mcp:web", "server:handbook"];

/** What a message of this kind is judged to be. */
function judged(stored: object) {
  const parsed = message.parse({ role: "assistant", done: true, ...stored });
  return problemsOf({ message: parsed, calls: callsOf(parsed) }, "phi", TOOLS);
}

const failed = (text: string) => ({
  content: "x",
  output: [
    { type: "function_call", call_id: "1", name: "web_search", arguments: "{}", status: "failed" },
    { type: "function_call_output", call_id: "1", output: [{ type: "input_text", text }] },
  ],
});

test.each([
  ["Open WebUI: Server Connection Error", /can't reach .* waited in vain/, /modelTimeoutSeconds/],
  ["Tool-call limit reached (3 iterations).", /too many calls of tools/, /chat\.toolRounds/],
  ["You passed 9000 input tokens", /too long for model phi/, /ask for less/],
  ['"auto" tool choice requires --tool-call-parser', /tools can't be called by/, /parser/],
  ["Unauthorized", /the key is refused/, /API key/],
  ["Incorrect API key provided: x", /the key is refused/, /API key/],
  ["Error code: 401", /the key is refused/, /API key/],
  ["CUDA out of memory: 401 MiB free", /no answer comes from/, /diagnose/],
  ["port 4010 is taken, 403 blocks", /no answer comes from/, /diagnose/],
])("a model that fails with %j", (content, what, remedy) => {
  expect(judged({ error: { content } })).toMatchObject([
    { link: "model", what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) },
  ]);
});

test.each([
  ["Error: Too many calls: 1 calls of search in 600 seconds", /a limit of its guard is used up/],
  ["Error: The call took longer than 30 seconds", /it takes longer/],
  ["Error: Timed out while waiting for response to ClientRequest.", /it takes longer/],
  ['Error: You may not call the tool "search"', /its guard's rules/],
  ["Error: engines: x not allowed; allowed are: bing", /its guard's rules/],
  ["Error: RuntimeError: no such index", /see why/],
  ["Error: Invalid datetime", /see why/],
  ["Error: Permission denied: /etc/shadow", /see why/],
])("a tool that fails with %j", (text, remedy) => {
  expect(judged(failed(text))).toMatchObject([{ link: "tools", remedy: expect.stringMatching(remedy) }]);
});

test.each([
  '<tool_call>\n{"name": "web_search", "arguments": {"query": "x"}}\n</tool_call>',
  'I look it up. <tool_call>{"name": "web_search"}',
  '<|tool_call|>[{"name": "web_search"}]',
  '[TOOL_CALLS][{"name": "web_search"}]',
  'functools[{"name": "web_search"}]',
  "<function=web_search>{}</function>",
  '{"name": "search_handbook", "parameters": {}}',
  '```json\n[{"type": "function", "name": "web_search"}]\n```',
])("a call that a model writes as text is a broken link: %s", (content) => {
  expect(judged({ content })).toMatchObject([
    {
      link: "model",
      what: expect.stringMatching(/^model phi writes a call of (web_search|search_handbook) as text/),
      remedy: expect.stringContaining("toolCallParser"),
    },
  ]);
});

test.each([
  "The tool web_search finds pages.",
  '{"name": "Ann", "age": 7}',
  '<tool_call>{"name": "other_thing"}',
  "Models write <tool_call> before a call.",
])("but no answer that only looks a bit like one: %s", (content) => {
  expect(judged({ content })).toEqual([]);
});

test("a call that was wanted and not made isn't completed", () => {
  const wanted = { call_id: "4", name: "web_search", arguments: "{}", status: "completed" };
  const calls = callsOf(message.parse({ output: [{ type: "function_call", ...wanted }] }));
  expect(calls).toMatchObject([{ status: "skipped" }]);
  const report = { question: "", model: "phi", answer: null, sources: [], calls, problems: [], seconds: 1 };
  expect(beneath(report)).toContain("web_search {}: not called any more");
});
