import { afterEach, expect, it } from "vitest";
import { DocumentError, DocumentReader } from "../../../servers/innovation-engine/document/reader.ts";

const readers: DocumentReader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close();
});

function newReader(options?: { timeoutMs: number }): DocumentReader {
  const reader = new DocumentReader(options);
  readers.push(reader);
  return reader;
}

it("documents are read once for the same text", async () => {
  const reader = newReader();
  const first = await reader.read("# One\n");
  expect(first.title).toBe("One");
  expect(await reader.read("# One\n")).toBe(first);
  expect(await reader.read("# One\n", "A=1\n")).not.toBe(first);
});

it("a document on which the parser would spend minutes holds up nobody for longer than the limit", async () => {
  const reader = newReader({ timeoutMs: 300 });
  const hostile = reader.read(">".repeat(100_000));
  const next = reader.read("# Next\n");
  await expect(hostile).rejects.toThrow(
    new DocumentError("the document can't be read: reading it takes over 300 ms"),
  );
  expect((await next).title).toBe("Next");
});

it("a document that is nested too deeply is told so", async () => {
  const reader = newReader({ timeoutMs: 60_000 });
  const nested = reader.read(">".repeat(5000));
  await expect(nested).rejects.toThrow("the document can't be read: it is nested too deeply");
  expect((await reader.read("# Next\n")).title).toBe("Next");
});

it("so many documents of callers wait, and those of the catalogue come before them", async () => {
  const reader = newReader();
  const order: string[] = [];
  const read = (title: string, options?: { ofCatalogue: boolean }) =>
    reader.read(`# ${title}\n`, "", options).then((document) => order.push(document.title ?? ""));
  const first = read("0");
  // The first is being read, and doesn't wait.
  const waiting = Array.from({ length: 128 }, (_, index) => read(`${index + 1}`));
  await expect(read("refused")).rejects.toThrow(
    new DocumentError("128 documents wait to be read already; try again later"),
  );
  await Promise.all([read("catalogue", { ofCatalogue: true }), first, ...waiting]);
  expect(order.slice(0, 3)).toEqual(["0", "catalogue", "1"]);
  expect(order).toHaveLength(130);
});
