/** Why Azure couldn't be asked. */
export type AzureProblem =
  | "sign-in"
  | "forbidden"
  | "no-such-region"
  | "not-found"
  | "throttled"
  | "unreachable"
  | "timeout"
  | "refused"
  | "unexpected";

const advice: Record<AzureProblem, string> = {
  "sign-in": "sign in with `az login`, or set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID",
  forbidden: "give the identity the Reader role on the subscription",
  "no-such-region": "check its name, with `az account list-locations --output table`",
  "not-found": "check the subscription id, and that the identity belongs to its tenant",
  throttled: "wait a few minutes and try again",
  unreachable: "check the network, the proxy settings and ARM_METADATA_HOSTNAME",
  timeout: "check the network and the proxy settings, then try again",
  refused: "check the name of the region and the subscription id",
  unexpected: "try again; if it stays, look at https://status.azure.com",
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

interface SdkError {
  name?: string;
  message?: string;
  code?: string | number;
  statusCode?: number;
  cause?: unknown;
}

/** Sorts what an Azure SDK threw, by what the user can do about it. */
export function classify(error: unknown): AzureUnavailableError {
  if (error instanceof AzureUnavailableError) {
    return error;
  }
  const sdk = (error ?? {}) as SdkError;
  const problem = problemOf(sdk);
  return new AzureUnavailableError(problem, `${headline(problem)} (${detail(sdk, error)})`);
}

function problemOf(error: SdkError): AzureProblem {
  const { name = "", message = "", code, statusCode } = error;
  if (name === "AbortError" || name === "TimeoutError") {
    return "timeout";
  }
  if (networkCode(error) || /does not answer as Azure's metadata endpoint/.test(message)) {
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
  if (/NoRegisteredProviderFound|LocationNotAvailable|InvalidLocation/.test(String(code))) {
    return "no-such-region";
  }
  if (statusCode === 429) {
    return "throttled";
  }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? "refused" : "unexpected";
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

function headline(problem: AzureProblem): string {
  const texts: Record<AzureProblem, string> = {
    "sign-in": "could not sign in to Azure",
    forbidden: "Azure does not let this identity read SKUs and quota",
    "no-such-region": "Azure does not know the region",
    "not-found": "Azure does not know the subscription",
    throttled: "Azure is throttling this subscription",
    unreachable: "Azure can't be reached",
    timeout: "Azure did not answer in time",
    refused: "Azure refused the question",
    unexpected: "Azure answered with an error",
  };
  return texts[problem];
}

// SDK messages run over many lines (a list of credentials tried), or say less than the status does.
function detail(sdk: SdkError, error: unknown): string {
  const message = /^Pagination failed/.test(sdk.message ?? "")
    ? `HTTP ${sdk.statusCode}`
    : String(sdk.message ?? error);
  const first = message.trim().split("\n")[0] ?? "";
  const code = typeof sdk.code === "string" && !first.includes(sdk.code) ? `${sdk.code}: ` : "";
  const text = `${code}${first}`.replace(/[.;\s]+$/, "");
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}
