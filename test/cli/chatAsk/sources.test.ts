import { expect, test } from "vitest";
import { callsOf, failureOf, message, unreachedOf } from "../../../cli/chatAsk/message.ts";
import { beneath, type Report } from "../../../cli/chatAsk/print.ts";
import { problemsOf } from "../../../cli/chatAsk/problems.ts";
import { sourcesOf } from "../../../cli/chatAsk/sources.ts";

const call = (id: string, name: string, result: string, status = "completed", given = "{}") => [
  { type: "function_call", call_id: id, name, arguments: given, status },
  { type: "function_call_output", call_id: id, output: [{ type: "input_text", text: result }], status },
];
const stored = (content: string, ...calls: object[][]) =>
  message.parse({ role: "assistant", content, done: true, output: calls.flat() });

test("a page is cited, found, or both; one that is only cited may be made up", () => {
  const results = { results: [{ title: "A", url: "https://a.example/1" }, { url: "https://b.example/" }] };
  const found = stored(
    "See [A](https://a.example/1), and https://c.example/x?y=1.",
    call("1", "web_search", JSON.stringify(results)),
  );
  expect(sourcesOf(found)).toEqual([
    { url: "https://a.example/1", title: "A", cited: true, found: true },
    { url: "https://c.example/x?y=1", cited: true, found: false },
    { url: "https://b.example/", cited: false, found: true },
  ]);
});

const wiki = "https://en.wikipedia.org/wiki/AKS_(x)";

test.each([
  [`It is [AKS](${wiki}).`, [wiki]],
  [
    `See ${wiki}, or (https://a.example/1)(https://a.example/2).`,
    [wiki, "https://a.example/1", "https://a.example/2"],
  ],
  ["https://aka.ms/b\u3002\u7d50\u675f", ["https://aka.ms/b"]],
  ["https://aka.ms/b\u7d50\u675f", ["https://aka.ms/b"]],
  ["at https://slash.example.", ["https://slash.example/"]],
  ["**https://a.example/1**", ["https://a.example/1"]],
])("an address that was found is known wherever it stands: %s", (text, cited) => {
  const urls = [
    wiki,
    "https://aka.ms/b",
    "https://a.example/1",
    "https://a.example/2",
    "https://slash.example/",
  ];
  const results = JSON.stringify({ results: urls.map((url) => ({ url })) });
  const sources = sourcesOf(stored(text, call("1", "search", results)));
  expect(sources.filter((source) => source.cited)).toEqual(
    cited.map((url) => ({ url, cited: true, found: true })),
  );
});

test("one that only begins like an address that was found is another one", () => {
  const results = JSON.stringify({ results: [{ url: "https://a.example/1" }] });
  const text =
    "https://a.example/1/made-up https://a.example/12 https://a.example/1.html (https://b.example/(y)/z)";
  const sources = sourcesOf(stored(text, call("1", "search", results)));
  expect(sources.filter((source) => source.cited)).toMatchObject([
    { url: "https://a.example/1/made-up", found: false },
    { url: "https://a.example/12", found: false },
    { url: "https://a.example/1.html", found: false },
    { url: "https://b.example/(y)/z", found: false },
  ]);
});

test("an address within a page that a tool has read isn't made up", () => {
  const page = JSON.stringify({ url: "https://a.example/", content: "more at https://b.example/x" });
  const [first] = sourcesOf(stored("See https://b.example/x.", call("1", "fetch", page)));
  expect(first).toMatchObject({ url: "https://b.example/x", cited: true, found: true });
});

test("pages are found in text, in what a tool was told to fetch, and in the app's own sources", () => {
  const fetched = stored(
    "",
    call("1", "fetch", "It is at https://a.example.", "completed", '{"url": "https://b.example/"}'),
  );
  const own = message.parse({ sources: [{ metadata: [{ url: "https://c.example/", name: "C" }] }] });
  expect(sourcesOf(fetched).map(({ url }) => url)).toEqual(["https://b.example/", "https://a.example"]);
  expect(sourcesOf(own)).toMatchObject([{ url: "https://c.example/", title: "C", found: true }]);
});

test("calls have their arguments, and their errors without what is around them", () => {
  const calls = callsOf(
    stored(
      "",
      call("1", "a", "fine", "completed", '{"x": 1}'),
      call("2", "b", '{"error": "too slow"}', "failed"),
      call("3", "c", "Error: not found.", "failed", "{bad"),
    ),
  );
  expect(calls).toEqual([
    { id: "1", tool: "a", arguments: { x: 1 }, status: "completed" },
    { id: "2", tool: "b", arguments: {}, status: "failed", error: "too slow" },
    { id: "3", tool: "c", arguments: "{bad", status: "failed", error: "not found." },
  ]);
});

test.each([
  [{}, undefined],
  [{ error: false }, undefined],
  [{ error: "x" }, "x"],
  [{ error: { content: "x" } }, "x"],
  [{ error: true }, "it doesn't say why"],
  [{ error: { content: { detail: 1 } } }, "it doesn't say why"],
  [{ error: 7 }, "it doesn't say why"],
])("an error of any form is one: %j", (given, failure) => {
  expect(failureOf(message.parse(given))).toBe(failure);
});

test("servers without a connection are known by their names", () => {
  const status = {
    action: "tool_connection",
    description: "Failed to connect to MCP server 'web'",
    error: true,
  };
  expect(unreachedOf(message.parse({ statusHistory: [status, { action: "other" }] }))).toEqual(["web"]);
});

test("a failed call that was tried again, and then went well, is no broken link", () => {
  const failed = call("1", "web_search", '{"error": "no such engine"}', "failed");
  const answered = (content: string, ...calls: object[][]) => {
    const found = stored(content, ...calls);
    return { chat: "", message: found, calls: callsOf(found) };
  };
  expect(problemsOf(answered("x", failed), "phi")).toHaveLength(1);
  expect(problemsOf(answered("x", failed, call("2", "web_search", "[]")), "phi")).toEqual([]);
  expect(problemsOf(answered("x", failed, call("2", "other", "[]")), "phi")).toHaveLength(1);
  expect(problemsOf(answered("  "), "phi")).toMatchObject([{ what: "model phi answered nothing" }]);
});

test("nothing that an answer brings along steers the terminal", () => {
  const report: Report = {
    question: "",
    model: "phi\u001b[2J",
    answer: "",
    sources: [{ url: "https://a.example/", title: "\u001b]0;x\u0007", cited: true, found: false }],
    calls: [{ id: "1", tool: "t", arguments: { x: "\u009b" }, status: "failed", error: "\u001b[1m" }],
    problems: [],
    seconds: 1,
  };
  const text = beneath(report);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(text).toContain("may be made up");
});
