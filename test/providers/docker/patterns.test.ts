import { describe, expect, it } from "vitest";
import { ignores, patternForm } from "../../../rehearsal/providers/docker/patterns.ts";

describe("patternForm", () => {
  it.each([
    ["*.ts", ["a.ts", ".ts"], ["a/b.ts", "a.tsx"]],
    ["echo/*", ["echo/a", "echo/.b"], ["echo", "echo/a/b"]],
    ["**/node_modules", ["node_modules", "a/node_modules", "a/b/node_modules"], ["a/my_node_modules"]],
    ["a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]],
    ["file?.txt", ["file1.txt"], ["file.txt", "file/.txt"]],
    ["[a-c].md", ["b.md"], ["d.md"]],
    ["a.b(c)+", ["a.b(c)+"], ["aXb(c)+", "a.bc"]],
    ["\\*", ["*"], ["a"]],
  ])("%s", (pattern, matching, others) => {
    const form = patternForm(pattern);
    expect([...matching, ...others].filter((path) => form.test(path))).toEqual(matching);
  });
});

describe("ignores", () => {
  const left = (text: string, ...paths: string[]) => paths.filter((path) => !ignores(text)(path));

  it("leaves out what a line matches, with all that is below it", () => {
    const text = "# comment\n\n/**/node_modules/\r\n./dist\n  *.log  \n";
    expect(
      left(text, "a.ts", "node_modules/x/y.js", "a/node_modules/z", "dist/b.js", "a.log", "a/b.log"),
    ).toEqual(["a.ts", "a/b.log"]);
  });

  it("lets the last line that matches decide", () => {
    const text = "*\n!echo\necho/secret\n!echo/secret/not";
    expect(left(text, "a", "echo/main.ts", "echo/secret/x", "echo/secret/not")).toEqual([
      "echo/main.ts",
      "echo/secret/not",
    ]);
    expect(left("!a\n*", "a")).toEqual([]);
  });

  it("leaves nothing out without a line", () => {
    expect(left("", "a", ".git/config")).toEqual(["a", ".git/config"]);
  });
});
