import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTools } from "../../../servers/innovation-engine/toolbox.ts";
import { folder } from "./helpers.ts";

const tools = join(import.meta.dirname, "../../../servers/innovation-engine/tools");

/** The smallest tool. */
const source = (name: string) => `export default {
  name: "${name}", title: "T", description: "D", input: {}, output: {}, executes: false,
  annotations: { readOnlyHint: true }, call: async () => ({}),
};`;

describe("the folder of tools", () => {
  it("has one tool a file, each with all that a client chooses by", async () => {
    const loaded = await loadTools(tools);
    expect(loaded).toHaveLength(readdirSync(tools).length);
    for (const { name, title, description, input, output, annotations, executes } of loaded) {
      expect([name, title.length > 5, description.length > 40]).toEqual([name, true, true]);
      expect(Object.keys(output).length).toBeGreaterThan(0);
      expect(input).toBeTypeOf("object");
      expect(annotations.readOnlyHint).toBe(!executes);
      expect(annotations.idempotentHint).toBe(!executes);
    }
    expect(loaded.filter(({ executes }) => executes).map(({ name }) => name)).toEqual([
      "execute_document",
      "test_document",
    ]);
  });

  it("gets a tool by getting a file", async () => {
    const path = folder();
    writeFileSync(join(path, "newOne.ts"), source("new_one"));
    writeFileSync(join(path, "README.md"), "");
    expect((await loadTools(path)).map(({ name }) => name)).toEqual(["new_one"]);
  });

  it.each([
    ["exports nothing", "export {};", "tools/b.ts must export a tool as its default"],
    ["has a name with spaces", source("new one"), "tools/b.ts must export a tool as its default"],
    ["has another's name", source("taken"), "tools/b.ts and tools/a.ts are both called taken"],
  ])("is refused when a file %s", async (_what, text, message) => {
    const path = folder();
    writeFileSync(join(path, "a.ts"), source("taken"));
    writeFileSync(join(path, "b.ts"), text);
    await expect(loadTools(path)).rejects.toThrow(message);
  });
});
