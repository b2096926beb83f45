import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { legendOf } from "../../../cli/dashboards/draw/panel.ts";
import { sectionSvg } from "../../../cli/dashboards/draw/section.ts";
import { pictureName, STAMP, stampOf } from "../../../cli/dashboards/pictures.ts";
import { textOf, withText } from "../../../cli/dashboards/pngText.ts";
import { hourOf, NOW, STEPS } from "../../../cli/dashboards/sample/day.ts";
import { SAMPLE } from "../../../cli/dashboards/sample.ts";
import { pngOfSvg } from "../../../cli/picture.ts";
import { legendLabels, SECTIONS } from "../../../components/dashboards.ts";
import { LOG_STREAMS } from "../../../components/platformMonitoring/logs.ts";

const folder = join(import.meta.dirname, "../../../docs/pictures");
const panels = SECTIONS.flatMap(({ panels }) => panels);
const sections = SECTIONS.map((section) => [section.id, section] as const);

describe("the pictures in the documentation", () => {
  test.each(sections)("%s is what its description draws (else: npm run dashboards:render)", (_, section) => {
    expect(textOf(readFileSync(join(folder, pictureName(section))), STAMP)).toBe(stampOf(section));
  });

  test("are those of the sections that there are", () => {
    const drawn = readdirSync(folder).filter((name) => name.startsWith("dashboard-"));
    expect(drawn.sort()).toEqual(SECTIONS.map(pictureName).sort());
  });

  test.each(sections)("%s says that its data is a sample, and shows every panel's title", (_, section) => {
    const svg = sectionSvg(section, SAMPLE);
    expect(svg).toContain("sample data");
    for (const { title } of section.panels) expect(svg).toContain(title);
  });

  test("are drawn the same each time", () => {
    const [section] = SECTIONS;
    if (section === undefined) throw new Error("there is no section");
    expect(sectionSvg(section, SAMPLE)).toBe(sectionSvg(section, SAMPLE));
    expect(sectionSvg(section, SAMPLE)).not.toMatch(/\bzr\d/);
  });
});

describe("the sample day", () => {
  test("ends at the time at which one looks", () => {
    expect(hourOf(0)).toBe(0);
    expect(hourOf(STEPS - 1)).toBe(NOW);
  });

  test("has the logs that are sent where nobody says otherwise", () => {
    const sample = SAMPLE["log-volume"];
    const tables = sample && "series" in sample ? sample.series.map(({ labels }) => labels["DataType"]) : [];
    const sent = LOG_STREAMS.logs.map((stream) => stream.replace("Microsoft-", ""));
    expect(tables.sort()).toEqual([...sent, "AKSAuditAdmin"].sort());
  });

  test("has data for each panel, and for nothing else", () => {
    expect(Object.keys(SAMPLE).sort()).toEqual(panels.map(({ id }) => id).sort());
  });

  test.each(panels.map((panel) => [panel.id, panel] as const))(
    "%s has what its query answers",
    (_, panel) => {
      const sample = SAMPLE[panel.id];
      if (sample === undefined) throw new Error("no sample");
      if ("rows" in sample) {
        const columns = "columns" in panel.query ? panel.query.columns : [];
        for (const row of sample.rows) expect(row).toHaveLength(columns.length);
        return;
      }
      const labels = legendLabels(legendOf(panel)).sort();
      for (const series of sample.series) {
        expect(Object.keys(series.labels).sort()).toEqual(labels);
        expect(series.values.length).toBe(["bars", "table"].includes(panel.kind) ? 1 : STEPS);
        for (const value of series.values) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(panel.max ?? Number.POSITIVE_INFINITY);
        }
      }
    },
  );
});

describe("a text in a PNG", () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>';
  const plain = pngOfSvg(svg);

  test("is read again, and leaves the picture as it is", () => {
    const marked = withText(plain, "made-from", "something");
    expect(textOf(marked, "made-from")).toBe("something");
    expect(textOf(marked, "made")).toBeUndefined();
    expect(textOf(plain, "made-from")).toBeUndefined();
    expect(marked.subarray(0, 33)).toEqual(plain.subarray(0, 33));
    expect(marked.subarray(-12)).toEqual(plain.subarray(-12));
  });
});
