import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../stacks/settings.ts";

const text = readFileSync(new URL("../../docs/ingress.md", import.meta.url), "utf8");
const samples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => sample);

/** What the samples stand in: a stack with a chat app and a server. */
const STACK = {
  location: "eastus",
  chat: { enabled: true },
  models: { phi: { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } } },
  mcpServers: { echo: { transport: "http", build: "echo" } },
};

describe("docs/ingress.md", () => {
  it("has samples", () => {
    expect(samples.length).toBeGreaterThan(3);
  });

  it.each(samples)("has a sample that the schema takes:\n%s", (sample) => {
    const { "mcpaas:ingress": ingress, ...others }: Record<string, unknown> = parse(sample);
    expect(others).toEqual({});
    expect(parseSettings({ ...STACK, ingress }, "dev").ingress.enabled).toBe(true);
  });
});
