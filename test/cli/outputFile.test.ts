import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TemporaryFile, writeWhole } from "../../cli/outputFile.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "output-file-"));
});
afterEach(() => rm(dir, { recursive: true }));

describe("TemporaryFile", () => {
  it("becomes its target and is then left alone", async () => {
    const target = join(dir, "a.json");
    const file = await TemporaryFile.beside(target);
    await file.append(Buffer.from("one "));
    await file.append(Buffer.from("two"));
    expect((await file.read(Buffer.alloc(10), 4)).toString()).toBe("two");
    await file.become(target, false);
    await file.remove();
    expect(await readdir(dir)).toEqual(["a.json"]);
    expect(await readFile(target, "utf8")).toBe("one two");
  });

  it("doesn't replace what was made in the meantime", async () => {
    const target = join(dir, "a.json");
    const file = await TemporaryFile.beside(target);
    await writeFile(target, "theirs");
    await expect(file.become(target, false)).rejects.toThrow("exists");
    await file.remove();
    expect(await readFile(target, "utf8")).toBe("theirs");
    expect(await readdir(dir)).toEqual(["a.json"]);
  });
});

describe("writeWhole", () => {
  const texts = () => ["a.md", "b.json"].map((name) => ({ target: join(dir, name), text: name }));
  const signal = new AbortController().signal;

  it("writes all of the files", async () => {
    await writeWhole(texts(), { force: false, signal });
    expect(await readdir(dir)).toEqual(["a.md", "b.json"]);
    expect(await readFile(join(dir, "b.json"), "utf8")).toBe("b.json");
  });

  it("writes none when one can't be", async () => {
    await mkdir(join(dir, "b.json"));
    await expect(writeWhole(texts(), { force: true, signal })).rejects.toThrow("not a regular file");
    expect(await readdir(dir)).toEqual(["b.json"]);
  });

  it("writes none when it is interrupted", async () => {
    await expect(writeWhole(texts(), { force: false, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await readdir(dir)).toEqual([]);
  });
});
