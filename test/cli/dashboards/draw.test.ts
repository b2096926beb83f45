import { describe, expect, test } from "vitest";
import { COLOURS, colourOf } from "../../../cli/dashboards/draw/colours.ts";
import { cut, escaped, formatted, named } from "../../../cli/dashboards/draw/format.ts";
import { legend } from "../../../cli/dashboards/draw/legend.ts";
import { drawnPanel } from "../../../cli/dashboards/draw/panel.ts";
import { table } from "../../../cli/dashboards/draw/table.ts";
import type { Panel } from "../../../components/dashboards.ts";

const panel: Panel = {
  id: "left",
  title: "Left & right",
  tells: "Something.",
  kind: "table",
  unit: "ratio",
  width: 8,
  query: { promql: () => "up", legend: "{{a}} {{b}}" },
};

describe("numbers", () => {
  test.each([
    [0.1234, "ratio", "12.3 %"],
    [0, "ratio", "0 %"],
    [54, "percent", "54 %"],
    [0.0198, "seconds", "19.8 ms"],
    [31.34, "seconds", "31.3 s"],
    [0.5, "per-second", "0.5/s"],
    [40 * 2 ** 30, "bytes", "40 GiB"],
    [512, "bytes", "512 B"],
    [0.09, "gigabytes", "0.09 GB"],
    [2900, "tokens-per-second", "2.9k/s"],
    [61.5, "days", "61.5 days"],
    [0, "count", "0"],
  ] as const)("%d as %s is %s", (value, unit, text) => {
    expect(formatted(value, unit)).toBe(text);
  });
});

describe("texts", () => {
  test("name a series by its labels, without gaps for those that it hasn't", () => {
    expect(named("{{a}} {{b}}", { a: "x", b: "y" })).toBe("x y");
    expect(named("{{a}} {{b}}", { a: "x", b: "" })).toBe("x");
  });

  test("are cut where there is no room", () => {
    expect(cut("short", 200, 11)).toBe("short");
    expect(cut("a name that is too long", 60, 11)).toMatch(/^a name .*…$/);
  });

  test("can't be anything but text", () =>
    expect(escaped('<a & "b">')).toBe("&#60;a &#38; &#34;b&#34;&#62;"));
});

describe("colours", () => {
  const above: Panel = {
    ...panel,
    thresholds: {
      when: "above",
      steps: [
        { value: 1, level: "warning" },
        { value: 5, level: "critical" },
      ],
    },
  };
  const below: Panel = {
    ...panel,
    thresholds: {
      when: "below",
      steps: [
        { value: 0.2, level: "warning" },
        { value: 0.05, level: "critical" },
      ],
    },
  };
  test.each([
    [above, 0, "good"],
    [above, 1, "warning"],
    [above, 9, "critical"],
    [below, 0.2, "good"],
    [below, 0.1, "warning"],
    [below, 0.01, "critical"],
    [panel, 1e9, "good"],
  ] as const)("of %o at %d are %s", (which, value, level) => {
    expect(colourOf(value, which)).toBe(COLOURS[level]);
  });
});

describe("a legend", () => {
  test("takes as many lines as its names need", () => {
    expect(legend(["one", "two"], 400).height).toBe(16);
    expect(legend(["one", "two", "three", "four"], 120).height).toBeGreaterThan(16);
  });
});

describe("a table", () => {
  test("shows as many rows as there is room for, numbers with separators", () => {
    const rows = [
      ["a", 41_210],
      ["b", 2],
      ["c", 3],
    ];
    const svg = table(["name", "calls"], rows, { width: 300, height: 63 });
    expect(svg).toContain(">41,210<");
    expect(svg).toContain(">b<");
    expect(svg).not.toContain(">c<");
  });
});

describe("a panel", () => {
  const box = { x: 10, y: 20, width: 300, height: 230 };

  test("without series says that this is good", () => {
    const svg = drawnPanel(panel, { series: [] }, box);
    expect(svg).toContain("Left &#38; right");
    expect(svg).toContain("nothing, which is good");
  });

  test("of labels is a table of them", () => {
    const sample = { series: [{ labels: { a: "alpha", b: "beta" }, values: [0.5] }] };
    const svg = drawnPanel(panel, sample, box);
    for (const text of ["alpha", "beta", "50 %", "value"]) expect(svg).toContain(`>${text}<`);
  });
});
