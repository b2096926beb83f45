import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { diagramOf, graphOfStack, refreshed, update } from "../../../cli/diagram/document.ts";
import { runHere } from "../running.ts";

const root = join(import.meta.dirname, "../../..");
const document = readFileSync(join(root, "docs/architecture.md"), "utf8");

/** Running the program takes two seconds a stack. */
const LONG = { timeout: 120_000 };

it("docs/architecture.md is what the program is; npm run diagram writes it anew", LONG, async () => {
  expect(await refreshed(document, (stack) => diagramOf(stack, root))).toBe(document);
});

it("what has changed is found, and written anew only when that is asked", async () => {
  const folder = await mkdtemp(join(tmpdir(), "diagram-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "architecture.md");
  await writeFile(file, document);
  const draw = async (stack: string) => `a picture of ${stack}`;
  expect(await update(file, true, draw)).toBe(false);
  expect(await readFile(file, "utf8")).toBe(document);
  expect(await update(file, false, draw)).toBe(false);
  const written = await readFile(file, "utf8");
  expect(written).toContain("<!-- diagram prod -->\n\na picture of prod\n\n<!-- /diagram prod -->");
  expect(written).not.toContain("mermaid");
  expect(written).toContain("## prod\n");
  expect(await update(file, true, draw)).toBe(true);
});

it("has the edges that deploying depends on", LONG, async () => {
  const { parts, edges } = await graphOfStack("dev", root);
  const of = (kind: string) => parts.findIndex((part) => part.kind === kind);
  const follows = (from: number, to: number): boolean =>
    edges.some(([a, b]) => a === from && (b === to || follows(b, to)));
  // Nodes before the controller, the controller before the model, the model before who asks it.
  expect(follows(of("AksWithGpuPool"), of("KaitoInstall"))).toBe(true);
  expect(follows(of("KaitoInstall"), of("KaitoWorkspace"))).toBe(true);
  expect(follows(of("KaitoWorkspace"), of("ChatApp"))).toBe(true);
  expect(follows(of("ChatApp"), of("KaitoWorkspace"))).toBe(false);
});

it.each([
  ["JSON of no stack", ["--json"], "--json needs --stack"],
  ["a check of a stack that is printed", ["--check", "-s", "dev"], "can't be used with --stack"],
  ["a stack without settings", ["-s", "nowhere"], "there is no Pulumi.nowhere.yaml here"],
])("is wrong usage: %s", async (_, args, words) => {
  const { code, stderr } = await runHere(["diagram", ...args]);
  expect(stderr).toContain(words);
  expect(code).toBe(2);
});

it("needs the marks between which it writes", async () => {
  await expect(refreshed("# Architecture", async () => "")).rejects.toThrow(
    "the document has no <!-- diagram dev --> followed by <!-- /diagram dev -->",
  );
});
