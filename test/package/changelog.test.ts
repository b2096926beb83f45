import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../package/emit.ts";
import { ownManifest } from "../../package/manifest.ts";

const text = readFileSync(join(root, "CHANGELOG.md"), "utf8");
const headings = text.match(/^## .+$/gm) ?? [];

test("what isn't released yet stands first, then the package's version", () => {
  expect(headings[0]).toBe("## [Unreleased]");
  expect(headings[1]?.startsWith(`## [${ownManifest().version}]`)).toBe(true);
});

test("changes stand under the words of Keep a Changelog", () => {
  const kinds = new Set(text.match(/^### .+$/gm));
  const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"].map(
    (kind) => `### ${kind}`,
  );
  expect(known).toEqual(expect.arrayContaining([...kinds]));
  expect(kinds.size).toBeGreaterThan(0);
});
