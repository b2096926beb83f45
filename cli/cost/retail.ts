import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Prices, Retail } from "../../cost/prices.ts";
import { exitCodes, UserError } from "../userError.ts";

/**
 * An entry of Azure's public price list, as far as it is read.
 * Source: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices
 */
const item = z.object({
  currencyCode: z.string(),
  retailPrice: z.number(),
  tierMinimumUnits: z.number().default(0),
  armRegionName: z.string(),
  armSkuName: z.string().default(""),
  productName: z.string(),
  skuName: z.string(),
  serviceName: z.string(),
  meterName: z.string(),
  type: z.string(),
});
const page = z.object({ Items: z.array(item), NextPageLink: z.string().nullish() });
type Item = z.infer<typeof item>;

/** A table that `mcpaas cost --prices` lays over the project's. */
export interface OwnTable {
  currency: "USD";
  date: string;
  source: string;
  meters: Record<string, Record<string, number>>;
  vms: Record<string, Record<string, number>>;
}

/**
 * Makes a table of prices from pages of Azure's public price list.
 *
 * @param day on which they were fetched, as year-month-day
 * @throws {UserError} when a file is no such page, has another currency, or none of them has a price that is used
 */
export async function tableOf(files: readonly string[], day: string, prices: Prices): Promise<OwnTable> {
  const items = (await Promise.all(files.map(itemsOf))).flat();
  const used = items.filter(({ type }) => type === "Consumption");
  const table: OwnTable = {
    currency: "USD",
    date: day,
    source: "Azure Retail Prices API",
    meters: {},
    vms: {},
  };
  for (const each of used) {
    if (each.serviceName === "Virtual Machines") {
      const key = vmKey(each);
      if (key) put(table.vms, key, each);
      continue;
    }
    for (const id of prices.meterIds) if (isFor(each, prices.meter(id).retail)) put(table.meters, id, each);
  }
  if (Object.keys(table.meters).length + Object.keys(table.vms).length === 0) {
    throw new UserError("no price in these pages is one that a stack is charged by", exitCodes.usage);
  }
  return table;
}

/** Linux on demand by its size, spot with " spot" after it. */
function vmKey({ productName, skuName, armSkuName }: Item): string | undefined {
  if (!armSkuName || /windows/i.test(productName) || /low priority/i.test(skuName)) return undefined;
  return /spot/i.test(skuName) ? `${armSkuName} spot` : armSkuName;
}

function isFor(found: Item, { serviceName, skuName, meterName }: Retail): boolean {
  return (
    found.serviceName === serviceName &&
    meterName !== undefined &&
    found.meterName === meterName &&
    (skuName === undefined || found.skuName === skuName)
  );
}

/** The dearest tier counts: the first units of some meters are free, and what is beyond them costs. */
function put(
  into: Record<string, Record<string, number>>,
  key: string,
  { armRegionName, retailPrice }: Item,
): void {
  if (armRegionName === "") return;
  into[key] ??= {};
  const own = into[key];
  const region = armRegionName.toLowerCase();
  own[region] = Math.max(own[region] ?? 0, retailPrice);
}

async function itemsOf(file: string): Promise<Item[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} can't be read: ${(error as Error).message}`, exitCodes.usage);
  }
  const { data } = page.safeParse(content);
  if (data === undefined) throw new UserError(`${file} is no page of Azure's price list`, exitCodes.usage);
  const other = data.Items.find(({ currencyCode }) => currencyCode !== "USD");
  if (other) throw new UserError(`${file} has prices in ${other.currencyCode}; ask for USD`, exitCodes.usage);
  return data.Items;
}
