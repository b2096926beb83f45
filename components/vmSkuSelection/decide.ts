import type { DecisionLog } from "../dynamic/engineLog.ts";
import { type AzureUnavailableError, classify } from "./armErrors.ts";
import type { AzureSource } from "./azure.ts";
import type { RegionFacts } from "./facts.ts";
import type { PoolPlan, Previous } from "./held.ts";
import { type PlanRequest, planPools, planUnverified } from "./plan.ts";
import type { OwnPool } from "./quota.ts";
import { decisionText, failureText } from "./report.ts";
import type { Problem, SelectionArgs } from "./request.ts";
import type { SkuVerdict } from "./types.ts";

/** The outcome for all pools, in the form that the state holds. */
export interface Decision {
  vmSizes: Record<string, string>;
  verified: boolean;
  verdicts: Record<string, SkuVerdict[]>;
}

type Outcome = { decision: Decision; problems?: undefined } | { problems: Problem[] };

/** Asks Azure, chooses for every pool and logs the choice with its reasons. */
export async function decide(
  args: SelectionArgs,
  previous: Previous | undefined,
  azure: AzureSource,
  log: DecisionLog,
): Promise<Outcome> {
  const request: PlanRequest = {
    pools: args.pools,
    order: args.poolOrder,
    reselect: args.reselect,
    previous,
  };
  let answers: [RegionFacts, OwnPool[] | undefined];
  try {
    answers = await Promise.all([
      azure.region(args.subscriptionId, args.location),
      args.clusterId ? azure.ownPools(args.clusterId) : undefined,
    ]);
  } catch (error) {
    const cause = classify(error);
    // Conclusive: no VM size can run in a region that doesn't exist.
    return cause.problem === "no-such-region"
      ? { problems: [{ property: "location", reason: `${args.location}: ${cause.message}` }] }
      : decideUnverified(args, request, cause, log);
  }
  return decideByQuota(args, request, answers, azure, log);
}

async function decideByQuota(
  args: SelectionArgs,
  request: PlanRequest,
  [region, own]: [RegionFacts, OwnPool[] | undefined],
  azure: AzureSource,
  log: DecisionLog,
): Promise<Outcome> {
  const plans = planPools(request, region, own);
  const failed = plans.filter(({ vmSize }) => !vmSize);
  if (failed.length > 0) {
    const elsewhere = await otherRegions(args, azure);
    return {
      problems: failed.map((plan) => ({
        property: `pools.${plan.pool}`,
        reason: failureText(plan, request.pools[plan.pool] ?? { maxCount: 1 }, region, elsewhere),
      })),
    };
  }
  const unsure = plans.find(({ verified }) => !verified);
  if (unsure && args.strict) {
    return strictProblem(unsure, "Azure reports no quota for it");
  }
  for (const { pool, warning } of plans) {
    if (warning) {
      await log.warn(`pool ${pool}: ${warning}`);
    }
  }
  await log.info(decisionText(region.location, plans));
  return { decision: toDecision(plans) };
}

async function decideUnverified(
  args: SelectionArgs,
  request: PlanRequest,
  cause: AzureUnavailableError,
  log: DecisionLog,
): Promise<Outcome> {
  if (request.previous && (request.previous.reselect ?? "") !== (request.reselect ?? "")) {
    return { problems: [{ property: "reselect", reason: `can't choose anew now: ${cause.message}` }] };
  }
  const plans = planUnverified(request, cause.message);
  const failed = plans.filter(({ vmSize }) => !vmSize);
  if (failed.length > 0) {
    return {
      problems: failed.map(({ pool, verdicts }) => ({
        property: `pools.${pool}`,
        reason: [
          `no VM size is left to try, and ${cause.message}`,
          ...verdicts.map(({ vmSize, code, reason }) => `  ${vmSize}: ${code}: ${reason}`),
        ].join("\n"),
      })),
    };
  }
  const unsure = plans.find(({ verified }) => !verified);
  if (unsure && args.strict) {
    return strictProblem(unsure, cause.message);
  }
  await log.warn(
    `VM sizes are not verified: ${cause.message}. Going on with ${plans
      .map(({ pool, vmSize, kept }) => `${pool}: ${vmSize}${kept ? " (kept)" : ""}`)
      .join(", ")}; set strict to stop here instead.`,
  );
  return { decision: toDecision(plans) };
}

function strictProblem({ pool, vmSize }: PoolPlan, cause: string): Outcome {
  return {
    problems: [
      {
        property: `pools.${pool}`,
        reason: `${vmSize} is not verified, which strict forbids: ${cause}`,
      },
    ],
  };
}

/** Which of the other regions could run all pools, in words. */
async function otherRegions(args: SelectionArgs, azure: AzureSource): Promise<string[]> {
  const answers = (args.otherLocations ?? []).map(async (location) => {
    try {
      const region = await azure.region(args.subscriptionId, location);
      const plans = planPools({ pools: args.pools, order: args.poolOrder }, region, []);
      return plans.every(({ vmSize }) => vmSize)
        ? `use ${region.location}, where ${plans.map(({ pool, vmSize }) => `${vmSize} would run ${pool}`).join(" and ")}`
        : "";
    } catch (error) {
      return `${location} could not be looked at: ${classify(error).message}`;
    }
  });
  return (await Promise.all(answers)).filter(Boolean);
}

function toDecision(plans: readonly PoolPlan[]): Decision {
  return {
    vmSizes: Object.fromEntries(plans.map(({ pool, vmSize = "" }) => [pool, vmSize])),
    verified: plans.every(({ verified }) => verified),
    verdicts: Object.fromEntries(plans.map(({ pool, verdicts }) => [pool, verdicts])),
  };
}
