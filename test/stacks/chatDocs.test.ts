import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../stacks/settings.ts";

const texts = ["chat.md", "chat-state.md"].map((name) =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8"),
);
const samples = texts.flatMap((text) =>
  [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => parse(sample)),
);

// What the samples take for granted.
const AROUND = {
  location: "eastus",
  models: { "phi-4-mini": { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
  openWebSearch: { enabled: true },
  innovationEngine: { enabled: true },
  ragEngines: { docs: {} },
};

describe("docs/chat.md and docs/chat-state.md", () => {
  it("has samples", () => {
    expect(samples.length).toBeGreaterThan(6);
  });

  it.each(samples)("has a sample that the schema takes: %j", (sample) => {
    const own = Object.entries(sample).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]);
    const settings = JSON.parse(
      JSON.stringify(Object.fromEntries(own)).replaceAll(/<[^>]+>/g, "placeholder"),
    );
    expect(() => parseSettings({ ...AROUND, ...settings }, "dev", () => true)).not.toThrow();
  });
});
