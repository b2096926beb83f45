import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assertedBy, unasserted } from "./support/asserted.ts";
import { type Entry, entriesOf, type Proof } from "./support/guide.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const entries = entriesOf(read("docs/troubleshooting.md"));
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Where a file is that the guide names: its tests of the whole chain have no folder there. */
const pathOf = (file: string) => (file.includes("/") ? `test/${file}` : `test/rehearsal/${file}`);

/** What the tests of an entry look for; a test that isn't there is one of these, too. */
function proven({ proofs }: Entry) {
  const missing: Proof[] = [];
  const patterns = proofs.flatMap((proof) => {
    const path = pathOf(proof.file);
    const all = existsSync(join(root, path)) ? assertedBy(read(path)) : [];
    const [test] = all.filter(({ title }) => title.replaceAll(/\s+/g, " ") === proof.title);
    if (test === undefined) missing.push(proof);
    return test?.patterns ?? [];
  });
  return { missing, patterns };
}

describe("docs/troubleshooting.md", () => {
  it("has entries for the whole chain", () => {
    expect(entries.length).toBeGreaterThan(20);
    expect(new Set(entries.map(({ title }) => title)).size).toBe(entries.length);
  });

  it.each(entries)("$title: was seen in tests that are there, and says how to see more", (entry) => {
    expect(entry.proofs).not.toEqual([]);
    expect(proven(entry).missing).toEqual([]);
    expect(entry.commands).not.toEqual([]);
  });

  it.each(entries)("$title: its tests look for each line that it quotes", (entry) => {
    const { patterns } = proven(entry);
    expect(entry.symptoms).not.toEqual([]);
    expect(entry.symptoms.flatMap((symptom) => unasserted(symptom, patterns))).toEqual([]);
  });

  it.each(entries)("$title: its npm scripts are there", ({ commands }) => {
    const used = commands.flatMap((text) => [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)]);
    expect(used.map(([, script = ""]) => script).filter((script) => !(script in scripts))).toEqual([]);
  });

  it.each(["chat.md", "chat-ask.md", "ingress.md", "diagnose.md"])("is linked from docs/%s", (document) => {
    expect(read(`docs/${document}`).includes("(troubleshooting.md")).toBe(true);
  });
});

describe("what keeps the guide honest", () => {
  const source =
    'test("a", () => { use("setting-of-it"); expect(x).toContain("is not there"); y(/b+ fails/); });';

  it("finds what a test asserts, and not what it only uses", () => {
    expect(assertedBy(source)).toEqual([{ title: "a", patterns: ["is not there", /b+ fails/g] }]);
  });

  it("names the lines that nothing looks for", () => {
    const symptom = "it is not there\n...\nbbb fails\nsetting-of-it\n";
    expect(unasserted(symptom, ["is not there", /b+ fails/g, "it"])).toEqual(["setting-of-it"]);
  });
});
