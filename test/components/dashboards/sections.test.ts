import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COLUMNS,
  FEATURES,
  type Feature,
  heightOf,
  layOut,
  plainScope,
  SECTIONS,
  sectionsFor,
} from "../../../components/dashboards.ts";

const root = join(import.meta.dirname, "../../..");
const panels = SECTIONS.flatMap(({ panels }) => panels);
const someFeatures = fc.subarray([...FEATURES]).map((features) => new Set<Feature>(features));

const twice = (values: string[]) => values.filter((value, index) => values.indexOf(value) !== index);

describe("no two panels", () => {
  test("have one id", () => expect(twice(panels.map(({ id }) => id))).toEqual([]));
  test("have one title", () => expect(twice(panels.map(({ title }) => title))).toEqual([]));
  test("ask the same in the same way", () => {
    const asked = panels.map(({ query, kind }) =>
      [
        kind,
        "promql" in query
          ? query.promql(plainScope("aks-dev"))
          : "kql" in query
            ? query.kql
            : query.resources("eastus"),
      ].join(" "),
    );
    expect(twice(asked)).toEqual([]);
  });
});

describe("each panel", () => {
  test.each(panels.map((panel) => [panel.id, panel] as const))(
    "%s says what it tells, and from when it is bad",
    (_, panel) => {
      expect(panel.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(panel.tells).toMatch(/\.$/);
      const values = panel.thresholds?.steps.map(({ value }) => value) ?? [];
      const worse = (one: number, other: number) =>
        panel.thresholds?.when === "below" ? other - one : one - other;
      expect(values).toEqual([...values].sort(worse));
      if (panel.max !== undefined) for (const value of values) expect(value).toBeLessThanOrEqual(panel.max);
    },
  );

  test.each(panels.flatMap(({ id, runbook }) => (runbook ? [[id, runbook] as const] : [])))(
    "%s links to a runbook that is there: %s",
    (_, runbook) => {
      expect(existsSync(join(root, "docs/runbooks", `${runbook}.md`))).toBe(true);
    },
  );
});

describe("what a platform hasn't", () => {
  test("has no section and no panel", () => {
    const shown = sectionsFor(new Set());
    const needing = shown.filter(({ needs, panels }) => needs ?? panels.find(({ needs }) => needs));
    expect(needing).toEqual([]);
    expect(shown.map(({ id }) => id)).toEqual(["health", "cost"]);
  });

  test("is all that is left out", () => {
    expect(sectionsFor(new Set(FEATURES)).flatMap(({ panels }) => panels)).toEqual(panels);
  });

  test.each(FEATURES)("%s decides about something", (feature) => {
    const others = new Set(FEATURES.filter((other) => other !== feature));
    expect(sectionsFor(others).flatMap(({ panels }) => panels).length).toBeLessThan(panels.length);
  });
});

describe("the layout", () => {
  test("keeps panels in the grid, in their order, and none over another, whatever a platform has", () => {
    fc.assert(
      fc.property(someFeatures, (features) => {
        for (const { panels } of sectionsFor(features)) {
          const { places, bottom } = layOut(panels, 3);
          const cells = places.flatMap(({ x, y, w, h }) =>
            Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
          );
          expect(new Set(cells).size).toBe(cells.length);
          for (const [index, { x, y, w, h }] of places.entries()) {
            expect(x + w).toBeLessThanOrEqual(COLUMNS);
            expect(y).toBeGreaterThanOrEqual(3);
            expect(y + h).toBeLessThanOrEqual(bottom);
            const panel = panels[index];
            expect(panel && { w: panel.width, h: heightOf(panel) }).toEqual({ w, h });
          }
        }
      }),
    );
  });

  test("leaves no hole on a platform that has everything", () => {
    for (const { panels } of SECTIONS) {
      const { places, bottom } = layOut(panels);
      const covered = places.reduce((sum, { w, h }) => sum + w * h, 0);
      expect(covered).toBe(bottom * COLUMNS);
    }
  });
});
