import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { Refused } from "./api.ts";
import type { Place } from "./place.ts";

/** What failed on the way to the chat app, in words that say what to do next, and without the password. */
export function explained(error: unknown, place: Place, timeoutMs: number): UserError {
  if (error instanceof UserError) return error;
  const { shown, email, password } = place;
  const message =
    error instanceof Refused
      ? refusal(error, shown, email)
      : isTimeout(error)
        ? `${shown} gave no answer within ${timeoutMs / 1000} s; --timeout <seconds> waits longer`
        : unreached(error, place);
  // A password of a few letters would be found in other words.
  const safe = password.length < 8 ? message : message.replaceAll(password, "[password]");
  return new UserError(safe, exitCodes.failed);
}

function unreached(error: unknown, { shown, problem }: Place): string {
  const closed = problem?.();
  return closed === undefined
    ? `${shown} ${networkText(error)}`
    : `${shown} can't be reached through the cluster: ${visible(closed)}`;
}

function refusal({ path, status, detail }: Refused, shown: string, email: string): string {
  const said = detail ? `: ${visible(detail)}` : "";
  if (status === 429) return `${shown} has had too many requests${said}; wait a few minutes`;
  // Also a gateway's answer while nothing stands behind it.
  if ([502, 503, 504].includes(status)) {
    return `${shown} isn't ready (${status})${said}; it may be starting, try again in a minute`;
  }
  if (path.endsWith("/signin") && [400, 401, 403].includes(status)) {
    const hint = "an administrator's password is that of the first start: a later one is not taken";
    return `${shown} refuses to sign in ${visible(email)}${said}; ${hint}`;
  }
  if (status >= 300 && status < 400) {
    return `${shown} redirects elsewhere (${status}): name the address that it redirects to, such as https`;
  }
  if (status === 401 || status === 403) return `${shown} doesn't allow ${path} to ${visible(email)}${said}`;
  if (status === 404 || status < 300) {
    return `${shown} is no Open WebUI, or one of a version that isn't known here (${path}: ${status}${said})`;
  }
  return `${shown} answers ${status} to ${path}${said}`;
}

function isTimeout(error: unknown): boolean {
  return (error as Error | undefined)?.name === "TimeoutError" || innermost(error).name === "TimeoutError";
}

function networkText(error: unknown): string {
  const { code, message } = innermost(error);
  switch (code) {
    case "ECONNREFUSED":
      return "can't be reached: nothing listens there; is the chat app running, and the port right?";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "can't be reached: no such host name is known here; a stack's app can be asked with --in-cluster";
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
      return "ended the connection; it may be restarting, try again in a minute";
    case "CERT_HAS_EXPIRED":
      return "has a certificate that has expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `has a certificate for another name: ${visible(message)}`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return [
        "has a certificate of an authority that isn't trusted here, as with ingress.tls.issuer staging",
        "name a file with the authority's certificate in NODE_EXTRA_CA_CERTS, or ask a stack's app with --in-cluster",
      ].join("\n");
    default:
      return `can't be used: ${visible(message)}`;
  }
}

function innermost(error: unknown): { name?: string; code?: string; message: string } {
  let at = error as { name?: string; code?: string; message: string; cause?: unknown };
  while (at?.cause instanceof Error) at = at.cause as typeof at;
  return at ?? { message: String(error) };
}
