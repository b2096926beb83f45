import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "../config.ts";
import { codes, quote, Refusal } from "../refusal.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Judges requests against pages in a visitor's browser; returns the headers of CORS for the answer. */
export type BrowserCheck = (headers: IncomingHttpHeaders) => Record<string, string>;

/**
 * The Host check stops DNS rebinding: only the allowed names, or on a loopback address without such a list only
 * loopback names. The Origin check stops cross-site calls: only the allowed origins and, where Host is checked,
 * the guard's own. Requests without an Origin pass, because programs send none.
 */
export function browserCheck({ host, allowedHosts, allowedOrigins }: Config["listen"]): BrowserCheck {
  const onLoopback = ["localhost", "127.0.0.1", "::1"].includes(host);
  const hosts = allowedHosts.length > 0 ? allowedHosts : onLoopback ? LOOPBACK : undefined;
  const origins = new Set(allowedOrigins);
  return ({ host, origin }) => {
    if (hosts !== undefined && !hosts.includes(nameOf(host))) {
      throw new Refusal(403, codes.refused, `Host ${quote(host ?? "")} is not allowed`);
    }
    if (origin === undefined) return {};
    if (origins.has(origin)) return { "access-control-allow-origin": origin, ...CORS };
    if (hosts !== undefined && URL.canParse(origin) && new URL(origin).host === host) return {};
    throw new Refusal(403, codes.refused, `Origin ${quote(origin)} is not allowed`);
  };
}

const CORS = { vary: "origin", "access-control-expose-headers": "mcp-session-id, www-authenticate" };

/** The answer to a page that asks what it may send, beside what every answer has. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const asked = headers["access-control-request-headers"];
  return {
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-max-age": "600",
    ...(asked !== undefined && /^[\w\-, ]{1,512}$/.test(asked)
      ? { "access-control-allow-headers": asked }
      : {}),
  };
}

function nameOf(host = ""): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
