import type { ChargeContext } from "../../../cost/charge.ts";
import type { Line } from "../../../cost/costOf.ts";

/** Prices of one's own before the table's; and where it has none for the region, the dearest of other regions. */
export function withPrices(
  prices: ChargeContext["prices"],
  given: Record<string, number>,
): ChargeContext["prices"] {
  return {
    ...prices,
    meter(id) {
      const meter = prices.meter(id);
      const usd = given[meter.words];
      const own = usd === undefined ? undefined : { usd, date: "", source: "configuration of monthly-cost" };
      return {
        ...meter,
        price(region) {
          const listed = meter.price(region);
          return own ?? (typeof listed === "string" ? (meter.dearest ?? listed) : listed);
        },
      };
    },
  };
}

/** Whether a line has no figure though it isn't use that decides it. */
export function isMissing({ monthly, quantity, price, what }: Line): boolean {
  if (monthly.full !== undefined) return false;
  return what.startsWith("azure") || (quantity.full !== undefined && price === undefined);
}

/** What a sum leaves out, for people. */
export function notInIt(lines: readonly Line[]): string {
  const without = [
    ...new Set(lines.filter(({ monthly }) => monthly.full === undefined).map(({ what }) => what)),
  ];
  return without.length > 0 ? `; not in it: ${without.join(", ")}` : "";
}
