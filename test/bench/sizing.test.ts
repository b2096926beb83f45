import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaults } from "../../bench/resources/defaults.ts";
import type { Measurements } from "../../bench/resources/subject.ts";
import { tableOf } from "../../bench/resources/table.ts";
import { withSection } from "../../bench/section.ts";

const root = join(import.meta.dirname, "..", "..");
const measurements: Measurements = JSON.parse(
  readFileSync(join(root, "bench/measurements/resources.json"), "utf8"),
);

const units: Record<string, number> = { Mi: 1, Gi: 1024 };
/** A quantity of memory in MiB, of those that defaults are written in. */
function mebibytes(quantity: string): number {
  const [, digits, unit = ""] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  return Number(digits) * (units[unit] ?? Number.NaN);
}
/** A quantity of processor time in cores. */
function cores(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

const measured = Object.entries(defaults).flatMap(([component, each]) =>
  (each.measured ?? []).map((program) => ({ component, program, ...each })),
);

describe.each(measured)(
  "$component fits what $program was measured to use",
  ({ program, resources, spare }) => {
    const { underLoad, atRest } = measurements.programs[program] ?? {};
    const { requests, limits } = resources;

    test("memory that is asked for", () => {
      expect(mebibytes(requests.memory)).toBeGreaterThanOrEqual(
        Math.max(underLoad?.memoryMiB ?? Number.NaN, 1),
      );
      expect(atRest?.memoryMiB).toBeGreaterThan(0);
      if (spare === undefined) {
        expect(mebibytes(requests.memory)).toBeLessThanOrEqual(4 * (underLoad?.memoryMiB ?? 0));
      }
    });

    test("the limit of memory", () => {
      expect(mebibytes(limits.memory)).toBeGreaterThanOrEqual(1.5 * (underLoad?.memoryMiB ?? Number.NaN));
    });

    test("processor time", () => {
      expect(cores(requests.cpu)).toBeGreaterThanOrEqual(underLoad?.cpu ?? Number.NaN);
      if (limits.cpu !== undefined) {
        expect(cores(limits.cpu)).toBeGreaterThanOrEqual(2 * (underLoad?.cpu ?? Number.NaN));
      }
    });
  },
);

test("every default of a component is measured, or says why not", () => {
  const components = join(root, "components");
  const found = readdirSync(components, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) =>
      /const \w+: ContainerResources = \{/.test(readFileSync(join(components, file), "utf8")),
    );
  expect(found.sort()).toEqual(
    Object.values(defaults)
      .map(({ file }) => file)
      .sort(),
  );
  for (const { measured = [], unmeasured } of Object.values(defaults)) {
    expect(measured.length > 0).toBe(unmeasured === undefined);
  }
});

test("docs/sizing.md shows what was measured", () => {
  const page = readFileSync(join(root, "docs/sizing.md"), "utf8");
  expect(withSection(page, "measured", tableOf(measurements))).toBe(page);
});
