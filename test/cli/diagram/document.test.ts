import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { graphOfStack, refreshed, STACKS, update } from "../../../cli/diagram/document.ts";
import { runHere } from "../running.ts";

const root = join(import.meta.dirname, "../../..");
const document = readFileSync(join(root, "docs/architecture.md"), "utf8");

/** Running the program takes two seconds a stack. */
const LONG = { timeout: 120_000 };

it("docs/architecture.md is what the program is; npm run diagram writes it anew", LONG, async () => {
  expect(await refreshed(document, root, () => {})).toBe(document);
});

it(
  "what the program hasn't got any more is found, and written anew only when that is asked",
  LONG,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "diagram-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "architecture.md");
    const stale = document.replace("KmcpInstall_kmcp --> McpServerDeployment_echo", "");
    expect(stale).not.toBe(document);
    await writeFile(file, stale);
    const told: string[] = [];
    const options = { told: (stack: string) => void told.push(stack) };
    expect(await update(file, root, { ...options, check: true })).toBe(false);
    expect(await readFile(file, "utf8")).toBe(stale);
    expect(await update(file, root, { ...options, check: false })).toBe(false);
    expect(await readFile(file, "utf8")).toBe(document);
    expect(told).toEqual([...STACKS, ...STACKS]);
  },
);

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
  await expect(refreshed("# Architecture", root, () => {})).rejects.toThrow(
    "the document has no <!-- diagram dev --> followed by <!-- /diagram dev -->",
  );
});
