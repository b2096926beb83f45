import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHere, start } from "./running.ts";

let dir: string;
let input: string;
let out: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tune-prepare-"));
  input = join(dir, "dolly.jsonl");
  out = join(dir, "train.jsonl");
});
afterEach(() => rm(dir, { recursive: true }));

const record = (index: number) => ({
  instruction: `Question ${index}?`,
  context: "",
  response: `Answer ${index}`,
});
const jsonl = (records: object[]) => records.map((each) => `${JSON.stringify(each)}\n`).join("");
const hundred = jsonl(Array.from({ length: 100 }, (_, index) => record(index)));

async function prepare(text: string | Buffer, ...flags: string[]) {
  await writeFile(input, text);
  return runHere(["tune-prepare", input, "--out", out, ...flags]);
}

/** What was written, as the answers that each record has. */
async function answers(): Promise<string[]> {
  const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line).messages.at(-1).content);
}

describe("mcpaas tune-prepare", () => {
  it("writes chats and says what it wrote", async () => {
    const { code, stdout, stderr } = await prepare(`\ufeff${hundred.replaceAll("\n", "\r\n")}\r\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("100 read, 100 written as messages");
    expect(stdout).toContain("1 blank line");
    expect(stdout).toContain("an estimate");
    expect(await answers()).toEqual(Array.from({ length: 100 }, (_, index) => `Answer ${index}`));
    expect(await readdir(dir)).toEqual(["dolly.jsonl", "train.jsonl"]);
  });

  it("writes prompts with completions when asked to", async () => {
    expect((await prepare(hundred, "--format", "prompt-completion", "--limit", "1")).code).toBe(0);
    expect(await readFile(out, "utf8")).toBe(
      `${JSON.stringify({ prompt: "Question 0?\n\n", completion: "Answer 0" })}\n`,
    );
  });

  it("says everything in JSON too", async () => {
    const text = `${hundred}\n${jsonl([record(1), { ...record(2), response: "é".repeat(400) }])}`;
    const { stdout } = await prepare(text, "--json", "--repeats", "drop", "--sample", "60", "--seed", "5");
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      ok: true,
      input,
      output: out,
      format: "messages",
      recordsIn: 102,
      recordsOut: 60,
      skipped: { blankLines: 1, repeats: 1, notSampled: 41 },
      repeats: 1,
      seed: 5,
    });
    const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
    const texts = lines.map((line) =>
      JSON.parse(line)
        .messages.map(({ content }: { content: string }) => content)
        .join(""),
    );
    const lengths = texts.map((each) => each.length);
    expect(summary.characters.mean).toBe(Math.round(lengths.reduce((sum, each) => sum + each, 0) / 60));
    expect(summary.characters.max).toBe(Math.max(...lengths));
    expect(summary.estimatedTokens.total).toBe(Math.ceil(Buffer.byteLength(texts.join("")) / 4));
  });

  it("cuts the same sample for a seed, in the order of the file, and another one for another", async () => {
    // Long records, so that the sample is read back from its file in several pieces.
    const context = "x".repeat(20_000);
    const long = jsonl(Array.from({ length: 100 }, (_, index) => ({ ...record(index), context })));
    const cut = async (seed: string) => {
      await prepare(long, "--sample", "20", "--seed", seed, "--force");
      return answers();
    };
    const sample = await cut("1");
    expect(sample).toHaveLength(20);
    const indexes = sample.map((answer) => Number(answer.replace("Answer ", "")));
    expect(indexes).toEqual(indexes.toSorted((one, other) => one - other));
    expect(new Set(indexes).size).toBe(20);
    expect(await cut("1")).toEqual(sample);
    expect(await cut("2")).not.toEqual(sample);
  });

  it("writes all when the sample is larger than the file, and samples of the limit only", async () => {
    await prepare(hundred, "--sample", "500");
    expect(await answers()).toHaveLength(100);
    await prepare(hundred, "--sample", "500", "--limit", "7", "--force");
    expect(await answers()).toEqual(Array.from({ length: 7 }, (_, index) => `Answer ${index}`));
  });

  it("reads gzip, in several parts too, whatever the file is called", async () => {
    const parts = [hundred.slice(0, 1000), hundred.slice(1000)].map((part) => gzipSync(part));
    expect((await prepare(Buffer.concat(parts))).code).toBe(0);
    expect(await answers()).toHaveLength(100);
  });

  it("says when gzip is cut off", async () => {
    const { code, stderr } = await prepare(gzipSync(hundred).subarray(0, -20));
    expect(code).toBe(1);
    expect(stderr).toBe(`error: ${input} is damaged or cut off: unexpected end of file\n`);
    expect(await readdir(dir)).toEqual(["dolly.jsonl"]);
  });

  it.each([
    ["ignore", ["a", "b", "a", "a"], undefined],
    ["report", ["a", "b", "a", "a"], 2],
    ["drop", ["a", "b"], 2],
  ])("does with repeats as told: %s", async (mode, wanted, repeats) => {
    const records = ["a", "b", "a", "a"].map((response) => ({ instruction: "x", response }));
    const { stdout } = await prepare(jsonl(records), "--repeats", mode, "--json");
    expect(await answers()).toEqual(wanted);
    expect(JSON.parse(stdout).repeats).toBe(repeats ?? null);
  });

  it("takes repeats for errors when told so", async () => {
    const { code, stderr } = await prepare(jsonl([record(1), record(2), record(1)]), "--repeats", "error");
    expect(code).toBe(1);
    expect(stderr).toContain(`${input}:3: repeats line 1\n`);
  });
});

describe("mcpaas tune-prepare on wrong data", () => {
  const wrong = Buffer.concat([
    Buffer.from(`${jsonl([record(0), { ...record(1), respons: "x" }])}\n{"instruction":"a" "b"}\n`),
    Buffer.from([0x22, 0xe9, 0x22, 0x0a]),
    Buffer.from(jsonl([{ instruction: 1 }])),
  ]);

  it("says every problem with its line, and leaves nothing", async () => {
    const { code, stdout, stderr } = await prepare(wrong);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      `${input}:2: the key "respons" is not one of instruction, response, context, category; did you mean "response"?`,
      `${input}:4:20: not JSON: Expected ',' or '}' after property value`,
      `${input}:5:2: not UTF-8: the byte 0xE9 at byte 2 of the line`,
      `${input}:6: "instruction" is a number, not a string`,
      `${input}:6: "response" is missing`,
      `error: 5 problems in ${input}; nothing was written`,
      "",
    ]);
    expect(await readdir(dir)).toEqual(["dolly.jsonl"]);
  });

  it("stops after the number of problems that is wanted", async () => {
    const { stderr, stdout } = await prepare(wrong, "--max-errors", "2", "--json");
    expect(stderr).toContain(
      `error: 2 problems in ${input}, and maybe more (--max-errors); nothing was written`,
    );
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      input,
      stopped: true,
      problems: [
        { line: 2, message: expect.stringContaining("respons") },
        { line: 4, column: 20, message: expect.stringContaining("not JSON") },
      ],
    });
  });

  it("keeps what stood in the output before", async () => {
    await writeFile(out, "precious");
    expect((await prepare(wrong, "--force")).code).toBe(1);
    expect(await readFile(out, "utf8")).toBe("precious");
    expect(await readdir(dir)).toEqual(["dolly.jsonl", "train.jsonl"]);
  });

  it("prints no control characters of the data", async () => {
    const { stderr } = await prepare(Buffer.from("nope \u001b[2J"));
    expect(stderr).toContain("\\u001b[2J");
    expect(stderr.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ["nothing", "", /^error: .*dolly.jsonl has no record\n$/],
    ["blank lines", " \n\n", /has no record/],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), /UTF-16, not UTF-8/],
    ["Parquet", "PAR1....", /Parquet, not JSON Lines/],
    ["a zip archive", "PK\u0003\u0004....", /zip archive/],
    [
      "a line above the limit",
      `{"instruction":"${"x".repeat(3000)}"}\n{}`,
      /:1: the line has 2.9 KiB, more than the 2 KiB/,
    ],
  ])("refuses %s", async (_, text, message) => {
    const { code, stderr } = await prepare(text, "--max-line", "2KiB");
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(await readdir(dir)).toEqual(["dolly.jsonl"]);
  });
});

describe("mcpaas tune-prepare on a wrong command line", () => {
  it.each([
    ["no output", [], /required option '-o, --out <file>'/],
    ["an unknown format", ["--out", "t.jsonl", "--format", "alpaca"], /messages, prompt-completion/],
    ["half a record", ["--out", "t.jsonl", "--limit", "0.5"], /whole number, 1 or more/],
    ["an empty sample", ["--out", "t.jsonl", "--sample", "0"], /whole number, 1 or more/],
    ["no size", ["--out", "t.jsonl", "--max-line", "1MB"], /size such as 512KiB/],
    ["a size that fits in no string", ["--out", "t.jsonl", "--max-line", "1GiB"], /up to 256 MiB/],
    ["an empty system message", ["--out", "t.jsonl", "--system", " "], /must not be empty/],
    ["two things on stdout", ["--out", "-", "--json"], /both want stdout/],
    [
      "a name that KAITO takes for CSV",
      ["--out", "csv.jsonl"],
      /has "csv" in its name, by which KAITO tells/,
    ],
    ["a name that hides a type", ["--out", "narrow.jsonl"], /has "arrow" in its name/],
    ["a name without a type", ["--out", "train.txt"], /has no "json" in its name/],
    ["a folder that isn't there", ["--out", "no/such/t.jsonl"], /cannot write .*ENOENT/],
  ])("ends with 2 for %s", async (_, flags, message) => {
    await writeFile(input, hundred);
    const args = flags.map((each) => (each.includes(".") && each !== "0.5" ? join(dir, each) : each));
    const { code, stdout, stderr } = await runHere(["tune-prepare", input, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(dir)).toEqual(["dolly.jsonl"]);
  });

  it("refuses inputs that can't be read", async () => {
    for (const [path, message] of [
      [join(dir, "missing.jsonl"), /cannot read the input: ENOENT/],
      [dir, /is a folder, not a file/],
    ] as const) {
      const { code, stderr } = await runHere(["tune-prepare", path, "--out", out]);
      expect({ code, stderr: message.test(stderr) }).toEqual({ code: 2, stderr: true });
    }
  });

  it("replaces a file only by --force, never the input, and nothing that isn't a file", async () => {
    await writeFile(out, "precious");
    expect((await prepare(hundred)).stderr).toContain(
      "exists; choose another name, or replace it with --force",
    );
    expect(await readFile(out, "utf8")).toBe("precious");
    expect((await prepare(hundred, "--force")).code).toBe(0);
    expect(await answers()).toHaveLength(100);

    const itself = await runHere(["tune-prepare", input, "--out", input, "--force"]);
    expect(itself).toMatchObject({ code: 2, stderr: `error: ${input} is the input itself\n` });

    await mkdir(join(dir, "json"));
    const folder = await runHere(["tune-prepare", input, "--out", join(dir, "json"), "--force"]);
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining("not a regular file") });
  });

  it("writes through a link and leaves the link", async () => {
    await writeFile(out, "old");
    await symlink(out, join(dir, "latest.jsonl"));
    await writeFile(input, hundred);
    await runHere(["tune-prepare", input, "--out", join(dir, "latest.jsonl"), "--force"]);
    expect(await answers()).toHaveLength(100);
    expect((await readdir(dir, { withFileTypes: true })).find((each) => each.isSymbolicLink())?.name).toBe(
      "latest.jsonl",
    );
  });
});

describe("mcpaas tune-prepare as a process", () => {
  it("reads stdin and writes stdout, the summary elsewhere, and nothing before all is right", async () => {
    const { child, ended } = start(["tune-prepare", "-", "--out", "-"]);
    child.stdin?.end(hundred);
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(100);
    expect(stderr).toContain("100 read, 100 written as messages");

    const wrong = start(["tune-prepare", "-", "--out", "-"]);
    wrong.child.stdin?.end(`${hundred}{}\n`);
    const end = await wrong.ended;
    expect(end).toMatchObject({ code: 1, stdout: "" });
    expect(end.stderr).toContain('stdin:101: "instruction" is missing');
  });

  it("tidies up when it is interrupted", async () => {
    const { child, ended } = start(["tune-prepare", "-", "--out", out]);
    child.stdin?.write(hundred);
    while (!(await readdir(dir)).some((name) => name.endsWith(".tmp"))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stderr: "error: interrupted; nothing was written\n" });
    expect(await readdir(dir)).toEqual([]);
  }, 30_000);

  it("ends with an error when nobody reads its output any more", async () => {
    const { child, ended } = start(["tune-prepare", "-", "--out", "-"]);
    child.stdout?.destroy();
    child.stdin?.end(hundred.repeat(100));
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the output was closed before it was complete: .*EPIPE\n$/);
  }, 30_000);

  it("needs less memory than the file has, and none for a line that is too long", async () => {
    const { child, ended } = start([
      "tune-prepare",
      "-",
      "--out",
      out,
      "--sample",
      "1000",
      "--repeats",
      "drop",
    ]);
    const mebibyte = jsonl(
      Array.from({ length: 400 }, (_, index) => ({ ...record(index), context: "x".repeat(2560) })),
    );
    const feed = async (text: string) => {
      if (!child.stdin?.write(text)) await once(child.stdin as NodeJS.WritableStream, "drain");
    };
    for (let count = 0; count < 128; count++)
      await feed(mebibyte.replaceAll("Question", `Question ${count}.`));
    for (let count = 0; count < 256; count++) await feed("x".repeat(2 ** 20));
    await feed("\n");
    // All but what the pipe holds was read by now, and stdin is still open.
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    child.stdin?.end();
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain("the line has 256 MiB, more than the 1 MiB that are allowed");
    expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024).toBeLessThan(200);
  }, 60_000);
});
