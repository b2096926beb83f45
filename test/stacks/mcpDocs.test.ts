import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../stacks/settings.ts";

const samplesOf = (name: string): string[] => {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => sample);
};

describe.each([
  ["mcp-servers.md", 6],
  ["autoscaling.md", 3],
])("docs/%s", (name, least) => {
  const samples = samplesOf(name);

  it("has samples", () => {
    expect(samples.length).toBeGreaterThanOrEqual(least);
  });

  it.each(samples)("has a sample that the schema takes:\n%s", (sample) => {
    // Placeholders that the schema would take for what they aren't.
    const settings: object = parse(sample.replaceAll(/<[a-z ]+>/g, "placeholder"));
    const entries = Object.entries(settings).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]);
    expect(() => parseSettings({ location: "eastus", ...Object.fromEntries(entries) }, "dev")).not.toThrow();
  });
});
