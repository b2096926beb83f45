import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fromGo } from "../../rehearsal/docs/compare.ts";
import { checkShare } from "../../rehearsal/docs/run.ts";
import {
  changesSince,
  pathOf,
  readStamps,
  scriptsIn,
  settingsIn,
  stampOf,
} from "../../rehearsal/docs/stamps.ts";
import { readTutorials, type Tutorial } from "../../rehearsal/docs/tutorials.ts";
import { stepsOf } from "../../servers/innovation-engine/document/scenario.ts";
import { rowAt } from "../../stacks/settings/table.ts";
import { brokenLinks, headingsIn, longLines, partsIn, sectionOf } from "./support/markdown.ts";

const root = join(import.meta.dirname, "../..");
const template = readFileSync(join(root, "docs/template.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const tutorials = await readTutorials();
const named = (name: string) => tutorials.find((one) => one.name === name);
const linked = ({ document }: Tutorial) =>
  document.prerequisites.flatMap((link) => named(link.replace(/\.md$/, "")) ?? []);

/** The sections as the template lists them. */
const sections = [...sectionOf(template, "Sections").matchAll(/^\d+\. \*\*([^*]+)\*\*/gm)].map(
  ([, name]) => name,
);
/** Variables that every shell has, or that tests don't look at. */
const given = ["PATH", "PWD", "TMPDIR"];
const commands = ({ blocks }: Tutorial) => blocks.map(({ content }) => content).join("\n");
const usedIn = (text: string) =>
  new Set([...text.matchAll(/(?:\$\{?|process\.env\.)([A-Z][A-Z\d_]+)/g)].map(([, name = ""]) => name));
const declaredIn = (tutorial: Tutorial) =>
  [...sectionOf(tutorial.source, "Variables").matchAll(/^\| `([A-Z\d_]+)`/gm)].map(([, name = ""]) => name);

describe("the executable documents as a whole", () => {
  it("are all flows, in an order in which each comes after what it builds on", () => {
    expect(tutorials.length).toBeGreaterThanOrEqual(18);
    expect(new Set(tutorials.map(({ metadata }) => metadata.order)).size).toBe(tutorials.length);
    for (const { name, metadata } of tutorials) {
      const before = tutorials.filter((one) => one.metadata.order < metadata.order).map((one) => one.name);
      expect([name, metadata.needs.filter((need) => !before.includes(need))]).toEqual([name, []]);
    }
  });

  it("are for the cloud only in one block of ten at most", () => {
    expect(() => checkShare(tutorials.flatMap(({ blocks }) => blocks))).not.toThrow();
  });
});

describe.each(tutorials)("the document $name", (tutorial) => {
  const { name, path, source, blocks, metadata } = tutorial;

  it("has the template's sections, with something in each", () => {
    expect(sections.length).toBeGreaterThan(8);
    expect(headingsIn(source, 2)).toEqual(sections);
    for (const title of sections) {
      expect(
        sectionOf(source, title ?? "")
          .split("\n")
          .slice(1)
          .join("")
          .trim(),
      ).not.toBe("");
    }
  });

  it("declares every variable that it uses, with its default, and uses every one that it declares", () => {
    const declared = declaredIn(tutorial);
    const own = commands(tutorial);
    expect([...usedIn(own)].filter((used) => !declared.includes(used) && !given.includes(used))).toEqual([]);
    // kubectl and the project's commands read KUBECONFIG by themselves.
    const used = [...usedIn(own), ...(/\b(?:kubectl|npm run)\b/.test(own) ? ["KUBECONFIG"] : [])];
    expect(declared.filter((variable) => !used.includes(variable))).toEqual([]);
    const exported = [...own.matchAll(/^export ([A-Z\d_]+)=/gm)].map(([, variable]) => variable);
    expect(declared.filter((variable) => !exported.includes(variable))).toEqual([]);
    expect(declared).toEqual(expect.arrayContaining(["HASH", "STACK"]));
  });

  it("has short lines, no long dashes, and links that lead somewhere", () => {
    expect(longLines(source)).toEqual([]);
    expect(source).not.toMatch(/[\u2013\u2014]/);
    expect(brokenLinks(path)).toEqual([]);
  });

  it("leads to the documents before and after it", () => {
    const index = tutorials.indexOf(tutorial);
    const [before, after] = [tutorials[index - 1], tutorials[index + 1]];
    const next = sectionOf(source, "Next");
    if (before) expect(next).toContain(`Before: [`);
    if (before) expect(next).toContain(`(${before.name}.md#purpose)`);
    if (after) expect(next).toMatch(new RegExp(`Next: \\[[^\\]]+\\]\\(${after.name}\\.md#purpose\\)`));
  });

  it("has no commands that nothing runs, and no samples that nothing compares", () => {
    const fences = partsIn(source).filter((part) => part.kind === "fence");
    const samples = blocks.filter(({ expected }) => expected !== undefined);
    expect(fences).toHaveLength(blocks.length + samples.length);
    expect(blocks.map(({ language }) => language)).toEqual(blocks.map(() => "bash"));
  });

  it("gives samples that match its own patterns", () => {
    const wrong = blocks.filter(
      ({ expected }) => expected?.regex !== undefined && !fromGo(expected.regex).test(expected.content),
    );
    expect(wrong.map(({ line, expected }) => [line, expected?.regex])).toEqual([]);
  });

  it("is executed by ie in its own order, with what it links", () => {
    expect(linked(tutorial)).toHaveLength(tutorial.document.prerequisites.length);
    // Blocks under equal headings would be joined, and come too early.
    const headers = [tutorial, ...linked(tutorial)].flatMap((one) => [
      ...new Set(one.blocks.map(({ header }) => header)),
    ]);
    const twice = headers.filter((header, index) => headers.indexOf(header) !== index);
    expect(twice).toEqual([]);
    // A prerequisite would take away what it has made.
    for (const one of linked(tutorial)) {
      expect(one.blocks.filter(({ section }) => section === "Cleanup")).toEqual([]);
    }
  });

  it("is read by ie as it is read here", () => {
    const steps = stepsOf(
      tutorial.document,
      linked(tutorial).map(({ document }) => document),
    );
    const expected = steps.flatMap((step) => step.blocks).map(({ content }) => content);
    const script = toBash(path);
    let at = 0;
    for (const content of expected) {
      const found = script.indexOf(content, at);
      expect([content, found >= at]).toEqual([content, true]);
      at = found + content.length;
    }
    const without = expected.reduce((rest, content) => rest.replace(content, () => ""), script);
    expect(without.split("\n").filter((line) => line !== "" && !line.startsWith("# "))).toEqual([]);
  });

  it("names settings and npm scripts that are there", () => {
    const text = commands(tutorial);
    expect(settingsIn(text).filter((key) => rowAt(pathOf(key)) === undefined)).toEqual([]);
    const prose = [...scriptsIn(source), ...scriptsIn(metadata.entry.join("\n"))];
    expect([...new Set(prose)].filter((script) => !(script in scripts))).toEqual([]);
  });

  it("was run with what is there now", () => {
    const changes = changesSince(readStamps()[name], stampOf(tutorial));
    expect(changes, `npm run docs:test -- ${name}`).toEqual([]);
  });
});

/** What `ie to-bash` makes of a document: the real one, where `MCPAAS_IE` names it. */
function toBash(path: string): string {
  const real = process.env["MCPAAS_IE"];
  const state = mkdtempSync(join(tmpdir(), "docs-ie-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const played = [join(root, "rehearsal/servers/innovationEngine/ie.ts"), "v0", "none", state];
  return real
    ? execFileSync(real, ["to-bash", path], { cwd: state, encoding: "utf8" })
    : execFileSync(process.execPath, [...played, "to-bash", path], { cwd: state, encoding: "utf8" });
}
