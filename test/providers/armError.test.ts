import { expect, test } from "vitest";
import { ArmError, explain, explainCredential } from "../../rehearsal/providers/azure-native/armError.ts";

const endpoint = "https://arm.example";

function sdkError(message: string, members: object = {}): Error {
  return Object.assign(new Error(message), members);
}

test.each([
  [
    "an error with the envelope",
    sdkError("short", {
      statusCode: 409,
      code: "X",
      details: { error: { code: "Conflict", message: "Taken." } },
    }),
    'Status=409 Code="Conflict" Message="Taken."',
  ],
  [
    "an error as AKS sends it, without the envelope",
    sdkError("Another operation is in progress", {
      statusCode: "409",
      code: "OperationNotAllowed",
      details: {},
    }),
    'Status=409 Code="OperationNotAllowed" Message="Another operation is in progress"',
  ],
  [
    "an operation that failed, of which only a text is left",
    sdkError("The long-running operation has failed. QuotaExceeded. Operation could not be completed."),
    'Code="QuotaExceeded" Message="Operation could not be completed."',
  ],
  [
    "an operation that was cancelled in Azure, without a code",
    sdkError("The long-running operation has been canceled."),
    'Code="OperationFailed" Message=""',
  ],
  [
    "no connection",
    sdkError("connect ECONNREFUSED 127.0.0.1:1", {
      code: "REQUEST_SEND_ERROR",
      cause: { message: "connect ECONNREFUSED" },
    }),
    `Azure Resource Manager at ${endpoint} can't be reached (connect ECONNREFUSED). Check ARM_METADATA_HOSTNAME (azure-native:metadataHost), and that NODE_EXTRA_CA_CERTS names its certificate authority if it has its own.`,
  ],
  [
    "a certificate that nobody vouches for",
    sdkError("fetch failed", {
      cause: { code: "SELF_SIGNED_CERT_IN_CHAIN", message: "self-signed certificate in chain" },
    }),
    `Azure Resource Manager at ${endpoint} can't be reached (self-signed certificate in chain). Check ARM_METADATA_HOSTNAME (azure-native:metadataHost), and that NODE_EXTRA_CA_CERTS names its certificate authority if it has its own.`,
  ],
  [
    "an answer that is no JSON, with a code of the SDK's own",
    sdkError("Unexpected token < in JSON at position 0", { code: "PARSE_ERROR" }),
    "Unexpected token < in JSON at position 0",
  ],
  [
    "a defect, with a cause that is none of the network's",
    sdkError("cannot read it", { cause: { message: "x is undefined" } }),
    "cannot read it",
  ],
  [
    "an abort",
    sdkError("The operation was aborted.", { name: "AbortError" }),
    "the operation was cancelled or ran into its timeout before Azure had finished it",
  ],
  ["anything else, without its stack", sdkError("odd\n    at somewhere"), "odd"],
])("%s", (_, error, message) => {
  expect(explain(error, endpoint).message).toBe(message);
});

test("what is explained already stays as it is", () => {
  const known = new ArmError(404, "NotFound", "gone");
  expect(explain(known, endpoint)).toBe(known);
  const credential = explainCredential(
    sdkError("invalid_client: AADSTS7000215: wrong secret\nTrace"),
    endpoint,
  );
  expect(explain(credential, endpoint)).toBe(credential);
  expect(credential.message).toBe(
    `Azure refused the credentials for ${endpoint}: invalid_client: AADSTS7000215: wrong secret. Set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or log in with the Azure CLI.`,
  );
});

test("a login endpoint that doesn't answer is a matter of the endpoint, not of the credentials", () => {
  const { message } = explainCredential(
    sdkError("endpoints_resolution_error: see the documentation"),
    endpoint,
  );
  expect(message).toMatch(/^Azure Resource Manager at https:\/\/arm\.example can't be reached/);
});
