import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Comparing, echo, jsonl } from "./comparing.ts";
import { answer, type Behaviour, question, refuse, sendJson } from "./server.ts";

const comparing = new Comparing();

describe("mcpaas tune-compare when answers fail", () => {
  const ways: Record<string, [Behaviour, object]> = {
    "a 400": [
      (_, response) => refuse(response, 400, "This model's maximum context length is 4096 tokens."),
      { error: "400 This model's maximum context length is 4096 tokens.", status: 400, tries: 1 },
    ],
    "a 500": [
      (_, response) => refuse(response, 500, "engine died"),
      { error: "500 engine died", status: 500, tries: 2 },
    ],
    "a page of HTML": [
      (_, response) => {
        response.writeHead(502, { "retry-after-ms": "1", "content-type": "text/html" });
        response.end(`<html>\n${"<p>no</p>".repeat(500)}</html>`);
      },
      { error: expect.stringMatching(/^502 <html> <p>.{480,500} …$/), status: 502, tries: 2 },
    ],
    "an error in the stream": [
      (asked, response) => {
        answer(asked, response, ["half"], { finish: null, done: false });
        response.end('data: {"error":{"message":"out of memory","code":500}}\n\n');
      },
      { error: "out of memory", tries: 1 },
    ],
    "a stream that ends early": [
      (asked, response) => answer(asked, response, ["half"], { finish: null }),
      { error: "the stream ended before the answer was complete", tries: 1 },
    ],
    "a connection that is cut": [
      (asked, response) => {
        answer(asked, response, ["half"], { finish: null, done: false });
        response.write("data: {", () => response.socket?.destroy());
      },
      { error: expect.stringMatching(/other side closed|terminated|ECONNRESET/), tries: 1 },
    ],
    "no stream": [
      (_, response) => sendJson(response, 200, { choices: [{ message: { content: "whole" } }] }),
      { error: "no stream of chunks came", tries: 1 },
    ],
    "no answer in time": [() => {}, { error: "no complete answer within 1 s", tries: 1 }],
    "a stream that stays open": [
      (asked, response) => answer(asked, response, ["all"], { done: false }),
      { error: "no complete answer within 1 s", tries: 1 },
    ],
    "an answer that never ends": [
      (asked, response) => answer(asked, response, ["half"], { finish: null, done: false }),
      { error: "no complete answer within 1 s", tries: 1 },
    ],
  };

  it.each(Object.entries(ways))(
    "writes %s into the reports, goes on, and ends with 1",
    async (_, [way, failure]) => {
      const failing = await comparing.serve(["phi"], (asked, response) =>
        question(asked) === "fail" ? way(asked, response) : echo(asked, response),
      );
      await writeFile(
        comparing.prompts,
        jsonl({ prompt: "fail", reference: "x" }, { prompt: "go on", reference: "go on" }),
      );
      // As short as others on the machine allow: the second prompt must be answered in that time.
      const timeout = JSON.stringify(failure).includes("within 1 s") ? ["--timeout", "1"] : [];
      const flags = ["--retries", "1", ...timeout];
      const { code, stderr } = await comparing.compare(
        failing,
        await comparing.serve(["dolly"], echo),
        flags,
      );
      expect(code).toBe(1);
      expect(stderr).toBe(`error: 1 answer is missing; ${join(comparing.dir, "tune-compare.md")} says why\n`);
      const { base, tuned, pairs, prompts: compared } = await comparing.report();
      expect(compared[0]?.replies.base).toEqual(failure);
      expect(compared[1]?.replies.base).toMatchObject({ text: "phi says go on" });
      expect({ answered: base.answered, failed: base.failed, of: tuned.answered }).toEqual({
        ...{ answered: 1, failed: 1, of: 2 },
      });
      // The likeness of the one must not come from other comparing.prompts than that of the other.
      expect(pairs).toMatchObject({ count: 1, closer: { base: 0, tuned: 0, equal: 1 } });
      expect(base.similarity).toBe(tuned.similarity);
      expect(await comparing.read("tune-compare.md")).toContain("| **failed:** ");
    },
  );
});
