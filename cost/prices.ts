import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** What Azure's public price list calls something: the fields that its entries are found by. */
const retail = z.strictObject({
  serviceName: z.string(),
  skuName: z.string().optional(),
  meterName: z.string().optional(),
});

const usd = z.record(z.string().regex(/^[a-z0-9]+$/), z.number().min(0));

const meter = z.strictObject({
  words: z.string(),
  unit: z.enum(["hour", "day", "month", "GB", "GB month", "10 million", "step"]),
  retail,
  usd: usd.optional(),
  date: z.string().optional(),
  source: z.string().optional(),
});

const table = z.strictObject({
  currency: z.literal("USD"),
  meters: z.record(z.string(), meter),
});

/** A table of one's own, laid over the project's: other prices, negotiated ones, or ones that are missing. */
export const ownTable = z.strictObject({
  currency: z.literal("USD"),
  date: z.string(),
  source: z.string(),
  meters: z.record(z.string(), usd).default({}),
  /** USD an hour, by region, by VM size; spot by size with " spot" after it. */
  vms: z.record(z.string(), usd).default({}),
});

export type OwnTable = z.infer<typeof ownTable>;
export type Unit = z.infer<typeof meter>["unit"];
/** What a price is found by in Azure's public list. */
export type Retail = z.infer<typeof retail>;

/** A price, and how old it is. */
export interface Price {
  /** USD a unit. */
  usd: number;
  /** The day of the figure, as year-month-day. */
  date: string;
  source: string;
}

/** A meter: what is charged for, in which unit, and what it costs where. */
export interface Meter {
  words: string;
  unit: Unit;
  retail: Retail;
  /** The price in a region, or why there is none. */
  price(region: string): Price | string;
  /** The highest price that any region has; undefined where none is known. */
  dearest?: Price & { region: string };
}

/** The prices that are known. */
export interface Prices {
  meterIds: string[];
  /** @throws {Error} when the table has no such meter: a mistake of the program */
  meter(id: string): Meter;
  /** A Linux virtual machine of that size, by the hour. */
  vm(size: string, options?: { spot?: boolean }): Meter;
}

/** Day and source of vm-linux.csv. */
const VM_TABLE = {
  date: "2025-05-16",
  source: "price data of github.com/Azure/karpenter-provider-azure v1.5.1",
};

/**
 * Reads the project's tables, and lays one's own over them.
 *
 * @throws {Error} when a table that comes with the project has another form: a mistake of the project
 */
export function pricesWith(mine?: OwnTable): Prices {
  const folder = new URL("prices/", import.meta.url);
  const { meters } = table.parse(parse(readFileSync(new URL("meters.yaml", folder), "utf8")));
  const vms = vmTable(readFileSync(new URL("vm-linux.csv", folder), "utf8"));
  const stamp = mine && { date: mine.date, source: mine.source };

  const meterOf = (
    { words, unit, retail }: Pick<Meter, "words" | "unit" | "retail">,
    given: Record<string, number>,
    from: { date: string; source: string },
    over: Record<string, number> | undefined,
  ): Meter => ({
    words,
    unit,
    retail,
    dearest: Object.entries({ ...given, ...over })
      .map(([region, usd]) => ({ region, usd, ...(over?.[region] !== undefined && stamp ? stamp : from) }))
      .sort((a, b) => b.usd - a.usd)[0],
    price(region) {
      if (over?.[region] !== undefined && stamp) return { usd: over[region], ...stamp };
      if (given[region] !== undefined) return { usd: given[region], ...from };
      const elsewhere = Object.entries({ ...given, ...over })[0];
      return elsewhere
        ? `no price for ${region} (${elsewhere[0]}: ${elsewhere[1]} USD a ${unit})`
        : "no price in the table";
    },
  });
  return {
    meterIds: Object.keys(meters),
    meter(id) {
      const found = meters[id];
      if (found === undefined) throw new Error(`no meter is called ${id}`);
      const { date = "", source = "" } = found;
      return meterOf(found, found.usd ?? {}, { date, source }, mine?.meters[id]);
    },
    vm(size, { spot = false } = {}) {
      const key = spot ? `${size} spot` : size;
      const words = `virtual machine ${key}`;
      const retail = {
        serviceName: "Virtual Machines",
        skuName: size.replace(/^Standard_/, "").replaceAll("_", " "),
      };
      // Spot prices change by the day: none is in the project's table.
      const given = spot ? {} : Object.fromEntries(vms.get(size.toLowerCase()) ?? []);
      return meterOf({ words, unit: "hour", retail }, given, VM_TABLE, mine?.vms[key]);
    },
  };
}

/** Prices by region, by VM size in lower case, from a table with a column for each region. */
function vmTable(csv: string): Map<string, Map<string, number>> {
  const [head = "", ...lines] = csv.trim().split("\n");
  const [, ...regions] = head.split(",");
  return new Map(
    lines.map((line) => {
      const [size = "", ...cells] = line.split(",");
      const prices = regions.flatMap((region, i): [string, number][] =>
        cells[i] ? [[region, Number(cells[i])]] : [],
      );
      return [size.toLowerCase(), new Map(prices)];
    }),
  );
}
