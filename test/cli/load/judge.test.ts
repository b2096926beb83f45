import { expect, test } from "vitest";
import { judge } from "../../../cli/load/judge.ts";

const result = (value: object) => JSON.stringify({ jsonrpc: "2.0", id: 7, result: value });
const error = (code: number, message: string, id: number | null = 7) =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
const said = { content: [{ type: "text", text: "Echo: hello" }] };
const events = (...data: string[]) => data.map((each) => `event: message\ndata: ${each}\n\n`).join("");

test.each<[string, number, string, object]>([
  ["a result", 200, result(said), { kind: "right" }],
  ["a result as an event", 200, events(result(said)), { kind: "right" }],
  [
    "a result after a notification, with the other line ends",
    200,
    events('{"jsonrpc":"2.0","method":"notifications/progress"}', result(said)).replaceAll("\n", "\r\n"),
    { kind: "right" },
  ],
  [
    "an error of the tool",
    200,
    result({ isError: true, content: [{ type: "text", text: "no\n such file" }] }),
    { kind: "tool-error", message: "no such file" },
  ],
  [
    "an error of the protocol",
    200,
    error(-32_602, "no"),
    { kind: "rpc-error", code: "-32602", message: "no" },
  ],
  ["another text", 200, result({ content: [] }), { kind: "wrong-body", code: "200" }],
  ["an answer to another call", 200, result(said).replace(":7", ":8"), { kind: "wrong-body" }],
  ["no JSON", 200, "<html>", { kind: "wrong-body", message: "<html>" }],
  ["nothing", 200, "", { kind: "wrong-body", message: "the body is empty" }],
  ["a result of null", 200, '{"id":7,"result":null}', { kind: "wrong-body" }],
  ["the guard's limit", 429, error(-32_029, "used up"), { kind: "limited", code: "429", message: "used up" }],
  ["the guard's limit on a stream", 200, events(error(-32_029, "used up")), { kind: "rpc-error" }],
  ["a gateway's limit", 429, "slow down", { kind: "limited", message: "slow down" }],
  ["the breaker", 503, error(-32_030, "open"), { kind: "breaker-open", code: "503" }],
  ["no place for a session", 503, error(-32_000, "Too many sessions are open"), { kind: "sessions-full" }],
  ["a server that is busy", 503, error(-32_032, "busy"), { kind: "http", code: "503", message: "busy" }],
  ["a session that is gone", 404, error(-32_000, "unknown session", null), { kind: "session-lost" }],
  ["no token", 401, "", { kind: "unauthorized", code: "401" }],
  ["a deadline", 504, error(-32_031, "too long"), { kind: "http", code: "504" }],
])("%s", (_, status, body, expected) => {
  expect(judge({ status, body }, 7, "hello")).toMatchObject(expected);
});

test("an expected text may have what JSON escapes", () => {
  const body = result({ content: [{ type: "text", text: 'say "hi"' }] });
  expect(judge({ status: 200, body }, 7, 'say "hi"')).toEqual({ kind: "right" });
});
