import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kinds } from "../../../cli/load/kinds.ts";
import type { Report } from "../../../cli/load/report.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/load.md"), "utf8");
const baseline: Report = JSON.parse(
  readFileSync(join(root, "bench/measurements/load-knee-guarded.json"), "utf8"),
);

/** What stands in code marks in the first column of tables of a section. */
function named(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  return text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/`(\w[\w-]*)`/g)].map(([, name = ""]) => name),
    );
}

test("the page has each kind of error", () => {
  expect(named("Kinds of errors")).toEqual(kinds.filter((kind) => kind !== "right"));
});

test("the page has each field of a report and of a step", () => {
  const inCalls = ["right", "wrong", "unfinished"];
  const fields = [...Object.keys(baseline), ...Object.keys(baseline.steps[0] ?? {})];
  expect(named("Files").sort()).toEqual(fields.filter((field) => !inCalls.includes(field)).sort());
  for (const field of inCalls) expect(page).toContain(`\`${field}\``);
});
