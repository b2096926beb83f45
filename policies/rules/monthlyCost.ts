import type { ChargeContext } from "../../cost/charge.ts";
import { chargesOf } from "../../cost/charges/index.ts";
import { costOf, type Line } from "../../cost/costOf.ts";
import { pricesWith } from "../../cost/prices.ts";
import { withComponents } from "../../cost/resource.ts";
import { isAgentPool, isCluster } from "../lib/azure.ts";
import { glob } from "../lib/glob.ts";
import { inOrder } from "../lib/objects.ts";
import { type StackPool, stackPools } from "../lib/stackPools.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { hiddenReads } from "./monthlyCost/hiddenReads.ts";
import { type PricedResource, priced, withoutUnknown } from "./monthlyCost/priced.ts";
import { isMissing, notInIt, withPrices } from "./monthlyCost/prices.ts";

/** Configuration of `monthly-cost`. */
export interface MonthlyCostConfig {
  /** The most that the stack may cost a month at full scale, in USD. @default 5000 */
  ceiling: number;
  /** USD an hour of VM sizes, which come before the table's. @default {} */
  vmPrices: Record<string, number>;
  /** USD a unit of other meters by their words, or a month of types that have no meter. @default {} */
  prices: Record<string, number>;
  /** Meters, by their words, and types that may be without a price; `*` for any characters. */
  unpriced: string[];
}

const HOURS = 730;

/** The stack costs no more than was agreed, with every pool at its maximum. */
export const monthlyCost = stackRule<MonthlyCostConfig>({
  name: "monthly-cost",
  displayName: "Monthly cost within the ceiling",
  severity: "high",
  demands:
    "At full scale the stack's list prices come to no more than the ceiling, and all that is charged by time has a " +
    "price. What depends on use alone is not in it.",
  why:
    "What may be spent is decided once, before it is; a maxCount with a digit too many is otherwise found on the " +
    "invoice.",
  fix:
    "Lower maxCount or take another VM size; or raise ceiling in the configuration, where somebody reviews it. Sizes " +
    "without a price get one in vmPrices, all else in prices, or is accepted in unpriced.",
  config: {
    ceiling: {
      type: "number",
      minimum: 0,
      default: 5000,
      description: "The most that the stack may cost a month of 730 hours at full scale, in USD.",
    },
    vmPrices: {
      type: "object",
      additionalProperties: { type: "number", minimum: 0 },
      default: {},
      description: "USD an hour of VM sizes that the table doesn't have, or that cost you something else.",
    },
    prices: {
      type: "object",
      additionalProperties: { type: "number", minimum: 0 },
      default: {},
      description:
        "USD of what the table has no price for: a unit of a meter, by its words as violations and `npm run cost` " +
        "have them, or a month of a Pulumi type.",
    },
    unpriced: {
      type: "array",
      items: { type: "string", pattern: "[^* ]" },
      default: ["* SSD *GiB", "Azure Files, standard, used", "Azure Backup*", "managed Grafana*"],
      description:
        "What may be without a price: words of meters, or Pulumi types; * stands for any characters. By default what " +
        "the table lists without one and is small: disks of up to 512 GiB, standard shares, backup and Grafana.",
    },
  },
  check(resources, { ceiling, vmPrices, prices: given, unpriced }, found) {
    const { pools, hidden } = stackPools(resources);
    for (const [value, resource] of hidden) found.unknown(value, resource);
    const known = pools.map((pool) => checkKnown(pool, found)).every(Boolean) && hidden.length === 0;
    checkLimited(resources, found);
    const charged = priced(inOrder(resources), pools).filter(({ type }) => chargesOf(type) !== "free");
    const region = regionOf(resources);
    if (region === undefined) return sayNoRegion(charged, found);
    const vms = Object.fromEntries(Object.entries(vmPrices).map(([size, usd]) => [size, { [region]: usd }]));
    const source = "configuration of monthly-cost";
    const own = { currency: "USD" as const, date: "", source, meters: {}, vms };
    const context = { prices: withPrices(pricesWith(own), given), hours: HOURS };
    for (const pool of pools) {
      checkPrice(pool, context.prices.vm(String(dig(pool.fields, "vmSize"))).price(region), found);
    }
    const lines = charged.flatMap((each) => linesOf(each, region, context, given, found));
    for (const { line, of, pooled } of lines) {
      if (pooled || !isMissing(line) || unpriced.some((each) => glob(each).test(line.what))) continue;
      const what = line.what === of.type ? "" : `${line.what}: `;
      found.violation(`What ${of.name} costs isn't known: ${what}${line.unknown}.`, of);
    }
    const total = lines.reduce((sum, { line }) => sum + (line.monthly.full ?? 0), 0);
    if (total <= ceiling) return;
    const [dearest] = lines.toSorted((a, b) => (b.line.monthly.full ?? 0) - (a.line.monthly.full ?? 0));
    const days = lines.flatMap(({ line: { price } }) => (price?.date ? [price.date] : [])).sort();
    found.violation(
      `The stack costs ${usd(total)} USD a month at full scale${known ? "" : " and more"}, the ceiling is ` +
        `${usd(ceiling)}; most of it is ${dearest?.line.what} of ${dearest?.line.resource}, ` +
        `${usd(dearest?.line.monthly.full ?? 0)} (list prices of ${days[0] ?? "the configuration"} to ` +
        `${days.at(-1) ?? "today"}${notInIt(lines.map(({ line }) => line))}).`,
      dearest?.of,
    );
  },
});

interface ToldLine {
  line: Line;
  of: StackResource;
  /** Whether it is a machine of a pool, whose price is asked for by pool. */
  pooled: boolean;
}

/** What one resource costs, and what of it can't be seen. */
function linesOf(
  { of, type, inputs }: PricedResource,
  region: string,
  context: ChargeContext,
  given: Record<string, number>,
  found: StackFindings,
): ToldLine[] {
  const as = (fields: unknown) =>
    withComponents([{ type, urn: of.urn, inputs: fields as Record<string, unknown> }]);
  const charges = chargesOf(type);
  if (typeof charges === "function") {
    const [resource] = as({});
    const hidden = resource && hiddenReads({ ...resource, inputs }, charges, context);
    for (const value of hidden ?? []) found.unknown(value, of);
  }
  const pool = isCluster(type) || isAgentPool(type);
  return costOf(as(withoutUnknown(inputs)), region, context).lines.map((line) => {
    const usd = line.what === type ? given[type] : undefined;
    const told = usd === undefined ? line : { ...line, monthly: { full: usd } };
    return { line: told, of, pooled: pool && line.what.startsWith("virtual machine") };
  });
}

/** Whether what a pool costs can be seen; what can't is told. */
function checkKnown({ fields, resource }: StackPool, found: StackFindings): boolean {
  const values = ["vmSize", "maxCount", "count", "enableAutoScaling"].map((key) => dig(fields, key));
  const hidden = values.filter((value) => value instanceof Unknown);
  for (const value of hidden) found.unknown(value, resource);
  return hidden.length === 0;
}

function checkPrice(pool: StackPool, price: unknown, found: StackFindings) {
  const vmSize = dig(pool.fields, "vmSize");
  if (vmSize instanceof Unknown || typeof price !== "string") return;
  found.violation(
    `What ${pool.label} costs isn't known: ${vmSize ?? "no VM size"} has ${price}.`,
    pool.resource,
  );
}

/** Nodes that a cluster makes as it likes have no most. */
function checkLimited(resources: readonly StackResource[], found: StackFindings) {
  for (const each of resources.filter(({ type }) => isCluster(type))) {
    const mode = dig(each.props, "nodeProvisioningProfile", "mode");
    if (mode instanceof Unknown) found.unknown(mode, each);
    else if (mode === "Auto") {
      found.violation(
        `What ${each.name} costs has no limit: it makes nodes by itself (nodeProvisioningProfile.mode is Auto).`,
        each,
      );
    }
  }
}

/** What stands in a cluster without any of Azure's resources is charged to whoever has the cluster. */
function sayNoRegion(charged: readonly PricedResource[], found: StackFindings) {
  const places = charged.flatMap(({ of, inputs }) => {
    const place = dig(inputs, "location");
    return place instanceof Unknown ? [{ place, of }] : [];
  });
  for (const { place, of } of places) found.unknown(place, of);
  const [first] = charged.filter(({ type }) => type.startsWith("azure"));
  if (first === undefined || places.length > 0) return;
  found.violation("Nothing says which region's prices hold (no location).", first.of);
}

function regionOf(resources: readonly StackResource[]): string | undefined {
  const cluster = resources.find(({ type }) => isCluster(type));
  const places = [cluster, ...inOrder(resources)].map((each) => dig(each?.props, "location"));
  const place = places.find((each) => typeof each === "string" && each !== "global");
  return typeof place === "string" ? place.toLowerCase().replaceAll(" ", "") : undefined;
}

const usd = (amount: number) => amount.toLocaleString("en-US", { maximumFractionDigits: 0 });
