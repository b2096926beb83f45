import { visible } from "../visible.ts";
import type { HttpRefusal } from "./failure.ts";
import type { Place } from "./place.ts";

const longest = 300;

/** What an answer of HTTP means, and what to do about it. */
export function refusalText(refusal: HttpRefusal, place: Place): string {
  const { status, headers } = refusal;
  const hasToken = place.transport !== "stdio" && place.token !== undefined;
  const said = saidBy(refusal);
  const words = said === "" ? "" : `: ${said}`;
  switch (status) {
    case 401:
      return hasToken
        ? `doesn't take the token (401)${words}${challenge(headers)}; get a new one, for the audience that it wants`
        : `wants a bearer token (401)${challenge(headers)}; give one by MCP_TOKEN or --token-file`;
    case 403:
      return hasToken
        ? `doesn't allow it to the token's owner (403)${words}${challenge(headers)}`
        : `doesn't allow it (403)${words}`;
    case 404:
    case 405:
      return isSession(said)
        ? "has ended the session (404): it has started anew, or the session was idle; try again"
        : `has no MCP endpoint there (${status})${words}; is the path right? It is usually /mcp`;
    case 413:
      return `finds the arguments too large (413)${words}`;
    case 429:
      return `has had too many calls (429)${words}${later(headers)}`;
    case 502:
    case 503:
    case 504:
      return `can't serve now (${status})${words}${later(headers)}`;
    default:
      return `answers ${status}${words}${later(headers)}`;
  }
}

function isSession(said: string): boolean {
  return /session/i.test(said);
}

/** The message of a JSON-RPC error, or the beginning of what was answered instead. */
function saidBy({ body, headers }: HttpRefusal): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string };
    const message = typeof error === "string" ? error : error?.message;
    if (typeof message === "string") return visible(message.slice(0, longest));
  } catch {
    // A proxy in front of the server answers in its own way.
  }
  return headers.get("content-type")?.startsWith("text/html") ? "" : visible(body.trim().slice(0, longest));
}

/**
 * How the server wants to be authenticated. Source of the parameters: RFC 6750, 3, and RFC 9728, 5.1.
 */
function challenge(headers: Headers): string {
  const wanted = headers.get("www-authenticate");
  if (!wanted) return "";
  const [scheme = ""] = wanted.split(/[\s,]/, 1);
  const told = ["error", "error_description", "scope", "resource_metadata"].flatMap((name) => {
    const [, quoted, plain] = new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,]+))`).exec(wanted) ?? [];
    const value = quoted ?? plain;
    return value ? [`${name.replace("_", " ")} ${value}`] : [];
  });
  return visible(` (${[scheme, ...told].join(", ").slice(0, longest)})`);
}

/** Source: RFC 9110, 10.2.3: seconds, or a date. */
function later(headers: Headers): string {
  const value = headers.get("retry-after")?.trim();
  if (!value) return "";
  return /^\d+$/.test(value) ? `; try again in ${value} s` : `; try again after ${visible(value)}`;
}
