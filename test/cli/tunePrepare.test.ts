import { readdir, readFile, readlink } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { seeded } from "../../cli/tunePrepare/random.ts";
import { hundred, jsonl, Preparing, record } from "./tunePrepare/preparing.ts";

const preparing = new Preparing();

describe("mcpaas tune-prepare", () => {
  it("writes chats and says what it wrote", async () => {
    const { code, stdout, stderr } = await preparing.prepare(`\ufeff${hundred.replaceAll("\n", "\r\n")}\r\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("100 read, 100 written as messages");
    expect(stdout).toContain("1 blank line");
    expect(stdout).toContain("an estimate");
    expect(await preparing.answers()).toEqual(Array.from({ length: 100 }, (_, index) => `Answer ${index}`));
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl", "train.jsonl"]);
  });

  it("writes prompts with completions when asked to", async () => {
    expect((await preparing.prepare(hundred, "--format", "prompt-completion", "--limit", "1")).code).toBe(0);
    expect(await readFile(preparing.out, "utf8")).toBe(
      `${JSON.stringify({ prompt: "Question 0?\n\n", completion: "Answer 0" })}\n`,
    );
  });

  it("says everything in JSON too", async () => {
    const text = `${hundred}\n${jsonl([record(1), { ...record(2), response: "é".repeat(400) }])}`;
    const { stdout } = await preparing.prepare(
      text,
      "--json",
      "--repeats",
      "drop",
      "--sample",
      "60",
      "--seed",
      "5",
    );
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      ok: true,
      input: preparing.input,
      output: preparing.out,
      format: "messages",
      recordsIn: 102,
      recordsOut: 60,
      skipped: { blankLines: 1, repeats: 1, notSampled: 41 },
      repeats: 1,
      seed: 5,
    });
    const lines = (await readFile(preparing.out, "utf8")).trimEnd().split("\n");
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
      await preparing.prepare(long, "--sample", "20", "--seed", seed, "--force");
      return preparing.answers();
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
    await preparing.prepare(hundred, "--sample", "500");
    expect(await preparing.answers()).toHaveLength(100);
    await preparing.prepare(hundred, "--sample", "500", "--limit", "7", "--force");
    expect(await preparing.answers()).toEqual(Array.from({ length: 7 }, (_, index) => `Answer ${index}`));
  });

  it("reads gzip, in several parts too, whatever the file is called", async () => {
    const parts = [hundred.slice(0, 1000), hundred.slice(1000)].map((part) => gzipSync(part));
    expect((await preparing.prepare(Buffer.concat(parts))).code).toBe(0);
    expect(await preparing.answers()).toHaveLength(100);
  });

  it("reads large files, plain or gzip, chunk by chunk", async () => {
    // Text that gzip can't make much smaller, so that it comes in many chunks compressed, too.
    const random = seeded(1);
    const text = () =>
      Array.from({ length: 4000 }, () => String.fromCharCode(0x4e00 + random() * 20_000)).join("");
    const records = Array.from({ length: 200 }, () => ({ instruction: "x", response: text() }));
    for (const file of [jsonl(records), gzipSync(jsonl(records))]) {
      expect((await preparing.prepare(file, "--force")).code).toBe(0);
      expect(await preparing.answers()).toEqual(records.map(({ response }) => response));
    }
  });

  it.skipIf(process.platform !== "linux").each([
    ["plain", hundred],
    ["compressed", gzipSync(hundred)],
  ])("closes a %s file of which it needs no more", async (_, text) => {
    await preparing.prepare(text, "--limit", "1");
    const open = await readdir("/proc/self/fd");
    const files = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    expect(files.filter((file) => file.startsWith(preparing.dir))).toEqual([]);
  });

  it("says when gzip is cut off", async () => {
    const { code, stderr } = await preparing.prepare(gzipSync(hundred).subarray(0, -20));
    expect(code).toBe(1);
    expect(stderr).toBe(`error: ${preparing.input} is damaged or cut off: unexpected end of file\n`);
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl"]);
  });

  it.each([
    ["ignore", ["a", "b", "a", "a"], undefined],
    ["report", ["a", "b", "a", "a"], 2],
    ["drop", ["a", "b"], 2],
  ])("does with repeats as told: %s", async (mode, wanted, repeats) => {
    const records = ["a", "b", "a", "a"].map((response) => ({ instruction: "x", response }));
    const { stdout } = await preparing.prepare(jsonl(records), "--repeats", mode, "--json");
    expect(await preparing.answers()).toEqual(wanted);
    expect(JSON.parse(stdout).repeats).toBe(repeats ?? null);
  });

  it("takes repeats for errors when told so", async () => {
    const { code, stderr } = await preparing.prepare(
      jsonl([record(1), record(2), record(1)]),
      "--repeats",
      "error",
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`${preparing.input}:3: repeats line 1\n`);
  });
});
