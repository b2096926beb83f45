import { COMMON_ADVICE, COMMON_HEADLINES, codeOf, detailOf, problemOf } from "../azure/errors.ts";
import type { TokenAddress } from "./address.ts";

/** What kept a password from being made or read, and what to do about it. */
export class TokenPasswordError extends Error {
  constructor(what: string, advice: string) {
    super(`${what}; ${advice}`);
    this.name = "TokenPasswordError";
    // The engine prints what a provider throws with its stack, which is no help to people.
    this.stack = "";
  }
}

const actions = "Microsoft.ContainerRegistry/registries";

/** Puts what an Azure SDK threw in words. @param doing for example "make a password for" */
export function explain(error: unknown, doing: string, token: TokenAddress): TokenPasswordError {
  if (error instanceof TokenPasswordError) {
    return error;
  }
  const subject = `the token ${token.tokenName} of the registry ${token.registryName}`;
  const because = `(${detailOf(error)})`;
  const problem = problemOf(error);
  switch (problem) {
    case "forbidden":
      return new TokenPasswordError(
        `Azure does not let this identity ${doing} ${subject} ${because}`,
        `give it the role Contributor on the registry, or one with the actions ${actions}/generateCredentials/action and ${actions}/tokens/read; a new role takes some minutes to work`,
      );
    case "not-found":
      return notThere(token, because);
    case "refused":
      return new TokenPasswordError(
        `Azure refused to ${doing} ${subject} ${because}`,
        isBeingChanged(error)
          ? "something else is changing the token: try again in a minute"
          : "look at the token with `az acr token show`, and try again",
      );
    default:
      return new TokenPasswordError(
        `could not ${doing} ${subject}: ${COMMON_HEADLINES[problem]} ${because}`,
        COMMON_ADVICE[problem],
      );
  }
}

/** The token, its registry or its group is gone. */
export function notThere(token: TokenAddress, because = ""): TokenPasswordError {
  return new TokenPasswordError(
    `there is no token ${token.tokenName} in the registry ${token.registryName} of the resource group ${token.resourceGroupName} ${because}`.trim(),
    "somebody removed it, or its registry: `pulumi refresh` takes note of that, and `pulumi up` makes it anew",
  );
}

/** Nobody can log in with a disabled token, so a password for it would only look good. */
export function disabled(token: TokenAddress): TokenPasswordError {
  return new TokenPasswordError(
    `the token ${token.tokenName} of the registry ${token.registryName} is disabled`,
    `enable it, with \`az acr token update --registry ${token.registryName} --name ${token.tokenName} --status enabled\` or with \`pulumi refresh\` and \`pulumi up\``,
  );
}

/** Whether another change of the token is under way, which Azure's SDK doesn't wait for. */
export function isBeingChanged(error: unknown): boolean {
  return codeOf(error) === "TokenNotActive";
}
