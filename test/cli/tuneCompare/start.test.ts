import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { runHere } from "../running.ts";
import { Comparing, chats, echo } from "./comparing.ts";
import { refuse, type Served, sendJson, type serve } from "./server.ts";

const comparing = new Comparing();

describe("mcpaas tune-compare before it starts", () => {
  const fine = () => comparing.serve(["dolly"], echo);
  const listing = (list: Parameters<typeof serve>[2]) => comparing.serve([], echo, list);
  beforeEach(() => writeFile(comparing.prompts, "x\n"));

  async function refused(
    base: Served,
    tuned: Served,
    flags: string[] = [],
    env: Record<string, string> = {},
  ) {
    const ended = await comparing.compare(base, tuned, ["--retries", "0", ...flags], env);
    expect(ended.stdout).toBe("");
    expect(await readdir(comparing.dir)).toEqual(["prompts.jsonl"]);
    expect([...chats(base), ...chats(tuned)]).toEqual([]);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    return ended;
  }

  it("ends with 4 and one line when nobody is there", async () => {
    const gone = await comparing.serve([], echo);
    await gone.close();
    const { code, stderr } = await refused(gone, await fine());
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^error: the base endpoint http:\S+ doesn't answer: .*ECONNREFUSED.*; check --base, .*\n$/,
    );
  });

  it.each([
    [
      "no key",
      (_: unknown, response: never) => refuse(response, 401, "Unauthorized"),
      /401 Unauthorized; pass a key with --tuned-api-key-env/,
    ],
    [
      "no list",
      (_: unknown, response: never) => refuse(response, 404, "Not Found"),
      /404 Not Found; check the path of --tuned, .*or name the model/,
    ],
    [
      "another API",
      (_: unknown, response: never) => sendJson(response, 200, { hello: 1 }),
      /lists no model; check the path of --tuned/,
    ],
    ["no model", (_: unknown, response: never) => sendJson(response, 200, { data: [] }), /lists no model/],
    ["escapes", (_: unknown, response: never) => refuse(response, 403, "\u001b[2J"), /403 \\u001b\[2J/],
  ])("ends with 4 when an endpoint has %s", async (_, list, message) => {
    const { code, stderr } = await refused(await fine(), await listing(list as Parameters<typeof serve>[2]));
    expect(code).toBe(4);
    expect(stderr).toMatch(message);
  });

  it("lists the models when there is a choice, or when there is none of that name", async () => {
    const both = await comparing.serve(
      ["phi-4-mini-instruct", { id: "dolly", parent: "phi-4-mini-instruct" }],
      echo,
    );
    const list = "\n  phi-4-mini-instruct\n  dolly (an adapter of phi-4-mini-instruct)\n";
    expect(await refused(both, both)).toMatchObject({
      code: 2,
      stderr: `error: the base endpoint ${both.url} serves 2 models; choose one with --base-model:${list}`,
    });
    const flags = ["--base-model", "phi-4-mini-instruct", "--tuned-model", "doly"];
    expect(await refused(both, both, flags)).toMatchObject({
      code: 2,
      stderr: `error: the tuned endpoint ${both.url} doesn't serve "doly" (--tuned-model), maybe "dolly"; it serves:${list}`,
    });
  });

  it("takes a name on trust where there is no list", async () => {
    const bare = await comparing.serve([], echo, (_, response) => refuse(response, 404, "Not Found"));
    const { code } = await comparing.compare(bare, await fine(), ["--base-model", "gpt"]);
    expect(code).toBe(0);
    expect((await comparing.report()).base.model).toBe("gpt");
  });

  it("keeps reports that exist unless it may replace them", async () => {
    const server = await fine();
    await writeFile(join(comparing.dir, "tune-compare.json"), "precious");
    const { code, stderr } = await comparing.compare(server, server);
    expect(code).toBe(2);
    expect(stderr).toContain("tune-compare.json exists; choose another name, or replace it with --force");
    expect(server.asked).toEqual([]);
    expect(await comparing.read("tune-compare.json")).toBe("precious");
    expect((await comparing.compare(server, server, ["--force"])).code).toBe(0);
  });

  it("writes each report where it is wanted", async () => {
    const flags = ["--markdown", join(comparing.dir, "a.md"), "--report-json", join(comparing.dir, "b.json")];
    expect((await comparing.compare(await fine(), await fine(), flags)).stdout).toContain(
      `Wrote ${comparing.dir}/a.md and ${comparing.dir}/b.json`,
    );
    expect((await readdir(comparing.dir)).toSorted()).toEqual(["a.md", "b.json", "prompts.jsonl"]);
  });

  it.each([
    ["nothing", "", /prompts.jsonl has no prompt/],
    [
      "wrong records",
      '{"prompt":"a"}\n\n{"promt":"b"}\n{"prompt":""}\n',
      /can't be used:\n.*:3: neither .*\n.*:4: "prompt" is empty\n$/,
    ],
    ["an array", '[\n{"prompt":"a"}\n]\n', /:1: not JSON, but maybe the start of an array/],
    ["Latin-1", Buffer.from("caf\xe9\n", "latin1"), /:1:4: not UTF-8/],
  ])("ends with 2 for comparing.prompts with %s", async (_, text, message) => {
    await writeFile(comparing.prompts, text);
    const { code, stderr } = await refused(await fine(), await fine());
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each([
    ["no URL", ["--base", "localhost:8080"], /^error: --base must be a URL such as/],
    ["a password", ["--base", "http://me:secret@localhost"], /must have no user, query or fragment/],
    ["a key in the query", ["--base", "http://localhost/v1?key=1"], /must have no user, query or fragment/],
    ["no tuned model", ["--base", "http://localhost"], /required option '--tuned <url>'/],
    ["a wild temperature", ["--temperature", "3"], /from 0 to 2/],
    ["no temperature", ["--temperature", ""], /from 0 to 2/],
    ["no time", ["--timeout", "0"], /above 0/],
    ["days", ["--timeout", "90000"], /at most 3600/],
    ["no concurrency", ["--concurrency", "0"], /whole number, 1 or more/],
  ])("ends with 2 for %s", async (name, flags, message) => {
    const others = name === "no tuned model" ? [] : ["--tuned", "http://localhost"];
    const args = ["tune-compare", ...flags, ...others, "--prompts", comparing.prompts];
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("secret");
  });
});
