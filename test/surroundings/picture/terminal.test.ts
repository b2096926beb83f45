import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { screenOf, textOf } from "../../../rehearsal/picture/recording.ts";
import { FASTER, svgOf } from "../../../rehearsal/picture/svg.ts";
import { repository } from "../../../rehearsal/workspace.ts";

const recording = () => readFileSync(join(repository, "rehearsal/picture/recording.txt"), "utf8");
const picture = () => readFileSync(join(repository, "docs/pictures/terminal.svg"), "utf8");
const COMMAND = "npm run rehearse";

describe("docs/pictures/terminal.svg", () => {
  it("is what the recording says; npm run picture:terminal draws it anew", () => {
    expect(svgOf(COMMAND, screenOf(recording()))).toBe(picture());
  });

  it("says nothing that the run didn't print, and leaves no phase out", () => {
    const printed = stripVTControlCharacters(recording())
      .split("\n")
      .map((line) => line.trimEnd());
    const shown = textOf(screenOf(recording())).filter((line) => line !== "");
    const made = shown.filter((line) => !printed.includes(line));
    expect(made.every((line) => /^ {4}\d+ kinds$/.test(line))).toBe(true);
    expect(made.length).toBeLessThanOrEqual(1);
    const phases = printed.filter((line) => /^[✔✘] /.test(line));
    expect(phases.length).toBeGreaterThanOrEqual(6);
    expect(phases.filter((line) => !shown.includes(line))).toEqual([]);
    expect(shown.at(-1)?.trim()).toBe("The rehearsal went well.");
  });

  it("has no path of the machine on which it was recorded", () => {
    expect(recording()).not.toMatch(/\/(tmp|home|root|work|Users)\//);
  });
});

describe("a screen", () => {
  const text = [
    "\u001b[36m▶\u001b[39m \u001b[1mup\u001b[22m",
    "  creating aks",
    "\u001b[32m✔\u001b[39m up: pulumi up: 2 created \u001b[2m(1 m 05 s)\u001b[22m",
    "",
    "  Resources (3)",
    "      1  a",
    "      2  b",
    "",
    "  VM sizes <x>",
    "  Logs: /home/me/logs",
    "  The rehearsal went well.",
  ].join("\n");

  it("has what a terminal shows in the end", () => {
    expect(textOf(screenOf(text))).toEqual([
      "✔ up: pulumi up: 2 created (1 m 05 s)",
      "",
      "  Resources (3)",
      "    2 kinds",
      "",
      "  VM sizes <x>",
      "  The rehearsal went well.",
    ]);
  });

  it("has the run's own times and colours", () => {
    const [done] = screenOf(text);
    expect(done).toEqual({
      at: 65,
      spans: [
        { text: "✔", colour: "green" },
        { text: " up: pulumi up: 2 created " },
        { text: "(1 m 05 s)", dim: true },
      ],
    });
    const svg = svgOf("x", screenOf(text));
    expect(svg).toContain(`animation-delay:${(65 / FASTER + 0.6).toFixed(2)}s`);
    expect(svg).toContain("&lt;x&gt;");
    expect(svg).not.toContain("<x>");
  });

  it("goes on in the next line where it is too long, and loses nothing", () => {
    const long = `${"word ".repeat(60)}end`;
    const svg = svgOf("x", [{ spans: [{ text: long }], at: 0 }]);
    const pieces = [...svg.matchAll(/<text xml:space[^>]*>([^<]*)<\/text>/g)]
      .slice(1)
      .map(([, each = ""]) => each);
    expect(pieces.length).toBe(3);
    expect(pieces.map((each, index) => (index === 0 ? each : each.slice(6))).join("")).toBe(long);
  });
});
