import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { type Found, pathOf } from "./matching.ts";
import type { Filter, HeaderChange, PathChange } from "./types.ts";

/** Where a request is to go, as its filters leave it. */
export interface Onward {
  host: string;
  /** With the query. */
  path: string;
  headers: OutgoingHttpHeaders;
}

/** The Location of a redirect and its status; undefined when the rule has none. */
export function redirectOf(
  { rule, match }: Found,
  { scheme, host, path, search }: { scheme: string; host: string; path: string; search: string },
): { status: number; location: string } | undefined {
  const redirect = rule.filters?.find(({ type }) => type === "RequestRedirect")?.requestRedirect;
  if (!redirect) {
    return undefined;
  }
  const to = redirect.scheme ?? scheme;
  // The scheme's own port goes unsaid; without a scheme it is the listener's, which is its scheme's here.
  const port = redirect.port === undefined || redirect.port === portOf[to] ? "" : `:${redirect.port}`;
  const changed = changedPath(path, redirect.path, pathOf(match));
  return {
    status: redirect.statusCode ?? 302,
    location: `${to}://${redirect.hostname ?? host}${port}${changed}${search}`,
  };
}

/** What is passed on of a request. */
export function onwardOf(
  { rule, match }: Found,
  asked: { host: string; path: string; search: string; headers: IncomingHttpHeaders },
): Onward {
  let { host, path } = asked;
  const headers: OutgoingHttpHeaders = { ...asked.headers };
  for (const { requestHeaderModifier, urlRewrite } of rule.filters ?? []) {
    change(headers, requestHeaderModifier);
    host = urlRewrite?.hostname ?? host;
    path = changedPath(path, urlRewrite?.path, pathOf(match));
  }
  return { host, path: path + asked.search, headers: { ...headers, host } };
}

/** The headers of an answer, as the rule's filters leave them. */
export function answerHeaders(
  filters: readonly Filter[] = [],
  headers: IncomingHttpHeaders,
): OutgoingHttpHeaders {
  // What is of one connection only isn't passed on.
  const { connection: _connection, "keep-alive": _keepAlive, ...changed }: OutgoingHttpHeaders = headers;
  for (const { responseHeaderModifier } of filters) {
    change(changed, responseHeaderModifier);
  }
  return changed;
}

/** A duration of the Gateway API in milliseconds; 0 for none: `1h30m`, `10s`, `500ms`. */
export function durationMs(text: string | undefined): number {
  const parts = [...(text ?? "").matchAll(/(\d+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? 0), 0);
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const portOf: Readonly<Record<string, number>> = { http: 80, https: 443 };

function changedPath(path: string, change: PathChange | undefined, matched: string): string {
  if (!change) {
    return path;
  }
  if (change.type === "ReplaceFullPath") {
    return change.replaceFullPath;
  }
  const rest = path.slice(matched.replace(/\/$/, "").length).replace(/^\//, "");
  return `${change.replacePrefixMatch.replace(/\/$/, "")}/${rest}`;
}

function change(headers: OutgoingHttpHeaders, { set = [], add = [], remove = [] }: HeaderChange = {}): void {
  for (const { name, value } of set) {
    headers[name.toLowerCase()] = value;
  }
  for (const { name, value } of add) {
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : `${before},${value}`;
  }
  for (const name of remove) {
    delete headers[name.toLowerCase()];
  }
}
