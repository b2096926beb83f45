import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Catalogue } from "../../../servers/innovation-engine/catalogue.ts";
import { checkRunnable, prepareDocument } from "../../../servers/innovation-engine/document/prepare.ts";
import { DocumentReader } from "../../../servers/innovation-engine/document/reader.ts";
import { document, folder } from "./helpers.ts";

const reader = new DocumentReader();
afterAll(() => reader.close());

function prepare(files: Record<string, string>, name: string) {
  const path = folder();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  const catalogue = new Catalogue({ folder: path, reader, maxBytes: 1000 });
  return prepareDocument({ name }, { catalogue, reader, maxBytes: 1000 });
}

const needing = (link: string) => `---\na: {b: c}\n---\n# T\n\n## Prerequisites\n\n[x](${link})\n`;

it("a document is copied with what it needs to the places at which it looks for it, without front matter", async () => {
  const files = { "sub/a.md": needing("../b.md"), "sub/a.ini": "X=1\n", "b.md": document("b"), "c.md": "" };
  const prepared = await prepare(files, "sub/a");
  expect(prepared).toMatchObject({ name: "sub/a", path: "sub/a.md", title: "T" });
  expect(prepared.files).toEqual([
    { path: "sub/a.md", content: needing("../b.md").replace(/^---.*---\n/s, "\n") },
    { path: "sub/a.ini", content: "X=1\n" },
    { path: "b.md", content: `\n${document("b")}` },
  ]);
  expect(() => checkRunnable(prepared)).not.toThrow();
});

it("a URL is none of the catalogue's documents, whatever that has", async () => {
  const files = { "a.md": needing("https://example.com/b.md"), "https:/example.com/b.md": document("b") };
  const prepared = await prepare(files, "a");
  expect(prepared.files.map(({ path }) => path)).toEqual(["a.md"]);
  expect(() => checkRunnable(prepared)).toThrow("prerequisites must be documents of the catalogue");
});

it("a document may not have any number of prerequisites, all of each being in the answer", async () => {
  const links = (count: number) => `# T\n\n## Prerequisites\n\n${"[x](b.md)\n".repeat(count)}`;
  const files = { "a.md": links(32), "b.md": document("b"), "c.md": links(33) };
  expect((await prepare(files, "a")).prerequisites).toHaveLength(32);
  await expect(prepare(files, "c")).rejects.toThrow("the document has 33 prerequisites, and may have 32");
});
