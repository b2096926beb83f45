import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../stacks/settings.ts";

const text = readFileSync(new URL("../../docs/mcp-servers.md", import.meta.url), "utf8");
const samples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => sample);

describe("docs/mcp-servers.md", () => {
  it("has samples", () => {
    expect(samples.length).toBeGreaterThan(5);
  });

  it.each(samples)("has a sample that the schema takes:\n%s", (sample) => {
    // Placeholders that the schema would take for what they aren't.
    const settings: object = parse(sample.replaceAll(/<[a-z ]+>/g, "placeholder"));
    const entries = Object.entries(settings).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]);
    expect(() => parseSettings({ location: "eastus", ...Object.fromEntries(entries) }, "dev")).not.toThrow();
  });
});
