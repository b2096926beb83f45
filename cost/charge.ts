import type { Meter, Prices } from "./prices.ts";
import type { Resource } from "./resource.ts";

/** How much of something a month takes, in the meter's unit; undefined where it depends on what people do. */
export interface Quantity {
  /** With every pool and autoscaler at its least. */
  rest?: number;
  /** With every pool and autoscaler at its most. */
  full?: number;
}

/** One thing that a resource is charged for. */
export interface Charge {
  meter: Meter;
  quantity: Quantity;
  /** What the quantity is made of, for people: "2 to 3 nodes". */
  note?: string;
}

/** What charges need to know besides the resource. */
export interface ChargeContext {
  prices: Prices;
  /** Hours of a month. */
  hours: number;
  /** GB of logs a day, if somebody has said so. */
  logsGbPerDay?: number;
  /** Prometheus samples a second, if somebody has said so. */
  samplesPerSecond?: number;
}

/** What a type of resources is charged for. */
export type Charges = (resource: Resource, context: ChargeContext) => Charge[];

/** A value inside a resource's inputs, by its path with dots. */
export function input(resource: Resource, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      resource.inputs,
    );
}

/** The same, where a text is expected. */
export function textOf(resource: Resource, path: string): string | undefined {
  const value = input(resource, path);
  return typeof value === "string" ? value : undefined;
}

/** Something that is there all the time. */
export function always(meter: Meter, hours: number, count = 1): Charge {
  const each = { hour: hours, day: hours / 24, month: hours / 730 }[meter.unit as "hour"];
  if (each === undefined) throw new Error(`${meter.words} isn't charged by time`);
  return { meter, quantity: { rest: each * count, full: each * count } };
}
