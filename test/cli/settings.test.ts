import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { between } from "../../cli/settings.ts";
import { settingsMarkdown } from "../../stacks/settings/table.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpaas-settings-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("writes the table between the marks and leaves the rest alone", async () => {
  const file = join(dir, "settings.md");
  await writeFile(file, "before\n<!-- settings -->\noutdated words\n<!-- /settings -->\nafter\n");
  expect(await main(["settings", "--write", file])).toBe(0);
  const text = await readFile(file, "utf8");
  expect(text).toMatch(/^before\n<!-- settings -->\n\n\| setting \|/);
  expect(text).toMatch(/\n<!-- \/settings -->\nafter\n$/);
  expect(text).not.toMatch(/outdated words/);
});

test("a file without the marks is refused and not touched", async () => {
  const file = join(dir, "plain.md");
  await writeFile(file, "plain");
  const error = vi.spyOn(console, "error").mockReturnValue();
  expect(await main(["settings", "--write", file])).toBe(2);
  expect(error.mock.calls.join()).toMatch(/plain\.md has no <!-- settings -->/);
  error.mockRestore();
  expect(await readFile(file, "utf8")).toBe("plain");
});

test("docs/settings.md is that of the schema; npx mcpaas settings --write docs/settings.md renews it", async () => {
  const page = await readFile(join(import.meta.dirname, "../../docs/settings.md"), "utf8");
  expect(between(page)?.trim()).toBe(settingsMarkdown());
});
