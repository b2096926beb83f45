import type { EChartsOption } from "echarts";
import { type PictureSize, svgOf } from "../picture.ts";
import type { Report } from "./report.ts";
import type { Latency } from "./samples.ts";

const size: PictureSize = { width: 960, height: 600 };
const colors = { p50: "#5470c6", p95: "#fac858", p99: "#ee6666", right: "#91cc75", wrong: "#c23531" };

/** What happened in a second of a run, such as the start of a second pod. */
export interface Event {
  second: number;
  what: string;
}

/** What of a report is drawn. */
type Drawn = Pick<Report, "steps" | "knee" | "target">;

/**
 * A report as a picture: with one rate over time, with several over the rate.
 *
 * @param events that are marked, where it is over time
 */
export function chartSvg(report: Drawn, events: readonly Event[] = []): string {
  return svgOf(report.knee ? overRate(report) : overTime(report, events), size);
}

function overTime({ steps: [step], target }: Drawn, events: readonly Event[]): EChartsOption {
  const rows = step?.perSecond ?? [];
  const latency = step?.latencyMs;
  return layout({
    title: `${target.tool} at ${step?.rps ?? 0} calls a second`,
    subtitle: latency ? `p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}` : "",
    across: "seconds",
    places: rows.map(({ second }) => String(second)),
    latency: rows,
    counts: "calls a second",
    right: rows.map(({ right }) => right),
    wrong: rows.map(({ wrong }) => wrong),
    marks: events.map(({ second, what }) => ({
      at: rows.findIndex((row) => row.second === second),
      text: what,
    })),
  });
}

function overRate({ steps, knee, target }: Drawn): EChartsOption {
  // A rate that was tried twice stands there with its second try.
  const rows = [...new Map(steps.map((step) => [step.rps, step])).values()].sort((a, b) => a.rps - b.rps);
  const at = rows.findIndex(({ rps }) => rps === knee?.rps);
  return layout({
    title: `${target.tool}: ${knee?.rps === null ? "no rate was good" : `good up to ${knee?.rps} calls a second`}`,
    // The first reason: all of them would run over the axis' name.
    subtitle: `${knee?.tooMuch ? `at ${knee.tooMuch} a second ` : ""}${knee?.because.split(";")[0] ?? ""}`,
    across: "calls a second asked for",
    places: rows.map(({ rps }) => String(rps)),
    latency: rows.map(({ latencyMs }) => latencyMs),
    counts: "answers a second",
    right: rows.map(({ rightPerSecond }) => Math.round(rightPerSecond)),
    wrong: rows.map(({ wrong, seconds }) => Math.round(wrong / Math.max(seconds, 1))),
    marks: at < 0 ? [] : [{ at, text: "knee" }],
  });
}

interface Parts {
  title: string;
  subtitle: string;
  across: string;
  places: string[];
  latency: Latency[];
  counts: string;
  right: number[];
  wrong: number[];
  /** Places at which a line says something. */
  marks: { at: number; text: string }[];
}

/** Times above, on a scale on which a tenth and a hundred times are seen; counts below. */
function layout({
  title,
  subtitle,
  across,
  places,
  latency,
  counts,
  right,
  wrong,
  marks,
}: Parts): EChartsOption {
  const axis = { type: "category" as const, data: places, nameLocation: "middle" as const, nameGap: 28 };
  const line = (name: "p50" | "p95" | "p99") => ({
    name,
    type: "line" as const,
    color: colors[name],
    // A logarithm has no place for 0, and where nothing was measured there is nothing.
    data: latency.map((row) => (row[name] === null ? null : Math.max(0.1, row[name]))),
    ...(name === "p99" && marks.length > 0
      ? {
          markLine: {
            symbol: "none",
            data: marks.map(({ at, text }) => ({ xAxis: at, label: { formatter: text } })),
            lineStyle: { color: "#333333" },
          },
        }
      : {}),
  });
  const bar = (name: "right" | "wrong", data: number[]) => ({
    ...{ name, data, type: "bar" as const, stack: "calls", color: colors[name] },
    ...{ xAxisIndex: 1, yAxisIndex: 1 },
  });
  return {
    title: { text: title, subtext: subtitle, left: "center" },
    legend: { bottom: 4 },
    grid: [
      { left: 70, right: 40, top: 80, height: 240 },
      { left: 70, right: 40, top: 380, height: 130 },
    ],
    xAxis: [axis, { ...axis, gridIndex: 1, name: across }],
    yAxis: [
      { type: "log", name: "ms" },
      { type: "value", name: counts, gridIndex: 1, nameTextStyle: { align: "left" } },
    ],
    series: [line("p50"), line("p95"), line("p99"), bar("right", right), bar("wrong", wrong)],
  };
}

function ms(value: number | null): string {
  return value === null ? "-" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
