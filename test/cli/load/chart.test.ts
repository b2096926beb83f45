import { expect, test } from "vitest";
import { chartSvg } from "../../../cli/load/chart.ts";
import type { Report } from "../../../cli/load/report.ts";
import type { Step } from "../../../cli/load/step.ts";
import { pngOfSvg } from "../../../cli/picture.ts";

const none = { p50: null, p95: null, p99: null, max: null };

function step(rps: number, p99: number | null): Step {
  const latencyMs = p99 === null ? none : { p50: 1, p95: 2, p99, max: p99 };
  return {
    ...{ rps, seconds: 2, calls: rps * 2, right: rps * 2, wrong: 0, unfinished: 0, rightPerSecond: rps },
    ...{ latencyMs, errors: [] },
    perSecond: [0, 1].map((second) => ({ second, right: rps, wrong: 0, ...latencyMs })),
    generator: { lateMs: none, busy: 0, mostWaiting: 1 },
  };
}

function report(steps: Step[], knee?: Report["knee"]): Report {
  return { steps, knee, target: { url: "http://localhost/mcp", tool: "echo" } } as Report;
}

/** The texts of an SVG, in their order. */
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

test("one rate is drawn over time", () => {
  const found = texts(chartSvg(report([step(50, 30)])));
  expect(found).toEqual(
    expect.arrayContaining(["echo at 50 calls a second", "p50 1.0 ms, p95 2.0 ms, p99 30 ms"]),
  );
  expect(found).toEqual(expect.arrayContaining(["seconds", "0", "1", "p99", "right", "wrong"]));
});

test("what happened meanwhile is marked", () => {
  expect(texts(chartSvg(report([step(50, 30)]), [{ second: 1, what: "4 pods" }]))).toContain("4 pods");
});

test("several rates are drawn over the rate, once each, with the knee", () => {
  const steps = [step(50, 3), step(170, 30), step(170, 900), step(100, 10)];
  const svg = chartSvg(report(steps, { rps: 100, tooMuch: 170, because: "p99 was 900 ms" }));
  const found = texts(svg);
  expect(found).toEqual(
    expect.arrayContaining(["echo: good up to 100 calls a second", "at 170 a second p99 was 900 ms", "knee"]),
  );
  expect(found.filter((text) => text === "170")).toHaveLength(2);
  // Twice the size, for fine screens: width and height stand in the header.
  const png = pngOfSvg(svg);
  expect([png.toString("latin1", 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
    "PNG",
    1920,
    1200,
  ]);
});

test("without any right answer there is a picture all the same", () => {
  expect(texts(chartSvg(report([step(50, null)])))).toContain("p50 -, p95 -, p99 -");
  expect(texts(chartSvg(report([step(50, null)], { rps: null, tooMuch: 50, because: "x" })))).toContain(
    "echo: no rate was good",
  );
});
