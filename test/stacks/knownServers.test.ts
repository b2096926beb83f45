import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AKS_MCP_IMAGE } from "../../components/aksMcp/upstream.ts";
import { readConfig } from "../../servers/guard/config.ts";
import { aksMcp as aksMcpOf } from "../../stacks/azure/aksMcp.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { knownServers } from "../../stacks/shared/knownServers.ts";
import { CONFIG, KEY, keyOf } from "../components/mcpGuard/guarded.ts";
import { azure } from "../support/azure.ts";
import { runWithMocks } from "../support/mocks.ts";

// AKS-MCP warns as long as it is on.
const silence = () => vi.spyOn(pulumi.log, "warn").mockResolvedValue();
let warn: ReturnType<typeof silence>;
beforeEach(() => {
  warn = silence();
});
afterEach(() => warn.mockRestore());

/**
 * The limits that the guard of a server gets, with limits of the whole stack that fit none of these servers.
 */
async function limitsOf(name: string, settings: object) {
  const limits = { callSeconds: 20, concurrency: 64, sessions: 5000, bodyBytes: 2048 };
  const parsed = parseSettings({ location: "eastus", mcpGuard: { limits }, ...settings }, "dev");
  const image = pulumi.output("own.azurecr.io/mcp/any:0.1.0");
  const { find } = await runWithMocks(
    () =>
      void knownServers(
        parsed,
        {
          namespace: "mcp",
          loginServer: pulumi.output("own.azurecr.io"),
          kubeconfig: "the cluster's",
          images: { guard: image, "open-websearch": image, "innovation-engine": image },
          options: {},
        },
        aksMcpOf({
          resourceGroupName: "rg-mcpaas",
          location: "eastus",
          oidcIssuerUrl: "https://issuer.example/",
          tags: {},
        }),
      ),
    { ...azure, outputs: { ...azure.outputs, [KEY]: () => ({ value: keyOf(0) }) } },
  );
  return readConfig(find(CONFIG, `${name}.guard`).inputs.data["guard.yaml"]).limits;
}

const aksMcp = { enabled: true, image: AKS_MCP_IMAGE.example, armEgress: [{ cidr: "20.0.0.0/24" }] };

describe("limits that hold for the whole stack", () => {
  it.each<[string, string, object, object]>([
    [
      "Open-WebSearch's memory",
      "open-websearch",
      { openWebSearch: { enabled: true } },
      { concurrency: 8, sessions: 200, callSeconds: 20, bodyBytes: 2048 },
    ],
    [
      "what a process for each session takes of it",
      "open-websearch",
      { openWebSearch: { enabled: true, transport: "stdio" } },
      { concurrency: 8, sessions: 2, callSeconds: 20 },
    ],
    [
      "the Innovation Engine's runs",
      "innovation-engine",
      { innovationEngine: { enabled: true, allowExecute: true, runSeconds: 600 } },
      { callSeconds: 660, concurrency: 64, sessions: 5000 },
    ],
    [
      "AKS-MCP's commands",
      "aks-mcp",
      { aksMcp: { ...aksMcp, timeoutSeconds: 100 } },
      { callSeconds: 105, concurrency: 4, sessions: 5000 },
    ],
  ])("don't override %s", async (_, name, settings, limits) => {
    expect(await limitsOf(name, settings)).toMatchObject(limits);
  });

  it.each<[string, object]>([
    ["open-websearch", { openWebSearch: { enabled: true, transport: "stdio" } }],
    ["innovation-engine", { innovationEngine: { enabled: true, allowExecute: true } }],
    ["aks-mcp", { aksMcp }],
  ])("and what %s needs give way to what is said of it", async (name, settings) => {
    const limits = { callSeconds: 7, concurrency: 6, sessions: 5 };
    const own = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, { ...value, guard: { limits } }]),
    );
    expect(await limitsOf(name, own)).toMatchObject({ ...limits, bodyBytes: 2048 });
  });

  it("hold for a server of which nothing else is known", async () => {
    const settings = { innovationEngine: { enabled: true } };
    expect(await limitsOf("innovation-engine", settings)).toMatchObject({ callSeconds: 20, sessions: 5000 });
  });
});
