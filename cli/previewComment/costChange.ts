import { costOf, difference } from "../../cost/costOf.ts";
import { pricesWith } from "../../cost/prices.ts";
import { type Registered, withComponents } from "../../cost/resource.ts";
import type { State, Step } from "./steps.ts";

/** Hours of a month, as in `mcpaas cost`. */
const HOURS = 730;

/** What a change does to a month's cost, in USD, by list prices. */
export interface CostChange {
  region: string;
  before: { rest: number; full: number };
  after: { rest: number; full: number };
  change: { rest: number; full: number };
  /** What comes and goes that has no price in the table. */
  unknownMore: string[];
  unknownLess: string[];
}

/** What a preview does to the bill; undefined when nothing in it says its region, or it is a refresh alone. */
export function costChangeOf(steps: readonly Step[]): CostChange | undefined {
  // Azure lists a cluster's pools in the cluster, too; with the program's own inputs they would count twice.
  if (steps.some(({ op }) => op.startsWith("refresh-"))) return undefined;
  const [before, after] = [statesOf(steps, "old"), statesOf(steps, "new")];
  const region = regionOf(after) ?? regionOf(before);
  if (region === undefined) return undefined;
  const context = { prices: pricesWith(), hours: HOURS };
  const was = costOf(withComponents(before), regionOf(before) ?? region, context);
  const is = costOf(withComponents(after), region, context);
  const { rest, full, unknownMore, unknownLess } = difference(was, is);
  return { region, before: was.total, after: is.total, change: { rest, full }, unknownMore, unknownLess };
}

/** The resources that there are before or after. */
function statesOf(steps: readonly Step[], side: "old" | "new"): Registered[] {
  const states = new Map<string, State>();
  for (const step of steps) {
    const state = step[side];
    const gone = side === "new" && step.op.includes("delete");
    if (state && !gone && !state.delete) states.set(state.urn, state);
  }
  return [...states.values()];
}

function regionOf(resources: readonly Registered[]): string | undefined {
  const located = (each: Registered) => each.inputs?.["location"];
  const cluster = resources.find(({ type }) => type === "azure-native:containerservice:ManagedCluster");
  const region = [cluster, ...resources]
    .flatMap((each) => (each ? [located(each)] : []))
    .find((each) => typeof each === "string" && each !== "global" && !/^[0-9a-f-]{36}$/.test(each));
  return typeof region === "string" ? region.toLowerCase().replaceAll(" ", "") : undefined;
}
