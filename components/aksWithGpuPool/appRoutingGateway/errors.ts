import { COMMON_ADVICE, COMMON_HEADLINES, codeOf, detailOf, problemOf } from "../../azure/errors.ts";

/** What kept the Gateway API from being switched, and what to do about it. */
export class AppRoutingError extends Error {
  constructor(what: string, advice: string) {
    super(`${what}; ${advice}`);
    this.name = "AppRoutingError";
    // The engine prints what a provider throws with its stack, which is no help to people.
    this.stack = "";
  }
}

/**
 * Whether AKS works on the cluster, or somebody changed it since it was read: both are tried again.
 * Sources: https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes (OperationNotAllowed with HTTP
 * 409); HTTP 412 for an ETag that isn't the newest.
 */
export function isBusy(error: unknown): boolean {
  const { statusCode } = (error ?? {}) as { statusCode?: number };
  return statusCode === 412 || (statusCode === 409 && BUSY.test(`${codeOf(error)} ${detailOf(error)}`));
}

const BUSY = /OperationNotAllowed|OperationPreempted|AnotherOperation|another operation|in progress/i;

/** Puts what the Azure SDK threw in words. */
export function explain(error: unknown, clusterId: string, on: boolean): AppRoutingError {
  if (error instanceof AppRoutingError) return error;
  const doing = `switch the Gateway API of the cluster ${nameOf(clusterId)} ${on ? "on" : "off"}`;
  const because = `(${detailOf(error)})`;
  const problem = problemOf(error);
  switch (problem) {
    case "forbidden":
      return new AppRoutingError(
        `Azure does not let this identity ${doing} ${because}`,
        "give it the role Azure Kubernetes Service Contributor on the cluster; a new role takes some minutes to work",
      );
    case "not-found":
      return notThere(clusterId);
    case "refused":
      return new AppRoutingError(
        `AKS refused to ${doing} ${because}`,
        "the Istio service mesh add-on, or a Gateway API that AKS didn't install, must not be in the cluster; see " +
          "https://learn.microsoft.com/azure/aks/app-routing-gateway-api#limitations, and try again",
      );
    default:
      return new AppRoutingError(
        `could not ${doing}: ${COMMON_HEADLINES[problem]} ${because}`,
        COMMON_ADVICE[problem],
      );
  }
}

/** The cluster is gone. */
export function notThere(clusterId: string): AppRoutingError {
  return new AppRoutingError(
    `there is no cluster ${nameOf(clusterId)}`,
    "somebody removed it: `pulumi refresh` takes note of that, and `pulumi up` makes it anew",
  );
}

function nameOf(clusterId: string): string {
  return clusterId.split("/").at(-1) ?? clusterId;
}
