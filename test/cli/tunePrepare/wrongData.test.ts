import { readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { jsonl, Preparing, record } from "./preparing.ts";

const preparing = new Preparing();

describe("mcpaas tune-prepare on wrong data", () => {
  const wrong = Buffer.concat([
    Buffer.from(`${jsonl([record(0), { ...record(1), respons: "x" }])}\n{"instruction":"a" "b"}\n`),
    Buffer.from([0x22, 0xe9, 0x22, 0x0a]),
    Buffer.from(jsonl([{ instruction: 1 }])),
  ]);

  it("says every problem with its line, and leaves nothing", async () => {
    const { code, stdout, stderr } = await preparing.prepare(wrong);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      `${preparing.input}:2: the key "respons" is not one of instruction, response, context, category; did you mean "response"?`,
      `${preparing.input}:4:20: not JSON: Expected ',' or '}' after property value`,
      `${preparing.input}:5:2: not UTF-8: the byte 0xE9 at byte 2 of the line`,
      `${preparing.input}:6: "instruction" is a number, not a string`,
      `${preparing.input}:6: "response" is missing`,
      `error: 5 problems in ${preparing.input}; nothing was written`,
      "",
    ]);
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl"]);
  });

  it("stops after the number of problems that is wanted", async () => {
    const { stderr, stdout } = await preparing.prepare(wrong, "--max-errors", "2", "--json");
    expect(stderr).toContain(
      `error: 2 problems in ${preparing.input}, and maybe more (--max-errors); nothing was written`,
    );
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      input: preparing.input,
      stopped: true,
      problems: [
        { line: 2, message: expect.stringContaining("respons") },
        { line: 4, column: 20, message: expect.stringContaining("not JSON") },
      ],
    });
  });

  it("keeps what stood in the output before", async () => {
    await writeFile(preparing.out, "precious");
    expect((await preparing.prepare(wrong, "--force")).code).toBe(1);
    expect(await readFile(preparing.out, "utf8")).toBe("precious");
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl", "train.jsonl"]);
  });

  it("prints no control characters of the data", async () => {
    const { stderr } = await preparing.prepare(Buffer.from("nope \u001b[2J"));
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
    const { code, stderr } = await preparing.prepare(text, "--max-line", "2KiB");
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(await readdir(preparing.dir)).toEqual(["dolly.jsonl"]);
  });
});
