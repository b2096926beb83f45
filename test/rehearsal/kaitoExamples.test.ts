import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { runWithMocks } from "../support/mocks.ts";
import { leftOut } from "./kaitoExamples/leftOut.ts";
import {
  contentOf,
  isPlain,
  KINDS,
  kaitoObject,
  type Plain,
  valueAt,
  without,
} from "./kaitoExamples/normal.ts";
import { rows } from "./kaitoExamples/rows.ts";

let examples = "";

beforeAll(async () => {
  const toolchain = await ensureToolchain({ onProgress: (line) => console.log(line) });
  examples = join(toolchain.share, "kaito", "examples");
});

async function documentsOf(file: string): Promise<Plain[]> {
  const text = await readFile(join(examples, file), "utf8");
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter(isPlain);
}

describe("every example of KAITO's that uses a GPU it supports", () => {
  it.each(rows.map((row) => [row.file, row] as const))(
    "%s comes out of our components",
    async (file, row) => {
      const { resources } = await runWithMocks(row.make, {});
      const documents = await documentsOf(file);
      let ours = kaitoObject(resources.map(({ inputs }) => inputs));
      if (row.only !== undefined) {
        expect(valueAt(ours, row.only)).toEqual(contentOf(documents[0] as Plain));
        return;
      }
      let theirs = kaitoObject(documents);
      for (const path of Object.keys(row.differs ?? {})) {
        // A difference that is no longer one would hide the next.
        expect([path, valueAt(ours, path)]).not.toEqual([path, valueAt(theirs, path)]);
        [ours, theirs] = [without(ours, path), without(theirs, path)];
      }
      expect(ours).toEqual(theirs);
    },
  );

  const whole = rows.filter(({ only }) => only === undefined).map(({ file }) => file);
  it.each(whole)("%s has nothing else but what that object refers to", async (file) => {
    const documents = await documentsOf(file);
    const own = JSON.stringify(documents.find(({ kind }) => KINDS.includes(String(kind))));
    const others = documents.filter(({ kind }) => !KINDS.includes(String(kind)));
    for (const { kind, metadata } of others) {
      expect(["ConfigMap", "Secret"]).toContain(kind);
      expect(own).toContain(JSON.stringify((metadata as Plain)["name"]));
    }
  });
});

describe("an example that KAITO's own controller can't run", () => {
  const bypassed = rows.filter(({ differs = {} }) =>
    Object.keys(differs).some((path) => path.includes("bypass")),
  );

  it.each(bypassed.map((row) => row.file))(
    "%s fails in our preview unless it is told not to look",
    async (file) => {
      const { KaitoWorkspace } = await import("../../components/kaitoWorkspace.ts");
      const [theirs] = await documentsOf(file);
      const vmSize = String(valueAt(theirs, "resource.instanceType"));
      const model = String(valueAt(theirs, "inference.preset.name"));
      const nodes = { provision: true, vmSize, matchLabels: { apps: "a" } };
      const make = () => new KaitoWorkspace("a", { namespace: "models", model, nodes });
      await expect(runWithMocks(make, {})).rejects.toThrow(
        `nodes.vmSize: ${vmSize} is too small for ${model}`,
      );
    },
  );
});

describe("the examples that are left out", () => {
  afterAll(() => {
    const lines = Object.entries(leftOut).map(([file, { reason }]) => `  ${file}: ${reason}`);
    console.log(`Examples of KAITO's that are left out:\n${lines.join("\n")}`);
  });

  it("are listed, and so is nothing else", async () => {
    const entries = await readdir(examples, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(examples, join(entry.parentPath, entry.name)));
    const known = [...rows.map(({ file }) => file), ...Object.keys(leftOut)];
    expect([...known].sort()).toEqual(files.sort());
  });

  it.each(Object.entries(leftOut))("%s is, for a reason that still holds", async (file, { holds }) => {
    const documents = /\.ya?ml$/.test(file) ? await documentsOf(file) : [];
    expect(holds(documents)).toBe(true);
  });
});
