import { hostMatches } from "./attachment.ts";
import { age } from "./cluster.ts";
import type { HttpRoute, RouteMatch, Rule } from "./types.ts";

/** A route as a listener has it: under the host names that both have. */
export interface AttachedRoute {
  route: HttpRoute;
  hostnames: readonly string[];
}

/** A request as far as it matters to routes. */
export interface Asked {
  host: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  method: string;
  /** By lower-cased name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The rule that a request comes under, and by which of its matches. */
export interface Found {
  route: HttpRoute;
  rule: Rule;
  match: RouteMatch;
}

/**
 * Chooses among the rules of a listener's routes as the Gateway API wants it: the most exact host name first, then
 * an exact path, the longest prefix, a method, the most headers and query parameters, and the oldest route.
 */
export function findRule(routes: readonly AttachedRoute[], asked: Asked): Found | undefined {
  const candidates = routes.flatMap(({ route, hostnames }) => {
    const names = hostnames.filter((name) => hostMatches(name, asked.host));
    const exactness = Math.max(-1, ...names.map((name) => (name.startsWith("*") ? name.length : 1_000)));
    return exactness < 0
      ? []
      : (route.spec.rules ?? [{}]).flatMap((rule) =>
          (rule.matches?.length ? rule.matches : [{}])
            .filter((match) => matches(match, asked))
            .map((match) => ({ found: { route, rule, match }, rank: [exactness, ...rankOf(match)] })),
        );
  });
  candidates.sort(
    (a, b) => compare(b.rank, a.rank) || age(a.found.route.metadata) - age(b.found.route.metadata),
  );
  return candidates[0]?.found;
}

/** The value of a match's path, which is `/` when it says none. */
export function pathOf({ path }: RouteMatch): string {
  return path?.value ?? "/";
}

function rankOf(match: RouteMatch): number[] {
  const { path, method, headers = [], queryParams = [] } = match;
  return [
    path?.type === "Exact" ? 1 : 0,
    pathOf(match).length,
    method === undefined ? 0 : 1,
    headers.length,
    queryParams.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function matches(match: RouteMatch, { path, query, method, headers }: Asked): boolean {
  const { headers: wantedHeaders = [], queryParams = [] } = match;
  return (
    pathMatches(match, path) &&
    (match.method ?? method) === method &&
    wantedHeaders.every(({ type, name, value }) =>
      valueMatches(type, value, String(headers[name.toLowerCase()] ?? "")),
    ) &&
    queryParams.every(({ type, name, value }) => valueMatches(type, value, query.get(name) ?? ""))
  );
}

function pathMatches(match: RouteMatch, path: string): boolean {
  const wanted = pathOf(match);
  switch (match.path?.type ?? "PathPrefix") {
    case "Exact":
      return path === wanted;
    case "RegularExpression":
      return new RegExp(`^(?:${wanted})$`).test(path);
    default: {
      // Whole parts between slashes: /mcp is no prefix of /mcpaas.
      const prefix = wanted.replace(/\/$/, "");
      return path === prefix || path.startsWith(`${prefix}/`);
    }
  }
}

function valueMatches(type: string | undefined, wanted: string, value: string): boolean {
  return type === "RegularExpression" ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
}
