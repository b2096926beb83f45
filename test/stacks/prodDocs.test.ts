import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PRIVATE_SERVICES } from "../../components/privateLink.ts";
import { settingRows } from "../../stacks/settings/table.ts";
import { parseSettings } from "../../stacks/settings.ts";

const text = readFileSync(new URL("../../docs/prod.md", import.meta.url), "utf8");

describe("docs/prod.md", () => {
  const samples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => parse(sample));
  it("has samples that the schema takes", () => {
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      const own = Object.entries(sample).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]);
      const settings = { ...Object.fromEntries(own) };
      settings.chat.otherModels = { gpt: { url: "https://models.example.com/v1" } };
      expect(() => parseSettings({ location: "eastus", ...settings }, "prod")).not.toThrow();
    }
  });

  it("names settings that are there", () => {
    const keys = settingRows().map(({ key }) => key);
    const named = [...text.matchAll(/`((?:network|cluster|registry|backup|chat)\.[a-zA-Z.]+)`/g)].map(
      ([, key = ""]) => key,
    );
    expect(named.length).toBeGreaterThan(8);
    for (const key of named) {
      const known = keys.some((each) => each === key || each.startsWith(`${key}.`));
      expect([key, known]).toEqual([key, true]);
    }
  });

  it("links to files that are there", () => {
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect([link, existsSync(new URL(`../../docs/${link}`, import.meta.url))]).toEqual([link, true]);
    }
  });

  it("tells of every private endpoint", () => {
    const rows = [...text.matchAll(/^\| `pe-[a-z-]+` \|/gm)];
    expect(rows.length).toBe(Object.keys(PRIVATE_SERVICES).length);
  });
});
