import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";
import { AKS_MCP_IMAGE } from "../../components/aksMcp/upstream.ts";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { runWithMocks } from "../support/mocks.ts";
import { type ClusterView, viewOf } from "../support/stackPods.ts";

/** The settings of the stack dev, as its file has them. */
function devSettings(): object {
  const text = readFileSync(new URL("../../Pulumi.dev.yaml", import.meta.url), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]),
  );
}

const PHI = { model: "phi-4-mini-instruct", config: { toolCallParser: "phi4_mini_json" } };

/** A stack with one of everything that makes pods. */
const EVERYTHING = {
  location: "eastus",
  cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"], minCount: 6, maxCount: 6 } },
  mcpGuard: {
    authentication: { tokens: { callers: { team: { roles: ["operator"] } } } },
    metricsClients: [{ namespace: "monitoring", podLabels: { app: "prometheus" } }],
  },
  mcpServers: {
    echo: { transport: "http", image: "mcp/echo:0.1.0" },
    files: { transport: "stdio", image: "mcp/files:0.1.0", command: "node", clients: [] },
    wide: {
      transport: "http",
      image: "mcp/wide:0.1.0",
      runtime: "deployment",
      autoscaling: { maxReplicas: 3 },
      sessions: "stateless",
      clients: [{ namespace: "team-a", podLabels: { app: "agent" } }],
      egress: [{ cidr: "10.240.0.0/24", ports: [8443] }],
    },
  },
  openWebSearch: { enabled: true },
  innovationEngine: { enabled: true },
  aksMcp: { enabled: true, image: AKS_MCP_IMAGE.example, armEgress: [{ cidr: "20.50.60.0/24" }] },
  models: {
    phi: { ...PHI, clients: [] },
    many: { ...PHI, inferenceSet: { replicas: 2 } },
    tuned: { ...PHI, adapters: [{ tuningJob: "dolly" }] },
    closed: { ...PHI, clients: [], egress: [] },
  },
  ragEngines: {
    docs: { inference: { model: "phi" } },
    library: { inference: { model: "many" }, qdrant: { deploy: true } },
  },
  tuningJobs: {
    dolly: {
      preset: "phi-4-mini-instruct",
      input: { urls: ["https://example.com/dolly.parquet"] },
      output: { repository: "adapters/dolly" },
    },
  },
  chat: {
    enabled: true,
    models: ["phi", "many", "tuned"],
    mcpServers: ["echo", "wide", "open-websearch"],
    ragEngines: { docs: { indexes: ["handbook"] } },
    replicas: 2,
    database: { deploy: true },
    redis: { deploy: true },
  },
  ingress: {
    enabled: true,
    host: "chat.example.com",
    mcpServers: { echo: { host: "echo.example.com" } },
    tls: { issuer: "staging", email: "admin@example.com" },
  },
  monitoring: { enabled: true, grafana: { enabled: true } },
};

const made = new Map<string, Promise<ClusterView>>();

/** What a stack is made of: that of Pulumi.dev.yaml, or one with everything. It is made once for all tests. */
export function stackView(which: "dev" | "everything"): Promise<ClusterView> {
  const view = made.get(which) ?? makeView(which === "dev" ? devSettings() : EVERYTHING);
  made.set(which, view);
  return view;
}

async function makeView(settings: object): Promise<ClusterView> {
  const parsed = parseSettings(settings, "dev", () => true);
  // AKS-MCP warns as long as it is on.
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  try {
    const { resources } = await runWithMocks(() => azureStack(parsed), azure);
    return viewOf(resources);
  } finally {
    warn.mockRestore();
  }
}
