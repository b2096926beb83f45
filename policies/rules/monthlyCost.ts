import { costOf } from "../../cost/costOf.ts";
import { pricesWith } from "../../cost/prices.ts";
import { withComponents } from "../../cost/resource.ts";
import { isAgentPool, isCluster } from "../lib/azure.ts";
import { type StackPool, stackPools } from "../lib/stackPools.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, isRecord, Unknown } from "../lib/unknown.ts";

/** Configuration of `monthly-cost`. */
export interface MonthlyCostConfig {
  /** The most that the stack may cost a month at full scale, in USD. @default 5000 */
  ceiling: number;
  /** USD an hour of VM sizes, which come before the table's. @default {} */
  vmPrices: Record<string, number>;
}

const HOURS = 730;

/** The stack costs no more than was agreed, with every pool at its maximum. */
export const monthlyCost = stackRule<MonthlyCostConfig>({
  name: "monthly-cost",
  displayName: "Monthly cost within the ceiling",
  severity: "high",
  demands:
    "At full scale the stack's list prices come to no more than the ceiling, and each VM size has a price.",
  why:
    "What may be spent is decided once, before it is; a maxCount with a digit too many is otherwise found on the " +
    "invoice.",
  fix:
    "Lower maxCount or take another VM size; or raise ceiling in the configuration, where somebody reviews it. Sizes " +
    "without a price get one in vmPrices.",
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
  },
  check(resources, { ceiling, vmPrices }, found) {
    const { pools, hidden } = stackPools(resources);
    for (const [value, resource] of hidden) found.unknown(value, resource);
    const known = pools.map((pool) => checkKnown(pool, found)).every(Boolean) && hidden.length === 0;
    const region = regionOf(resources);
    if (region === undefined) {
      if (pools[0])
        found.violation("Nothing says which region's prices hold (no location).", pools[0].resource);
      return;
    }
    const vms = Object.fromEntries(Object.entries(vmPrices).map(([size, usd]) => [size, { [region]: usd }]));
    const own = {
      currency: "USD" as const,
      date: "",
      source: "configuration of monthly-cost",
      meters: {},
      vms,
    };
    const prices = pricesWith(own);
    const cost = costOf(priced(resources, pools), region, { prices, hours: HOURS });
    for (const pool of pools)
      checkPrice(pool, prices.vm(String(dig(pool.fields, "vmSize"))).price(region), found);
    if (cost.total.full <= ceiling) return;
    const [dearest] = [...cost.lines].sort((a, b) => (b.monthly.full ?? 0) - (a.monthly.full ?? 0));
    const at = resources.find(({ urn }) => urn.endsWith(`::${dearest?.resource}`));
    const days = cost.lines.flatMap(({ price }) => (price?.date ? [price.date] : [])).sort();
    found.violation(
      `The stack costs ${usd(cost.total.full)} USD a month at full scale${known ? "" : " and more"}, the ceiling is ` +
        `${usd(ceiling)}; most of it is ${dearest?.what} of ${dearest?.resource}, ${usd(dearest?.monthly.full ?? 0)} ` +
        `(list prices of ${days[0]} to ${days.at(-1)}${unpriced(cost.lines)}).`,
      at,
    );
  },
});

function unpriced(lines: readonly { what: string; monthly: { full?: number } }[]): string {
  const without = [
    ...new Set(lines.filter(({ monthly }) => monthly.full === undefined).map(({ what }) => what)),
  ];
  return without.length > 0 ? `; not in it: ${without.join(", ")}` : "";
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

/**
 * The resources as they are charged at most: each pool once, and spot, whose price changes by the day and has the
 * regular one as its limit, as regular.
 */
function priced(resources: readonly StackResource[], pools: readonly StackPool[]) {
  const once = new Set(pools.map(({ fields }) => fields));
  const made = pools.filter(({ resource }) => !isCluster(resource.type) && !isAgentPool(resource.type));
  const nodes = made.map(({ fields, name, resource: { urn, parent } }) => {
    const inputs = { ...(withoutUnknown(fields) as object), name };
    return { type: "azure-native:containerservice:AgentPool", urn, parent, inputs };
  });
  return withComponents([
    ...nodes,
    ...resources.map(({ type, urn, parent, props }) => {
      const inputs = withoutUnknown(isRecord(props) ? props : {}) as Record<string, unknown>;
      const listed = dig(props, "agentPoolProfiles");
      if (!isCluster(type) || !Array.isArray(listed)) return { type, urn, parent, inputs: regular(inputs) };
      const own = listed
        .filter((each) => once.has(each))
        .map((each) => regular(withoutUnknown(each) as object));
      return { type, urn, parent, inputs: { ...inputs, agentPoolProfiles: own } };
    }),
  ]);
}

function regular(fields: object): Record<string, unknown> {
  return { ...fields, scaleSetPriority: undefined };
}

function withoutUnknown(value: unknown): unknown {
  if (value instanceof Unknown) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutUnknown(each)]));
}

function regionOf(resources: readonly StackResource[]): string | undefined {
  const cluster = resources.find(({ type }) => isCluster(type));
  const places = [cluster, ...resources].map((each) => dig(each?.props, "location"));
  const place = places.find((each) => typeof each === "string" && each !== "global");
  return typeof place === "string" ? place.toLowerCase().replaceAll(" ", "") : undefined;
}

const usd = (amount: number) => amount.toLocaleString("en-US", { maximumFractionDigits: 0 });
