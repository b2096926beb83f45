import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { build } from "../../package/build.ts";

test("a folder with something else in it is left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "mcpaas-package-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "letter.txt"), "dear");
  expect(() => build(folder)).toThrow(/holds something else than an earlier build/);
  expect(readdirSync(folder)).toEqual(["letter.txt"]);
});
