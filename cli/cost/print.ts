import type { Cost, Line } from "../../cost/costOf.ts";
import { table } from "../table.ts";
import type { Effect } from "./effects.ts";
import type { Answer } from "./run.ts";

/** The answer for programs: all lines, with the price, its day and source. */
export function asJson(answer: Answer): string {
  return JSON.stringify({ currency: "USD", ...answer }, undefined, 2);
}

/** The answer for people. */
export function asText({ stack, from, vmSizes, cost, effects }: Answer, width = 100): string {
  const sizes = Object.entries(vmSizes).map(([pool, size]) => `${pool} ${size}`);
  return [
    `Stack ${stack} in ${cost.region}, USD a month of ${cost.hours} hours, from ${from}`,
    ...(sizes.length > 0 ? [`VM sizes: ${sizes.join(", ")}`] : []),
    "",
    components(cost),
    ...unknowns(cost, width),
    "",
    `Prices are list prices for pay as you go, of ${dates(cost)}. Taxes, traffic to the internet and discounts are not in them.`,
    ...(effects && effects.length > 0 ? ["", changes(effects, width)] : []),
  ].join("\n");
}

/** Components by what they cost, and the total. */
function components({ lines, total }: Cost): string {
  const byComponent = Map.groupBy(lines, ({ component }) => component);
  const rows = [...byComponent].map(([component, own]) => {
    const known = (at: "rest" | "full") => own.reduce((sum, line) => sum + (line.monthly[at] ?? 0), 0);
    const what = own
      .filter(({ monthly }) => monthly.full !== undefined)
      .map(({ what, note }) => note ?? what);
    const open = own.some(({ unknown }) => unknown !== undefined);
    return { component, rest: known("rest"), full: known("full"), what: [...new Set(what)].join("; "), open };
  });
  rows.sort((a, b) => b.full - a.full);
  return table(
    ["component", "at rest", "at full scale", "for"],
    [
      ...rows.map(({ component, rest, full, what, open }) => [
        component,
        plus(rest, open),
        plus(full, open),
        what || "see below",
      ]),
      [
        "total",
        plus(
          total.rest,
          rows.some(({ open }) => open),
        ),
        plus(
          total.full,
          rows.some(({ open }) => open),
        ),
        "what is known",
      ],
    ],
    110,
  );
}

function unknowns({ lines }: Cost, width: number): string[] {
  const open = lines.filter((line): line is Line & { unknown: string } => line.unknown !== undefined);
  if (open.length === 0) return [];
  const rows = open.map(({ component, what, note, unknown }) => [
    component,
    what,
    note ? `${unknown}; ${note}` : unknown,
  ]);
  const seen = new Set<string>();
  const distinct = rows.filter((row) => !seen.has(row.join()) && seen.add(row.join()));
  return [
    "",
    "Not in the sums (+):",
    "",
    table(["component", "what", "why"], distinct, Math.max(width, 100)),
  ];
}

function changes(effects: readonly Effect[], width: number): string {
  const known = effects.filter(
    ({ change }) =>
      change &&
      (Math.abs(change.rest) >= 0.005 ||
        Math.abs(change.full) >= 0.005 ||
        change.unknownMore.length > 0 ||
        change.unknownLess.length > 0),
  );
  const rows = known.map(({ set, change }) => [
    // What comes without a price could be more than what goes.
    change?.unknownMore.length ? "unknown" : signed(change?.rest ?? 0),
    change?.unknownMore.length ? "unknown" : signed(change?.full ?? 0),
    [
      Object.entries(set)
        .map(([path, value]) => `${path}: ${value === undefined ? "none" : JSON.stringify(value)}`)
        .join(", "),
      ...(change?.unknownMore.length ? [`(without a price: ${change.unknownMore.join(", ")})`] : []),
      ...(change?.unknownLess.length ? [`(gone, without a price: ${change.unknownLess.join(", ")})`] : []),
    ].join(" "),
  ]);
  const refused = effects.filter(({ refused }) => refused !== undefined).length;
  return [
    "What a setting changes, USD a month:",
    "",
    table(["at rest", "at full scale", "setting"], rows, Math.max(width, 100)),
    ...(refused > 0
      ? ["", `${refused} others that were tried don't go with the rest of the settings; --json says why.`]
      : []),
  ].join("\n");
}

function dates({ lines }: Cost): string {
  const days = [...new Set(lines.flatMap(({ price }) => (price ? [price.date] : [])))].sort();
  return days.length > 1 ? `${days[0]} to ${days.at(-1)}` : (days[0] ?? "no day");
}

const money = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plus = (usd: number, open: boolean) => `${money.format(usd)}${open ? " +" : ""}`;
const signed = (usd: number) =>
  Math.abs(usd) < 0.005 ? "0" : `${usd > 0 ? "+" : "-"}${money.format(Math.abs(usd))}`;
