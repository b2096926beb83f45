import { describe, expect, it } from "vitest";
import { type AzureProblem, classify } from "../../../components/vmSkuSelection/armErrors.ts";

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe("classify", () => {
  it.each<[AzureProblem, Error]>([
    ["sign-in", error("Azure CLI could not be found.", { name: "CredentialUnavailableError" })],
    ["sign-in", error("invalid_client", { name: "AuthenticationRequiredError" })],
    ["sign-in", error("no token", { statusCode: 401 })],
    ["forbidden", error("no", { statusCode: 403, code: "AuthorizationFailed" })],
    ["no-such-region", error("no", { statusCode: 400, code: "NoRegisteredProviderFound" })],
    ["not-found", error("no", { statusCode: 404, code: "SubscriptionNotFound" })],
    ["throttled", error("slow down", { statusCode: 429 })],
    ["unreachable", error("getaddrinfo", { code: "ENOTFOUND" })],
    ["unreachable", error("fetch failed", { cause: { code: "ECONNREFUSED" } })],
    ["unreachable", error("self-signed", { code: "SELF_SIGNED_CERT_IN_CHAIN" })],
    ["unreachable", error("https://x does not answer as Azure's metadata endpoint (no)")],
    ["timeout", error("aborted", { name: "AbortError" })],
    ["refused", error("no", { statusCode: 409 })],
    ["unexpected", error("oops", { statusCode: 500 })],
    ["unexpected", error("a bug")],
  ])("sorts as %s: %s", (problem, thrown) => {
    expect(classify(thrown).problem).toBe(problem);
  });

  it("says in one line what happened and what to do", () => {
    const thrown = error("Pagination failed with unexpected statusCode 403", {
      statusCode: 403,
      code: "AuthorizationFailed",
    });
    expect(classify(thrown).message).toBe(
      "Azure does not let this identity read SKUs and quota (AuthorizationFailed: HTTP 403); give the identity the Reader role on the subscription",
    );
    expect(classify(error(`first line\n${"x".repeat(500)}`)).message).not.toContain("\n");
    expect(classify(error("y".repeat(500))).message.length).toBeLessThan(400);
  });

  it("leaves alone what is sorted already, and copes with anything", () => {
    const sorted = classify(error("a"));
    expect(classify(sorted)).toBe(sorted);
    expect(classify("text").message).toContain("text");
    expect(classify(undefined).problem).toBe("unexpected");
  });
});
