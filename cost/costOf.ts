import type { Charge, ChargeContext } from "./charge.ts";
import { chargesOf } from "./charges/index.ts";
import type { Price, Unit } from "./prices.ts";
import type { Resource } from "./resource.ts";

/** A month's cost of one thing, in USD. */
export interface Line {
  /** The component, as "AksWithGpuPool aks". */
  component: string;
  resource: string;
  /** What is charged for. */
  what: string;
  note?: string;
  unit: Unit;
  quantity: Charge["quantity"];
  price?: Price;
  /** USD a month; undefined where price or quantity isn't known. */
  monthly: { rest?: number; full?: number };
  /** Why a figure is missing. */
  unknown?: string;
}

/** What a list of resources costs. */
export interface Cost {
  region: string;
  hours: number;
  lines: Line[];
  /** What is known of it, in USD a month. */
  total: { rest: number; full: number };
}

/**
 * What resources cost in a month. What has no price stays out of the sums and says so.
 *
 * @param region where a resource has no location of its own
 */
export function costOf(resources: readonly Resource[], region: string, context: ChargeContext): Cost {
  const lines = resources.flatMap((resource) => linesOf(resource, regionOf(resource, region), context));
  const sum = (at: "rest" | "full") => lines.reduce((total, line) => total + (line.monthly[at] ?? 0), 0);
  return { region, hours: context.hours, lines, total: { rest: sum("rest"), full: sum("full") } };
}

/** How much more the second costs a month than the first, as far as both are known; and what is unknown of only one. */
export function difference(before: Cost, after: Cost) {
  const unknown = ({ lines }: Cost) => new Set(lines.filter((line) => line.unknown).map(({ what }) => what));
  const [were, are] = [unknown(before), unknown(after)];
  return {
    rest: after.total.rest - before.total.rest,
    full: after.total.full - before.total.full,
    /** What comes that has no price. */
    unknownMore: [...are].filter((what) => !were.has(what)),
    /** What goes that had no price. */
    unknownLess: [...were].filter((what) => !are.has(what)),
  };
}

function linesOf(resource: Resource, region: string, context: ChargeContext): Line[] {
  const { component, name } = resource;
  const charges = chargesOf(resource.type);
  if (charges === "free") return [];
  if (charges === undefined) {
    const unknown = `nobody has said what ${resource.type} costs`;
    return [
      { component, resource: name, what: resource.type, unit: "month", quantity: {}, monthly: {}, unknown },
    ];
  }
  return charges(resource, context).map(({ meter, quantity, note }) => {
    const found = meter.price(region);
    const price = typeof found === "string" ? undefined : found;
    const { words: what, unit } = meter;
    const line = { component, resource: name, what, note, unit, quantity };
    if (price === undefined) return { ...line, monthly: {}, unknown: found as string };
    const { usd } = price;
    const monthly = {
      rest: quantity.rest === undefined ? undefined : quantity.rest * usd,
      full: quantity.full === undefined ? undefined : quantity.full * usd,
    };
    const depends = quantity.rest === undefined || quantity.full === undefined;
    return { ...line, price, monthly, ...(depends && { unknown: `depends on use: ${usd} USD a ${unit}` }) };
  });
}

function regionOf({ inputs }: Resource, otherwise: string): string {
  const { location } = inputs as { location?: string };
  // Azure writes regions as "East US", too.
  return location && location !== "global" ? location.toLowerCase().replaceAll(" ", "") : otherwise;
}
