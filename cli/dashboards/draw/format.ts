import type { PanelUnit } from "../../../components/dashboards.ts";

const short = (value: number, digits = 2) => String(Number(value.toPrecision(digits)));

function scaled(value: number, steps: readonly (readonly [number, string])[]): string {
  const [size, unit] = steps.find(([size]) => Math.abs(value) >= size) ?? steps.at(-1) ?? [1, ""];
  return `${short(value / size, 3)} ${unit}`.trim();
}

const BYTES = [
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
  [1, "B"],
] as const;

/** A number as people read it, with its unit. */
export function formatted(value: number, unit: PanelUnit): string {
  if (value === 0) return unit === "ratio" || unit === "percent" ? "0 %" : "0";
  switch (unit) {
    case "ratio":
      return `${short(value * 100, 3)} %`;
    case "percent":
      return `${short(value, 3)} %`;
    case "seconds":
      return Math.abs(value) < 1 ? `${short(value * 1000, 3)} ms` : `${short(value, 3)} s`;
    case "per-second":
      return `${short(value, 3)}/s`;
    case "tokens-per-second":
      return value < 1000 ? `${short(value, 3)}/s` : `${short(value / 1000, 3)}k/s`;
    case "bytes":
      return scaled(value, BYTES);
    case "gigabytes":
      return `${short(value, 3)} GB`;
    case "celsius":
      return `${short(value, 3)} °C`;
    case "watts":
      return `${short(value, 3)} W`;
    case "days":
      return `${short(value, 3)} days`;
    default:
      return short(value, 4);
  }
}

/** A series' name by its panel's legend. */
export function named(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend
    .replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "")
    .replace(/\s+/g, " ")
    .trim();
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** About how wide a text is: letters of DejaVu Sans are 0.58 of its size wide, on average. */
export function widthOf(text: string, fontSize: number): number {
  return text.length * fontSize * 0.58;
}

/** A text that fits. */
export function cut(text: string, width: number, fontSize: number): string {
  const letters = Math.floor(width / widthOf("x", fontSize));
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}
