import { describe, expect, it } from "vitest";
import { addressOf } from "../../../components/acrTokenPassword/address.ts";
import { explain, notThere } from "../../../components/acrTokenPassword/errors.ts";
import { tokenId } from "./fakes.ts";

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const token = addressOf(tokenId);
const said = (thrown: unknown) => explain(thrown, "make a password for", token);

describe("explain", () => {
  it.each([
    [
      "which rights are missing",
      error("The client does not have authorization.", { statusCode: 403, code: "AuthorizationFailed" }),
      /^Azure does not let this identity make a password for the token push-phi of the registry demoreg1 \(AuthorizationFailed: The client does not have authorization\); give it the role Contributor on the registry, or one with the actions .*\/generateCredentials\/action and .*tokens\/read; .*some minutes/,
    ],
    [
      "that the registry or the token is gone",
      error("The resource push-phi could not be found.", { statusCode: 404, code: "ResourceNotFound" }),
      /^there is no token push-phi in the registry demoreg1 of the resource group rg \(ResourceNotFound: .*\); .*`pulumi refresh`.*`pulumi up`/,
    ],
    [
      "that something else changes the token",
      error("The token is not active.", { statusCode: 409, code: "TokenNotActive" }),
      /^Azure refused to make a password for .*; something else is changing the token: try again in a minute$/,
    ],
    [
      "what Azure refused",
      error("no", { statusCode: 400, code: "InvalidParameter" }),
      /^Azure refused to make a password for .* \(InvalidParameter: no\); look at the token with `az acr token show`/,
    ],
    [
      "how to sign in",
      error("no login", { name: "CredentialUnavailableError" }),
      /^could not make a password for .*: could not sign in to Azure \(no login\); sign in with `az login`/,
    ],
    [
      "what to do offline",
      error("getaddrinfo", { code: "ENOTFOUND" }),
      /can't be reached .*; check the network/,
    ],
    [
      "that it took too long",
      error("aborted", { name: "AbortError" }),
      /did not answer in time .*; check the/,
    ],
    [
      "that Azure has a problem",
      error("oops", { statusCode: 500 }),
      /answered with an error \(oops\); try again/,
    ],
  ])("says %s", (_, thrown, message) => {
    expect(said(thrown).message).toMatch(message);
  });

  it("leaves alone what is in words already, and carries no stack for people to read", () => {
    const once = notThere(token);
    expect(said(once)).toBe(once);
    expect(`${once}: ${once.stack}`).not.toMatch(/\n|\.ts/);
  });
});

describe("addressOf", () => {
  it("takes an id apart, whatever its case", () => {
    expect(addressOf(tokenId.replace("resourceGroups", "resourcegroups"))).toEqual({
      subscriptionId: "s",
      resourceGroupName: "rg",
      registryName: "demoreg1",
      tokenName: "push-phi",
    });
  });

  it.each(["", "push-phi", tokenId.replace("/tokens/", "/scopeMaps/"), `${tokenId}/more`])(
    "refuses %j",
    (id) => {
      expect(() => addressOf(id)).toThrow("is no ARM id of a registry token");
    },
  );
});
