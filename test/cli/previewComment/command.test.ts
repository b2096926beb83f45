import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runHere } from "../running.ts";

const recordings = join(import.meta.dirname, "recordings");
const run = (...args: string[]) => runHere(["preview-comment", ...args]);

it("prints the comment of some stacks", async () => {
  const { code, stdout } = await run(`dev=${recordings}/update.jsonl`, `prod=${recordings}/move.jsonl`);
  expect(code).toBe(0);
  expect(stdout).toContain("### `dev`");
  expect(stdout).toContain("### `prod`");
});

it("prints what it is made of, which can be read again", async () => {
  const { stdout } = await run(`dev=${recordings}/move.jsonl`, "--json");
  const folder = await mkdtemp(join(tmpdir(), "preview-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "summary.json"), stdout);
  expect((await run(`dev=${folder}/summary.json`)).stdout).toBe(
    (await run(`dev=${recordings}/move.jsonl`)).stdout,
  );
});

it("shows a stack that told nothing as failed", async () => {
  const { code, stdout } = await run("--without", "prod");
  expect(code).toBe(0);
  expect(stdout).toContain("### `prod`: the preview failed");
  expect(stdout).toContain("its job's log says why");
});

it.each([
  ["a refused one", "violation", 1],
  ["a broken one", "no-quota", 1],
  ["a good one", "update", 0],
])("ends with --check as the previews did: %s", async (_, name, expected) => {
  expect((await run(`dev=${recordings}/${name}.jsonl`, "--check")).code).toBe(expected);
  expect((await run(`dev=${recordings}/${name}.jsonl`)).code).toBe(0);
});

it.each([
  ["no stack's name", ["update.jsonl"], "such as dev=dev.jsonl"],
  ["a file that isn't there", ["dev=/nowhere.jsonl"], "/nowhere.jsonl can't be read"],
  ["a stack twice", ["--without", "dev", "--without", "dev"], "the stack dev is given twice"],
  ["a key with a space", ["--key", "a b"], "small letters"],
  ["an address without https", ["--url", "javascript:alert(1)"], "with https"],
  ["a flag that isn't there", ["--jsn"], "unknown option"],
])("is wrong usage: %s", async (_, args, words) => {
  const { code, stderr } = await run(...args);
  expect(stderr).toContain(words);
  expect(code).toBe(2);
});

it("explains itself", async () => {
  const { code, stdout } = await run("--help");
  expect(code).toBe(0);
  expect(stdout).toContain("PULUMI_ENABLE_STREAMING_JSON_PREVIEW");
});
