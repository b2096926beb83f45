import type { EChartsOption } from "echarts";
import type { Panel } from "../../../components/dashboards.ts";
import { hourOf, NOW } from "../sample/day.ts";
import type { SampleSeries } from "../sample/series.ts";
import { latest } from "../sample/series.ts";
import { COLOURS, colourOf, SERIES_COLOURS } from "./colours.ts";
import { cut, formatted } from "./format.ts";

const small = { fontSize: 11, color: COLOURS.faint };

/** Lines over the day, stacked or not, with the thresholds as broken lines. */
export function overTime(panel: Panel, series: readonly SampleSeries[]): EChartsOption {
  const { kind, unit, max, thresholds } = panel;
  const stacked = kind === "areas";
  const highest = Math.max(...series.flatMap(({ values }) => values), 0);
  const lowest = Math.min(...series.flatMap(({ values }) => values), 0);
  // A limit far above what is seen would press the lines to the ground.
  const marked = (thresholds?.steps ?? []).filter(({ value }) => value <= highest * 1.6 && value !== 0);
  const whole = unit === "count";
  return {
    color: SERIES_COLOURS,
    grid: { left: 62, right: 22, top: 12, bottom: 24 },
    xAxis: {
      type: "value",
      min: 0,
      max: NOW,
      interval: 3,
      axisLabel: {
        ...small,
        showMaxLabel: false,
        formatter: (hour: number) => `${String(hour).padStart(2, "0")}:00`,
      },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: COLOURS.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      min: Math.min(0, lowest),
      ...(max !== undefined && highest > max * 0.5 ? { max, interval: max / 4 } : {}),
      ...(whole ? { minInterval: 1 } : {}),
      splitNumber: 3,
      axisLabel: { ...small, formatter: (value: number) => formatted(value, unit) },
      splitLine: { lineStyle: { color: COLOURS.line } },
    },
    series: series.map(({ values }, index) => ({
      type: "line",
      data: values.map((value, step) => [hourOf(step), value]),
      showSymbol: false,
      lineStyle: { width: 1.4 },
      ...(stacked ? { stack: "all", areaStyle: { opacity: 0.45 } } : {}),
      ...(index === 0 && marked.length > 0
        ? {
            markLine: {
              silent: true,
              symbol: "none",
              label: { show: false },
              data: marked.map(({ value, level }) => ({
                yAxis: value,
                lineStyle: { color: COLOURS[level], type: "dashed", width: 1 },
              })),
            },
          }
        : {}),
    })),
  };
}

/** The latest values as bars, with the first of the series on top. */
export function bars(
  panel: Panel,
  values: readonly { name: string; value: number }[],
  width: number,
): EChartsOption {
  const { unit, max } = panel;
  const shown = values.slice(0, 8);
  const names = Math.min(width * 0.5, 16 + Math.max(...shown.map(({ name }) => name.length)) * 6.6);
  return {
    grid: { left: names, right: 76, top: 6, bottom: 8 },
    xAxis: { type: "value", show: false, min: 0, ...(max === undefined ? {} : { max }) },
    yAxis: {
      type: "category",
      inverse: true,
      data: shown.map(({ name }) => cut(name, names - 10, 11)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { fontSize: 11, color: COLOURS.text },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 16,
        showBackground: true,
        backgroundStyle: { color: COLOURS.page },
        data: shown.map(({ value }) => ({ value, itemStyle: { color: colourOf(value, panel) } })),
        label: {
          show: true,
          position: "right",
          color: COLOURS.text,
          fontSize: 11,
          formatter: ({ value }) => formatted(Number(value), unit),
        },
      },
    ],
  };
}

/** One number, over its course of the day. */
export function stat(panel: Panel, series: SampleSeries): EChartsOption {
  const value = latest(series);
  const colour = colourOf(value, panel);
  return {
    grid: { left: 0, right: 0, top: 44, bottom: 0 },
    xAxis: { type: "value", show: false, min: 0, max: NOW },
    yAxis: { type: "value", show: false, min: 0 },
    graphic: {
      type: "text",
      left: 14,
      top: 2,
      style: { text: formatted(value, panel.unit), fontSize: 30, fontWeight: "bold", fill: colour },
    },
    series: [
      {
        type: "line",
        data: series.values.map((item, step) => [hourOf(step), item]),
        showSymbol: false,
        lineStyle: { width: 1, color: colour },
        areaStyle: { color: colour, opacity: 0.15 },
      },
    ],
  };
}
