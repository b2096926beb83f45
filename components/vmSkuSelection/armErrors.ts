import {
  type ArmProblem,
  COMMON_ADVICE,
  COMMON_HEADLINES,
  codeOf,
  detailOf,
  problemOf,
} from "../azure/errors.ts";

/** Why Azure couldn't be asked. */
export type AzureProblem = ArmProblem | "no-such-region";

const advice: Record<AzureProblem, string> = {
  ...COMMON_ADVICE,
  forbidden: "give the identity the Reader role on the subscription",
  "no-such-region": "check its name, with `az account list-locations --output table`",
  "not-found": "check the subscription id, and that the identity belongs to its tenant",
  refused: "check the name of the region and the subscription id",
};

const headlines: Record<AzureProblem, string> = {
  ...COMMON_HEADLINES,
  forbidden: "Azure does not let this identity read SKUs and quota",
  "no-such-region": "Azure does not know the region",
  "not-found": "Azure does not know the subscription",
  refused: "Azure refused the question",
};

/** Azure could not be asked: what happened, and what to do about it. */
export class AzureUnavailableError extends Error {
  readonly problem: AzureProblem;
  readonly advice: string;

  constructor(problem: AzureProblem, what: string) {
    super(`${what}; ${advice[problem]}`);
    this.name = "AzureUnavailableError";
    this.problem = problem;
    this.advice = advice[problem];
  }
}

/** Sorts what an Azure SDK threw, by what the user can do about it. */
export function classify(error: unknown): AzureUnavailableError {
  if (error instanceof AzureUnavailableError) {
    return error;
  }
  const general = problemOf(error);
  const problem = general === "refused" && isAboutRegion(error) ? "no-such-region" : general;
  return new AzureUnavailableError(problem, `${headlines[problem]} (${detailOf(error)})`);
}

function isAboutRegion(error: unknown): boolean {
  return /NoRegisteredProviderFound|LocationNotAvailable|InvalidLocation/.test(codeOf(error));
}
