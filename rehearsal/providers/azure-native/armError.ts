/** A failure that ARM reported, with its own code and message. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    // The words in which azure-native reports it.
    super(`${status ? `Status=${status} ` : ""}Code="${code}" Message="${message}"`);
    this.status = status;
    this.code = code;
  }
}

/** No token could be had. */
class CredentialError extends Error {}

interface SdkFailure {
  name?: string;
  code?: string;
  statusCode?: number | string;
  message: string;
  details?: unknown;
  cause?: { message?: string; code?: string };
  errorResponse?: { error?: string };
}

const lroFailure = /^The long-running operation has (failed|been canceled)\.?\s*/;

/** What Node and the Azure SDK call it when no connection comes about, breaks, or isn't trusted. */
const connectionFailure =
  /^(REQUEST_SEND_ERROR|E(CONN\w+|NOTFOUND|AI_\w+|TIMEDOUT|(HOST|NET)\w+|PIPE|PROTO)|ERR_(TLS|SSL)_\w+|\w*(CERT|SIGNATURE)\w*)$/;

/**
 * Turns what the Azure SDK throws into what a person can act on.
 *
 * A 409 is passed on in ARM's words, AKS's `OperationNotAllowed` ("another operation is in progress") too:
 * azure-native tries again after a 409 with the code `AnotherOperationInProgress` only, and AKS gives its refusal another.
 *
 * @param endpoint where ARM was expected
 */
export function explain(error: unknown, endpoint: string): Error {
  const failure = error as SdkFailure;
  if (error instanceof ArmError || error instanceof CredentialError) {
    return error;
  }
  if (failure.name === "AbortError") {
    return new Error("the operation was cancelled or ran into its timeout before Azure had finished it");
  }
  const status = Number(failure.statusCode);
  if (status >= 400) {
    const { code, message } = armBody(failure);
    return new ArmError(status, code, message);
  }
  if (lroFailure.test(failure.message)) {
    return operationFailure(failure.message.replace(lroFailure, ""));
  }
  if ([failure.code, failure.cause?.code].some((code) => code && connectionFailure.test(code))) {
    return unreachable(endpoint, failure.cause?.message ?? failure.message);
  }
  return new Error(firstLine(failure.message));
}

/** Turns what a credential throws (MSAL's errors, mostly) into what a person can act on. */
export function explainCredential(error: unknown, endpoint: string): Error {
  const failure = error as SdkFailure;
  if (failure.name === "AbortError") {
    return failure as Error;
  }
  // MSAL hides the network's reason for this one: it could not read the login endpoint's metadata.
  if (/endpoints_resolution_error|network_error|ECONNREFUSED|ENOTFOUND/.test(failure.message)) {
    return new CredentialError(unreachable(endpoint, "its login endpoint does not answer").message);
  }
  return new CredentialError(
    `Azure refused the credentials for ${endpoint}: ${firstLine(failure.message)}. Set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or log in with the Azure CLI.`,
  );
}

/** @param reason what the network said, for example `connect ECONNREFUSED` */
function unreachable(endpoint: string, reason: string): Error {
  return new Error(
    `Azure Resource Manager at ${endpoint} can't be reached (${firstLine(reason)}). Check ARM_METADATA_HOSTNAME (azure-native:metadataHost), and that NODE_EXTRA_CA_CERTS names its certificate authority if it has its own.`,
  );
}

/** A failed operation reaches us as text only: `QuotaExceeded. Operation could not …`. */
function operationFailure(text: string): ArmError {
  const [, code, message] = /^(\w+)\.\s*([\s\S]*)$/.exec(text) ?? [];
  return new ArmError(0, code ?? "OperationFailed", message || text);
}

/** AKS sends some errors without the envelope `{error: …}`, which the SDK reads either way. */
function armBody(failure: SdkFailure): { code: string; message: string } {
  const body = failure.details as { error?: { code?: string; message?: string } } | undefined;
  return {
    code: body?.error?.code ?? failure.code ?? "Unknown",
    message: body?.error?.message ?? failure.message,
  };
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
