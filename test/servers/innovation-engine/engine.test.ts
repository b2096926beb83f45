import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../../servers/innovation-engine/engine/binary.ts";
import { limited, TerminalOutput } from "../../../servers/innovation-engine/engine/output.ts";
import { checkVariables } from "../../../servers/innovation-engine/engine/variables.ts";
import { fakeIe, folder, ownStateVersion } from "./helpers.ts";

function program(script: string): string {
  const path = join(folder(), "ie");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("ie", () => {
  it("is found by its path or in PATH, and tells whether runs have state of their own", async () => {
    const path = fakeIe();
    expect(await findEngine(path, [])).toEqual({ path, version: ownStateVersion, ownState: true });
    const upstream = fakeIe({ version: "v0.2.3", commit: "a602e83" });
    const folders = ["/nowhere", upstream.replace(/\/ie$/, "")];
    expect(await findEngine("ie", folders)).toEqual({ path: upstream, version: "v0.2.3", ownState: false });
  });

  it.each([
    ["is missing", () => "/nowhere/ie", "there is no program /nowhere/ie;"],
    ["is not in PATH", () => "no-such-ie", "there is no program no-such-ie in PATH (/usr/bin:/bin);"],
    [
      "is another commit",
      () => fakeIe({ commit: "1234567" }),
      "is commit 1234567, but this server needs a602e83;",
    ],
    [
      "was built without its commit",
      () => fakeIe({ commit: "N/A" }),
      "says no commit, but this server needs a602e83;",
    ],
    ["doesn't know the command", () => program("exit 1"), "can't tell its version (Command failed"],
    [
      "can't be executed here",
      () => program("").replace(/$/, "/../ie-missing/../none"),
      "there is no program",
    ],
  ])("is refused in one line when it %s", async (_what, path, message) => {
    const error = await findEngine(path(), ["/usr/bin", "/bin"]).catch((reason) => reason);
    expect(error.constructor.name).toBe("ConfigError");
    expect(error.message).toContain(message);
    expect(error.message).toMatch(
      /^IE_PATH: [^\n]*; build it as servers\/innovation-engine\/Dockerfile does/,
    );
  });
});

describe("variables", () => {
  const rules = { declared: ["NAME"], allowed: ["REGION"] };

  it("are taken when the document declares them or the settings list them", () => {
    expect(() => checkVariables({ NAME: "", REGION: "west-europe_1.2:3/4@x,y%z+a=b" }, rules)).not.toThrow();
  });

  it.each([
    "$(id)",
    "`id`",
    "a;b",
    "a b",
    "a\nb",
    'a"b',
    "a'b",
    "a\\b",
    "a|b",
    "a&b",
    "a>b",
    "a*b",
    "~",
    "{a,b}",
    "(a)",
    "#a",
    "!a",
  ])("may not be %j, which means something to a shell", (value) => {
    expect(() => checkVariables({ NAME: value }, rules)).toThrow("variables: NAME may only have letters");
  });

  it.each(["PATH", "HOME", "LD_PRELOAD", "BASH_ENV", "IFS", "PROMPT_COMMAND", "NODE_OPTIONS"])(
    "may not be %s, even where a document declares it",
    (name) => {
      const both = { declared: [name], allowed: [name] };
      expect(() => checkVariables({ [name]: "x" }, both)).toThrow(`variables: ${name} is reserved`);
    },
  );

  it("may not begin with a -, which makes options of them", () => {
    expect(() => checkVariables({ NAME: "-oProxyCommand=x" }, rules)).toThrow("begin with no -");
    expect(() => checkVariables({ NAME: "a-b" }, rules)).not.toThrow();
  });

  // As ie at a602e83 writes "env" into each: "env export NAME=", "env xport NAME=e", and "env" as the next line.
  it.each([
    "export NAME=; true",
    "export NAME=",
    "export NAME=e",
    "export NAME=NAME",
    "export NAME=\necho hi",
  ])("are refused where ie would make a command of the value: %j", (text) => {
    expect(() => checkVariables({ NAME: "env" }, { ...rules, commands: ["true", text] })).toThrow(
      'ie would put the value elsewhere; write export NAME="" there',
    );
    expect(() => checkVariables({ REGION: "env" }, { ...rules, commands: [text] })).not.toThrow();
  });

  it.each([
    'export NAME=""',
    "export NAME=world; true",
    'export NAME = "e" && true',
    'export NAME="x"\ntrue',
  ])("are taken where ie finds the old value: %j", (text) => {
    expect(() => checkVariables({ NAME: "env" }, { ...rules, commands: [text] })).not.toThrow();
  });

  it("are all named that are wrong, with those that may be set", () => {
    const wrong = { OTHER: "x", "A=B": "x", NAME: "$x" };
    expect(() => checkVariables(wrong, rules)).toThrow(
      /OTHER is not a variable of this document.*\(may be set: NAME, REGION\); "A=B" is not.*; NAME may only/,
    );
  });
});

describe("output", () => {
  const shown = (...chunks: string[]) => {
    const output = new TerminalOutput({ bytes: 100, lines: 10 });
    for (const chunk of chunks) output.write(Buffer.from(chunk));
    return output.end();
  };

  it("is what a terminal would show in the end", () => {
    expect(shown("\x1b[2A  - \x1b[?25l\r  \\\r  |\x1b[?25h\r  ✔ \n\x1b[2B\nhello\r\nlast")).toEqual({
      text: "  ✔\n\nhello\nlast",
    });
  });

  it("comes in pieces, cut anywhere", () => {
    const bytes = Buffer.from("ü✔\r\nnext\rover\n");
    const output = new TerminalOutput({ bytes: 100, lines: 10 });
    for (const byte of bytes) output.write(Uint8Array.of(byte));
    expect(output.end()).toEqual({ text: "ü✔\nover" });
  });

  it("is kept up to the limits, and the rest counted", () => {
    expect(shown("12345678\n".repeat(11))).toEqual({
      text: "12345678\n".repeat(10).trim(),
      cut: { lines: 1, bytes: 9 },
    });
    expect(shown(`${"x".repeat(99)}\nrest\n`)).toEqual({ text: "x".repeat(99), cut: { lines: 1, bytes: 5 } });
    expect(shown("x".repeat(1_000_000))).toEqual({ text: "", cut: { lines: 1, bytes: 1_000_001 } });
    expect(limited("a\nb\nc", { bytes: 100, lines: 2 })).toEqual({
      text: "a\nb",
      cut: { lines: 1, bytes: 2 },
    });
  });

  it("doesn't count what is overwritten", () => {
    expect(shown("\r  |".repeat(100_000), "\rdone\n")).toEqual({ text: "done" });
  });
});
