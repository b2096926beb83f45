import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { type DecisionLog, engineLog } from "../dynamic/engineLog.ts";
import { lateModule } from "../dynamic/lateModule.ts";
import type { AzureSource } from "./azure.ts";
import { decide } from "./decide.ts";
import type { Previous } from "./held.ts";
import { type Problem, parseArgs } from "./request.ts";

/** What the engine passes instead of a value that is not known yet, whatever its type. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Props = Readonly<Record<string, unknown>>;

/** What a check asks and tells; exchanged in tests. */
export interface Surroundings {
  azure: AzureSource;
  log: DecisionLog;
}

// One for the life of the provider's process, which is one preview or one update.
let azureAndEngine: Surroundings | undefined;

/**
 * Decides. The engine calls this in previews too and takes the returned inputs for outputs, so the
 * choice shows before anything is made.
 *
 * As long as something that the choice depends on is unknown, the outputs are unknown too, and
 * the check of the `up` that follows decides. An unknown cluster id alone doesn't hold up the first
 * choice: it means that there is no cluster yet.
 */
export async function check(olds: Props, news: Props, around?: Surroundings): Promise<dynamic.CheckResult> {
  const inputs = withoutNothing(news);
  const previous = previousOf(withoutNothing(olds), inputs);
  if (inputs["clusterId"] === unknownValue && !previous) {
    delete inputs["clusterId"];
  }
  if (hasUnknown(inputs["otherLocations"])) {
    delete inputs["otherLocations"];
  }
  if (hasUnknown(inputs)) {
    const undecided = { vmSizes: unknownValue, verified: unknownValue, verdicts: unknownValue };
    return { inputs: { ...news, ...undecided } };
  }
  const parsed = parseArgs(inputs);
  if (parsed.problems) {
    return { inputs: news, failures: toFailures(parsed.problems) };
  }
  const { azure, log } = around ?? surroundings();
  const outcome = await decide(parsed.args, previous, azure, log);
  return outcome.problems
    ? { inputs: news, failures: toFailures(outcome.problems) }
    : { inputs: { ...news, ...outcome.decision } };
}

/** Compares all that the state holds; `check` returns a kept choice unchanged, so equal means equal. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
}

/** Nothing to make: `check` has decided, and the inputs carry the decision. */
export async function create(inputs: Props): Promise<dynamic.CreateResult> {
  return { id: "vm-sku-selection", outs: { ...inputs } };
}

/** A refresh changes nothing: only `check` judges, and it does so in every preview and update. */
export async function read(id: string, props: Props): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}

/** Returns the whole state: what is left out here would be lost. */
export async function update(_id: string, _olds: Props, news: Props): Promise<dynamic.UpdateResult> {
  return { outs: { ...news } };
}

// The Azure SDKs take a second to load, and only a check needs them.
function surroundings(): Surroundings {
  if (!azureAndEngine) {
    const { azureSource } = lateModule<typeof import("./azure.ts")>(import.meta.url, "./azure");
    azureAndEngine = { azure: azureSource(), log: engineLog() };
  }
  return azureAndEngine;
}

/** The state's choice, unless it was made for another place, where it means nothing. */
function previousOf(olds: Props, news: Props): Previous | undefined {
  const samePlace = ["subscriptionId", "location"].every((key) => olds[key] === news[key]);
  return samePlace && olds["vmSizes"] && !hasUnknown(olds["vmSizes"])
    ? (olds as unknown as Previous)
    : undefined;
}

// Not as a property of the failure: the engine can't look into one and would print a nil value.
function toFailures(problems: readonly Problem[]): dynamic.CheckFailure[] {
  return problems.map(({ property, reason }) => ({ property: "", reason: `${property}: ${reason}` }));
}

function hasUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).some(hasUnknown)
    : value === unknownValue;
}

function comparable(props: Props): Props {
  const { __provider, ...rest } = withoutNothing(props);
  return rest;
}

// An argument that is not set arrives as null or not at all, at any depth.
function withoutNothing(props: Props): Record<string, unknown> {
  return JSON.parse(JSON.stringify(props, (_, value) => value ?? undefined));
}
