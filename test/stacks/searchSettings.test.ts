import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AKS_MCP_IMAGE } from "../../components/aksMcp/upstream.ts";
import { OPEN_WEB_SEARCH_COMMIT, SEARCH_ENGINES } from "../../components/openWebSearch/engines.ts";
import { OPEN_WEB_SEARCH_USER } from "../../components/openWebSearch/pod.ts";
import { settingRows } from "../../stacks/settings/table.ts";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const LEAST = { location: "eastus" };
const proxy = { useProxy: true, proxyEgress: [{ cidr: "10.1.0.4/32", ports: [3128] }] };

function problemsOf(input: object, isSecret = () => false): string[] {
  try {
    parseSettings({ ...LEAST, ...input }, "dev", isSecret);
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe("servers with settings of their own", () => {
  it("are all off where nothing is said, and AKS-MCP says what upstream thinks of it", () => {
    const { openWebSearch, innovationEngine, aksMcp } = parseSettings(LEAST, "dev");
    expect([openWebSearch, innovationEngine, aksMcp].map(({ enabled }) => enabled)).toEqual([
      false,
      false,
      false,
    ]);
    expect(innovationEngine.allowExecute).toBe(false);
    const row = settingRows().find(({ key }) => key === "aksMcp.enabled");
    expect(row?.description).toMatch(/upstream has withdrawn running it in a cluster/);
  });

  it.each<[string, object]>([
    [
      "Open-WebSearch",
      { openWebSearch: { enabled: true, allowedEngines: ["bing", "brave"], defaultEngine: "brave" } },
    ],
    ["Open-WebSearch through a proxy", { openWebSearch: { ...proxy, proxyUrl: "http://10.1.0.4:3128" } }],
    ["the Innovation Engine", { innovationEngine: { enabled: true, allowExecute: true, runSeconds: 60 } }],
    [
      "AKS-MCP",
      { aksMcp: { enabled: true, image: AKS_MCP_IMAGE.example, armEgress: [{ cidr: "0.0.0.0/0" }] } },
    ],
  ])("can be %s", (_, input) => {
    expect(problemsOf(input)).toEqual([]);
  });

  it.each<[string, object, string, RegExp]>([
    [
      "an engine that isn't one",
      { openWebSearch: { allowedEngines: ["google"] } },
      "openWebSearch.allowedEngines[0]",
      /"baidu", "bing"/,
    ],
    [
      "a default that isn't allowed",
      { openWebSearch: { defaultEngine: "exa" } },
      "openWebSearch.defaultEngine",
      /one of allowedEngines: duckduckgo, startpage, brave, bing/,
    ],
    ["a proxy without URL", { openWebSearch: proxy }, "openWebSearch.proxyUrl", /the proxy's URL/],
    [
      "a proxy beside an issuer that is everywhere",
      {
        openWebSearch: { ...proxy, enabled: true, proxyUrl: "http://10.1.0.4:3128" },
        mcpGuard: {
          authentication: {
            jwt: { issuer: "https://login.example.com/", audience: ["a"], egress: [{ cidr: "0.0.0.0/0" }] },
          },
        },
      },
      "mcpGuard.authentication.jwt.egress[0].cidr",
      /the addresses of the issuer alone, because openWebSearch\.useProxy is true/,
    ],
    [
      "a limit of an engine that isn't allowed",
      { openWebSearch: { guard: { limits: { engines: { exa: { calls: 1, seconds: 1 } } } } } },
      "openWebSearch.guard.limits.engines.exa",
      /one of allowedEngines/,
    ],
    [
      "a browser in the image that is built",
      { openWebSearch: { searchMode: "playwright" } },
      "openWebSearch.searchMode",
      /has no browser/,
    ],
    [
      "runs that nobody may start",
      { innovationEngine: { maxRuns: 1 } },
      "innovationEngine.allowExecute",
      /true where there is maxRuns/,
    ],
    [
      "AKS-MCP without digest",
      { aksMcp: { image: "ghcr.io/azure/aks-mcp:v0.0.19" } },
      "aksMcp.image",
      /with the tag v0\.0\.19 and with a digest/,
    ],
    [
      "AKS-MCP with a cluster's tools",
      { aksMcp: { enabledComponents: ["helm"] } },
      "aksMcp.enabledComponents[0]",
      /az_cli/,
    ],
  ])("are no place for %s", (_, input, key, allowed) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^mcpaas:${key.replace(/[[\].]/g, "\\$&")}\n`));
    expect(problems[0]).toMatch(allowed);
  });

  it("ask for all that AKS-MCP needs at once", () => {
    const keys = problemsOf({ aksMcp: { enabled: true } }).map((problem) => problem.split("\n")[0]);
    expect(keys).toEqual(["mcpaas:aksMcp.image", "mcpaas:aksMcp.armEgress"]);
  });

  it("want a proxy's password as a secret, and don't repeat it", () => {
    const input = { openWebSearch: { ...proxy, proxyUrl: "http://user:hunter2@10.1.0.4:3128" } };
    const problems = problemsOf(input);
    expect(problems.join()).toMatch(/^mcpaas:openWebSearch\.proxyUrl\n(?!.*hunter2)/s);
    expect(problemsOf(input, () => true)).toEqual([]);
    const wrong = { openWebSearch: { ...proxy, proxyUrl: "http://user:hunter%2@10.1.0.4:3128" } };
    expect(problemsOf(wrong, () => true).join()).toMatch(/openWebSearch\.proxyUrl\n(?!.*hunter)/s);
  });
});

describe.each(["open-websearch.md", "aks-mcp.md"])("docs/%s", (file) => {
  const text = readFileSync(join(import.meta.dirname, "../../docs", file), "utf8");
  const samples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, sample = ""]) => sample);

  it("has samples that the schema takes", () => {
    expect(samples).not.toEqual([]);
    for (const sample of samples) {
      const entries = Object.entries<object>(parse(sample)).map(([key, value]) => [
        key.replace("mcpaas:", ""),
        value,
      ]);
      expect(problemsOf(Object.fromEntries(entries)), sample).toEqual([]);
    }
  });
});

describe("the image of Open-WebSearch", () => {
  const dockerfile = readFileSync(
    join(import.meta.dirname, "../../servers/open-websearch/Dockerfile"),
    "utf8",
  );

  it("is built from the commit whose engines are known, as the user that runs it", () => {
    expect(dockerfile).toContain(`ARG COMMIT=${OPEN_WEB_SEARCH_COMMIT}\n`);
    expect(dockerfile).toMatch(new RegExp(`^USER ${OPEN_WEB_SEARCH_USER}:${OPEN_WEB_SEARCH_USER}$`, "m"));
    expect(SEARCH_ENGINES).toHaveLength(11);
  });

  it("runs the Node that the tests run, and refuses what isn't the commit", () => {
    const { devDependencies } = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
    );
    expect(dockerfile).toContain(`node:${devDependencies.node}-`);
    expect(dockerfile).toMatch(/test "\$\(git rev-parse HEAD\)" = "\$\{COMMIT\}"/);
  });
});
