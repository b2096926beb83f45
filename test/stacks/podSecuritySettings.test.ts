import { describe, expect, it } from "vitest";
import { settingRows } from "../../stacks/settings/table.ts";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

/** What is wrong with settings: the key and what is allowed instead. */
function problemsOf(input: object): string[] {
  try {
    parseSettings({ location: "eastus", ...input }, "dev");
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map((text) => text.replaceAll("\n", " |"));
    throw error;
  }
  return [];
}

const NONE = { devicePlugin: "none", gpuFeatureDiscovery: "none" };

describe("the settings of pod security", () => {
  it("exempt four namespaces, for reasons that everybody can read in the table of settings", () => {
    const { podSecurityExemptions } = parseSettings({ location: "eastus" }, "dev");
    const standards = Object.entries(podSecurityExemptions).map(([whose, { standard }]) => [whose, standard]);
    expect(standards).toEqual([
      ["models", "baseline"],
      ["kaito", "privileged"],
      ["ingress", "baseline"],
      ["gpuMetrics", "privileged"],
    ]);
    const rows = new Map(settingRows().map((row) => [row.key, row.default]));
    for (const [whose, { reason }] of Object.entries(podSecurityExemptions)) {
      const key = `podSecurityExemptions.${whose}.reason`;
      expect([key, rows.get(key)]).toEqual([key, JSON.stringify(reason)]);
    }
  });

  it.each<[string, object, string, RegExp]>([
    [
      "models without their exemption",
      { podSecurityExemptions: { models: { standard: "restricted" } } },
      "mcpaas:podSecurityExemptions.models.standard",
      /"baseline", because KAITO's pods run as root; or set kaito.mode to "off"/,
    ],
    [
      "node agents without their exemption",
      { podSecurityExemptions: { kaito: { standard: "restricted" } } },
      "mcpaas:podSecurityExemptions.kaito.standard",
      /"privileged", because .* or set kaito.devicePlugin, .* to "none"/,
    ],
    [
      "a reason that says nothing",
      { podSecurityExemptions: { models: { reason: "needed" } } },
      "mcpaas:podSecurityExemptions.models.reason",
      /found {4}"needed" .*a sentence of at least 20 characters/,
    ],
    [
      "an exemption of a namespace that needs none",
      { podSecurityExemptions: { mcp: { standard: "baseline" } } },
      "mcpaas:podSecurityExemptions.mcp",
      /a key that doesn't exist.*models, kaito, ingress/,
    ],
    [
      "a weaker standard than is needed",
      { podSecurityExemptions: { models: { standard: "privileged" } } },
      "mcpaas:podSecurityExemptions.models.standard",
      /"baseline", "restricted"/,
    ],
  ])("refuse %s", (_, input, key, allowed) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(`${key} |`)).toBe(true);
    expect(problems[0]).toMatch(allowed);
  });

  it.each<[string, object]>([
    [
      "models, when KAITO is off",
      { kaito: { mode: "off" }, podSecurityExemptions: { models: { standard: "restricted" } } },
    ],
    [
      "node agents, when others provide them",
      { kaito: NONE, podSecurityExemptions: { kaito: { standard: "restricted" } } },
    ],
    [
      "node agents, when KAITO is off",
      { kaito: { mode: "off" }, podSecurityExemptions: { kaito: { standard: "restricted" } } },
    ],
  ])("need no exemption for %s", (_, input) => {
    expect(problemsOf(input)).toEqual([]);
  });
});
