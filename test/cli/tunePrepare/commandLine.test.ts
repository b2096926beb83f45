import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../running.ts";
import { hundred, Preparing } from "./preparing.ts";

const preparing = new Preparing();

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
    await writeFile(preparing.input, hundred);
    const args = flags.map((each) =>
      each.includes(".") && each !== "0.5" ? join(preparing.dir, each) : each,
    );
    const { code, stdout, stderr } = await runHere(["tune-prepare", preparing.input, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl"]);
  });

  it("refuses inputs that can't be read", async () => {
    for (const [path, message] of [
      [join(preparing.dir, "missing.jsonl"), /cannot read the input: ENOENT/],
      [preparing.dir, /is a folder, not a file/],
    ] as const) {
      const { code, stderr } = await runHere(["tune-prepare", path, "--out", preparing.out]);
      expect({ code, stderr: message.test(stderr) }).toEqual({ code: 2, stderr: true });
    }
  });

  it("replaces a file only by --force, never the preparing.input, and nothing that isn't a file", async () => {
    await writeFile(preparing.out, "precious");
    expect((await preparing.prepare(hundred)).stderr).toContain(
      "exists; choose another name, or replace it with --force",
    );
    expect(await readFile(preparing.out, "utf8")).toBe("precious");
    expect((await preparing.prepare(hundred, "--force")).code).toBe(0);
    expect(await preparing.answers()).toHaveLength(100);

    const itself = await runHere(["tune-prepare", preparing.input, "--out", preparing.input, "--force"]);
    expect(itself).toMatchObject({ code: 2, stderr: `error: ${preparing.input} is the input itself\n` });

    await mkdir(join(preparing.dir, "json"));
    const folder = await runHere([
      "tune-prepare",
      preparing.input,
      "--out",
      join(preparing.dir, "json"),
      "--force",
    ]);
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining("not a regular file") });
  });

  it("writes through a link and leaves the link", async () => {
    await writeFile(preparing.out, "old");
    await symlink(preparing.out, join(preparing.dir, "latest.jsonl"));
    await writeFile(preparing.input, hundred);
    await runHere(["tune-prepare", preparing.input, "--out", join(preparing.dir, "latest.jsonl"), "--force"]);
    expect(await preparing.answers()).toHaveLength(100);
    expect(
      (await readdir(preparing.dir, { withFileTypes: true })).find((each) => each.isSymbolicLink())?.name,
    ).toBe("latest.jsonl");
  });
});
