import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { start } from "../running.ts";
import { hundred, jsonl, Preparing, record } from "./preparing.ts";

const preparing = new Preparing();

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
    const { child, ended } = start(["tune-prepare", "-", "--out", preparing.out]);
    child.stdin?.write(hundred);
    while (!(await readdir(preparing.dir)).some((name) => name.endsWith(".tmp"))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stderr: "error: interrupted; nothing was written\n" });
    expect(await readdir(preparing.dir)).toEqual([]);
  }, 30_000);

  it("ends with an error when nobody reads its output any more", async () => {
    const { child, ended } = start(["tune-prepare", "-", "--out", "-"]);
    child.stdout?.destroy();
    child.stdin?.end(hundred.repeat(100));
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the output was closed before it was complete: .*EPIPE\n$/);
  }, 30_000);

  it.skipIf(process.platform !== "linux")(
    "needs less memory than the file has, and none for a line that is too long",
    async () => {
      const { child, ended } = start([
        "tune-prepare",
        "-",
        "--out",
        preparing.out,
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
    },
    60_000,
  );
});
