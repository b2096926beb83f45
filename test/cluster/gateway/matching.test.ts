import { describe, expect, test } from "vitest";
import {
  answerHeaders,
  durationMs,
  onwardOf,
  redirectOf,
} from "../../../rehearsal/cluster/gateway/filters.ts";
import { type Asked, findRule } from "../../../rehearsal/cluster/gateway/matching.ts";
import type { Filter, HttpRoute, RouteMatch } from "../../../rehearsal/cluster/gateway/types.ts";
import { route } from "./objects.ts";

const asked = (path: string, change: Partial<Asked> = {}): Asked => ({
  ...{ host: "chat.example.com", path, query: new URLSearchParams(), method: "GET", headers: {}, ...change },
});
const named = (name: string, matches: RouteMatch[], created = 0): HttpRoute => ({
  ...route({}, { matches }),
  metadata: { name, namespace: "chat", creationTimestamp: new Date(created) },
});
const prefix = (value: string): RouteMatch => ({ path: { type: "PathPrefix", value } });
const chosen = (routes: HttpRoute[], question: Asked, hostnames = ["chat.example.com"]) =>
  findRule(
    routes.map((one) => ({ route: one, hostnames })),
    question,
  )?.route.metadata.name;

describe("of several rules a request comes under", () => {
  test.each([
    [
      "an exact path before any prefix",
      [prefix("/a/b"), { path: { type: "Exact", value: "/a" } }],
      "/a",
      "1",
    ],
    [
      "the longest prefix",
      [prefix("/"), prefix("/.well-known/acme-challenge/x")],
      "/.well-known/acme-challenge/x",
      "1",
    ],
    ["whole parts of a path only", [prefix("/mcp"), prefix("/")], "/mcpaas", "1"],
    ["a prefix with a slash at its end", [prefix("/mcp/")], "/mcp", "0"],
    ["a method before none", [prefix("/"), { ...prefix("/"), method: "GET" }], "/", "1"],
    [
      "the most headers",
      [
        { headers: [{ name: "X-A", value: "1" }] },
        {
          headers: [
            { name: "x-a", value: "1" },
            { name: "x-b", value: "2" },
          ],
        },
      ],
      "/",
      "1",
    ],
    ["none that says more than the request", [{ queryParams: [{ name: "q", value: "2" }] }], "/", undefined],
  ])("%s", (_name, matches, path, which) => {
    const routes = matches.map((match, index) => named(String(index), [match as RouteMatch]));
    expect(chosen(routes, asked(path, { headers: { "x-a": "1", "x-b": "2" } }))).toBe(which);
  });

  test("the oldest, of those that are alike", () => {
    expect(chosen([named("young", [], 2), named("old", [], 1)], asked("/"))).toBe("old");
  });

  test("that of the most exact host, whatever its path", () => {
    const routes = [
      { route: named("wild", [prefix("/a")]), hostnames: ["*.example.com"] },
      { route: named("exact", [prefix("/")]), hostnames: ["chat.example.com"] },
    ];
    expect(findRule(routes, asked("/a"))?.route.metadata.name).toBe("exact");
    expect(findRule(routes, asked("/a", { host: "x.example.com" }))?.route.metadata.name).toBe("wild");
    expect(findRule(routes, asked("/a", { host: "example.org" }))).toBeUndefined();
  });
});

describe("filters", () => {
  const found = (filter: Filter, match: RouteMatch = prefix("/")) => ({
    ...{ route: route(), rule: { filters: [filter] }, match },
  });
  const came = { scheme: "http", host: "chat.example.com", path: "/a/b", search: "?q=1" };

  test.each([
    [{ scheme: "https", statusCode: 301 }, 301, "https://chat.example.com/a/b?q=1"],
    [{ hostname: "new.example.com" }, 302, "http://new.example.com/a/b?q=1"],
    [{ scheme: "https", port: 443 }, 302, "https://chat.example.com/a/b?q=1"],
    [{ scheme: "https", port: 8443 }, 302, "https://chat.example.com:8443/a/b?q=1"],
    [
      { path: { type: "ReplaceFullPath" as const, replaceFullPath: "/x" } },
      302,
      "http://chat.example.com/x?q=1",
    ],
    [
      { path: { type: "ReplacePrefixMatch" as const, replacePrefixMatch: "/x/" } },
      302,
      "http://chat.example.com/x/b?q=1",
    ],
  ])("redirect by %j", (requestRedirect, status, location) => {
    const filter = { type: "RequestRedirect", requestRedirect };
    expect(redirectOf(found(filter, prefix("/a")), came)).toEqual({ status, location });
  });

  test("change headers on the way in and out, and drop those of one connection", () => {
    const change = {
      set: [{ name: "X-Set", value: "new" }],
      add: [{ name: "x-add", value: "2" }],
      remove: ["X-Gone"],
    };
    const headers = { "x-set": "old", "x-add": "1", "x-gone": "1" };
    const inward = onwardOf(found({ type: "RequestHeaderModifier", requestHeaderModifier: change }), {
      ...{ ...came, headers },
    });
    expect(inward.headers).toEqual({ "x-set": "new", "x-add": "1,2", host: "chat.example.com" });
    const outward = answerHeaders([{ type: "ResponseHeaderModifier", responseHeaderModifier: change }], {
      ...{ ...headers, connection: "keep-alive", "keep-alive": "timeout=5" },
    });
    expect(outward).toEqual({ "x-set": "new", "x-add": "1,2" });
  });

  test("rewrite host and path", () => {
    const urlRewrite = {
      hostname: "inner",
      path: { type: "ReplacePrefixMatch" as const, replacePrefixMatch: "/" },
    };
    const onward = onwardOf(found({ type: "URLRewrite", urlRewrite }, prefix("/a")), {
      ...came,
      headers: {},
    });
    expect(onward).toEqual({ host: "inner", path: "/b?q=1", headers: { host: "inner" } });
  });
});

test.each([
  [undefined, 0],
  ["0s", 0],
  ["500ms", 500],
  ["10s", 10_000],
  ["1h2m3s", 3_723_000],
])("a duration of %s is %d ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});
