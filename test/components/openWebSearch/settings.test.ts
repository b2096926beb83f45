import { describe, expect, it } from "vitest";
import { SEARCH_ENGINES } from "../../../components/openWebSearch/engines.ts";
import {
  besideProxy,
  defaultEngine,
  type OpenWebSearchSettings,
  openWebSearchConflicts,
  PROXY_URL,
} from "../../../components/openWebSearch/settings.ts";

const proxy = { useProxy: true, proxyUrl: "http://proxy:3128", proxyEgress: [{ cidr: "10.1.0.4/32" }] };

describe("openWebSearchConflicts", () => {
  it.each<[string, OpenWebSearchSettings]>([
    ["nothing at all", {}],
    ["every engine", { allowedEngines: SEARCH_ENGINES }],
    ["a proxy", proxy],
    ["one replica", { replicas: 1 }],
    ["a browser in an image of one's own", { searchMode: "playwright", image: "example/search:1" }],
    ["linuxdo with the engine that it asks", { allowedEngines: ["linuxdo", "brave"] }],
  ])("has nothing against %s", (_, settings) => {
    expect(openWebSearchConflicts(settings)).toEqual([]);
  });

  it.each<[string, OpenWebSearchSettings, (string | number)[], RegExp]>([
    [
      "an engine that isn't one",
      { allowedEngines: ["bing", "google"] },
      ["allowedEngines", 1],
      /one of baidu, bing/,
    ],
    ["no engine", { allowedEngines: [] }, ["allowedEngines"], /to upstream an empty list means all/],
    ["an engine twice", { allowedEngines: ["bing", "bing"] }, ["allowedEngines", 1], /in the list already/],
    [
      "a default that isn't allowed",
      { allowedEngines: ["bing"], defaultEngine: "brave" },
      ["defaultEngine"],
      /one of allowedEngines: bing/,
    ],
    ["linuxdo alone", { allowedEngines: ["linuxdo"] }, ["allowedEngines"], /upstream asks Brave for it/],
    ["a proxy without URL", { ...proxy, proxyUrl: undefined }, ["proxyUrl"], /the proxy's URL/],
    ["a proxy without addresses", { ...proxy, proxyEgress: [] }, ["proxyEgress"], /knows no names/],
    [
      "a proxy's URL that nobody uses",
      { proxyUrl: "http://proxy" },
      ["useProxy"],
      /true where there is proxyUrl/,
    ],
    ["addresses beside the proxy", { ...proxy, egress: [] }, ["egress"], /everything goes through the proxy/],
    ["a browser that isn't there", { searchMode: "playwright" }, ["searchMode"], /has no browser/],
    ["a second replica", { replicas: 2 }, ["replicas"], /sessions are in the memory of the pod/],
  ])("refuses %s", (_, settings, path, rule) => {
    expect(openWebSearchConflicts(settings)).toEqual([{ path, rule: expect.stringMatching(rule) }]);
  });
});

it("asks the first allowed engine unless another is the default", () => {
  expect(defaultEngine({})).toBe("duckduckgo");
  expect(defaultEngine({ allowedEngines: ["bing", "brave"] })).toBe("bing");
  expect(defaultEngine({ allowedEngines: ["bing", "brave"], defaultEngine: "brave" })).toBe("brave");
});

describe("PROXY_URL", () => {
  it.each([
    PROXY_URL.example,
    "https://proxy:443/",
    "http://10.1.0.4:3128",
    "http://[fd00::4]:3128",
    "http://user@proxy",
  ])("takes %s", (url) => {
    expect(url).toMatch(PROXY_URL.pattern);
  });

  it.each([
    "socks5://proxy:1080",
    "proxy:3128",
    "http://user:p%40ss@proxy:3128",
    "http://user:p@ss@proxy:3128",
    "http://proxy:3128/path",
    "http://pro xy",
  ])("refuses %s", (url) => {
    expect(url).not.toMatch(PROXY_URL.pattern);
  });
});

it("finds what of an issuer's addresses leads past a proxy", () => {
  const egress = ["20.190.128.0/18", "0.0.0.0/0", "10.0.0.0/8", "::/0", "10.0.0.0/10"].map((cidr) => ({
    cidr,
  }));
  expect(besideProxy(true, egress)).toEqual([1, 3]);
  expect(besideProxy(false, egress)).toEqual([]);
  expect(besideProxy(true, undefined)).toEqual([]);
});
