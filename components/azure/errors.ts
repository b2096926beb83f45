/** Why Azure didn't do what it was asked, as far as every call of Resource Manager has it. */
export type ArmProblem =
  | "sign-in"
  | "forbidden"
  | "not-found"
  | "throttled"
  | "unreachable"
  | "timeout"
  | "refused"
  | "unexpected";

/** What to do about the problems that are the same whatever was asked. */
export const COMMON_ADVICE = {
  "sign-in": "sign in with `az login`, or set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID",
  throttled: "wait a few minutes and try again",
  unreachable: "check the network, the proxy settings and ARM_METADATA_HOSTNAME",
  timeout: "check the network and the proxy settings, then try again",
  unexpected: "try again; if it stays, look at https://status.azure.com",
} as const;

/** What those problems are called. */
export const COMMON_HEADLINES = {
  "sign-in": "could not sign in to Azure",
  throttled: "Azure is throttling this subscription",
  unreachable: "Azure can't be reached",
  timeout: "Azure did not answer in time",
  unexpected: "Azure answered with an error",
} as const;

interface SdkError {
  name?: string;
  message?: string;
  code?: string | number;
  statusCode?: number;
  cause?: unknown;
}

/** Sorts what an Azure SDK threw, by what the user can do about it. */
export function problemOf(error: unknown): ArmProblem {
  const sdk = (error ?? {}) as SdkError;
  const { name = "", message = "", code, statusCode } = sdk;
  if (name === "AbortError" || name === "TimeoutError") {
    return "timeout";
  }
  if (networkCode(sdk) || /does not answer as Azure's metadata endpoint/.test(message)) {
    return "unreachable";
  }
  if (/Credential|Authentication/.test(name) || statusCode === 401 || /^ARM_USE_OIDC/.test(message)) {
    return "sign-in";
  }
  if (statusCode === 403) {
    return "forbidden";
  }
  if (statusCode === 404 || /SubscriptionNotFound/.test(String(code))) {
    return "not-found";
  }
  if (statusCode === 429) {
    return "throttled";
  }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? "refused" : "unexpected";
}

/** Azure's code for the problem, for example `AuthorizationFailed`; empty when it has none. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as SdkError;
  return typeof code === "string" ? code : "";
}

/**
 * What Azure said, in one line. SDK messages run over many (a list of credentials tried), or say less than
 * the status.
 */
export function detailOf(error: unknown): string {
  const sdk = (error ?? {}) as SdkError;
  const message = /^Pagination failed/.test(sdk.message ?? "")
    ? `HTTP ${sdk.statusCode}`
    : String(sdk.message ?? error);
  const first = message.trim().split("\n")[0] ?? "";
  const named = codeOf(error);
  const code = named && !first.includes(named) ? `${named}: ` : "";
  const text = `${code}${first}`.replace(/[.;\s]+$/, "");
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}

/** The system's code of a failed connection, which SDKs wrap once or twice. */
function networkCode(error: SdkError): string | undefined {
  const found = [error, error.cause, (error.cause as SdkError | undefined)?.cause]
    .map((each) => (each as SdkError | undefined)?.code)
    .find((code) =>
      /^(E(NOTFOUND|CONN|AI_|HOST|NET|PIPE|TIMEDOUT)|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS|REQUEST_SEND)/.test(
        String(code),
      ),
    );
  return found === undefined ? undefined : String(found);
}
