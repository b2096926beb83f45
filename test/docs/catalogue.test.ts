import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { pageOf, partsOf, withPart } from "../../rehearsal/docs/catalogue/catalogue.ts";
import { commands } from "../../rehearsal/docs/catalogue/commands.ts";
import { readTutorials } from "../../rehearsal/docs/tutorials.ts";
import { brokenLinks, longLines } from "./support/markdown.ts";

const docs = join(import.meta.dirname, "../../docs");
const catalogue = readFileSync(join(docs, "README.md"), "utf8");
const scripts = Object.keys(manifest.scripts);

describe("docs/README.md", () => {
  it("is what the documents say; npm run catalogue writes it anew", async () => {
    const parts = Object.entries(partsOf(await readTutorials(), scripts));
    for (const [name, part] of parts) expect(withPart(catalogue, name, part), name).toBe(catalogue);
  });

  it("has every document", () => {
    const files = readdirSync(docs, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".md") && file !== "README.md" && !file.startsWith("api/"),
    );
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => !catalogue.includes(`](${file})`))).toEqual([]);
    expect(catalogue).toContain("](api/README.md)");
  });

  it("has every npm script, with what it is for", () => {
    expect(scripts.filter((name) => !catalogue.includes(`\`npm run ${name}\``))).toEqual([]);
    expect(scripts.filter((name) => commands[name] === undefined)).toEqual([]);
    expect(Object.keys(commands).filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

it.each(["README.md", "architecture.md", "pull-requests.md"])(
  "docs/%s has no link that leads nowhere",
  (name) => {
    expect(brokenLinks(join(docs, name))).toEqual([]);
  },
);

it.each(["README.md", "architecture.md", "pull-requests.md"])("docs/%s has lines that fit", (name) => {
  const text = readFileSync(join(docs, name), "utf8");
  expect(longLines(text)).toEqual([]);
  expect(text).not.toContain("\u2014");
});

describe("a page's purpose", () => {
  it.each([
    [
      "# T\n\nIt makes things that everybody needs every day of the week. And more.",
      "It makes things that everybody needs every day of the week.",
    ],
    [
      "# T\n\n```sh\nnpm run x\n```\n\n[It](a.md) is\nshort. So this\nbelongs to it, too.",
      "It is short. So this belongs to it, too.",
    ],
    ["---\na: B\n---\n\n# T\n\n`x` does it.", "`x` does it."],
  ])("is what it begins with: %j", (text, purpose) => {
    expect(pageOf("t.md", text).purpose).toBe(purpose);
  });

  it("comes with the commands that it shows", () => {
    expect(pageOf("t.md", "npm run b\nnpm run --silent a -- x\nnpm run b").entry).toEqual(["a", "b"]);
  });
});
