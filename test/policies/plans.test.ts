import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { expect, it } from "vitest";
import { registrationsOf } from "../../cli/cost/plan.ts";
import { checkedSettings, settingsOfFile } from "../../cli/cost/settingsFile.ts";
import { configuration } from "../../policies/lib/configuration.ts";
import { seenInputs } from "../../policies/lib/seenInputs.ts";
import { rules } from "../../policies/rules.ts";
import { judge, judgeStack } from "./judge.ts";

const ROOT = join(import.meta.dirname, "../..");
const config = configuration(
  rules.map(({ name }) => name),
  pathToFileURL(join(ROOT, "policies/config.json")),
) as Record<string, object>;

/** These need what only an engine run has: the choice by quota, and what Azure calls its resources. */
const NEED_THE_ENGINE = ["autoscaler-quota", "diagnostic-settings"];

/** What would stop a stack of these settings, of all that its program registers itself. */
async function stopped(stack: "dev" | "prod", changes: Record<string, unknown>): Promise<string[]> {
  const settings = checkedSettings(changed(await settingsOfFile(stack, ROOT), changes), stack);
  const planned = await registrationsOf(settings, () => undefined);
  const members = planned.map(({ type, urn, inputs = {} }) => ({
    type,
    name: urn.split("::").at(-1),
    props: inputs,
  }));
  seenInputs.clear();
  const said: string[] = [];
  for (const rule of rules as (ResourceValidationPolicy & StackValidationPolicy)[]) {
    if (NEED_THE_ENGINE.includes(rule.name)) continue;
    const own = config[rule.name];
    if (rule.validateStack !== undefined) said.push(...(await judgeStack(rule, members, own, stack)));
    else {
      for (const { type, name, props } of members) {
        const lines = await judge(rule, type, props, own, name, stack);
        said.push(...lines.map((line) => line.replace(": ", ` ${rule.name} ${name}: `)));
      }
    }
  }
  seenInputs.clear();
  return said.filter((line) => line.startsWith("mandatory"));
}

/** Settings with some keys changed, by path; `undefined` takes one out. */
function changed(
  settings: Record<string, unknown>,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const copy = structuredClone(settings);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at = copy;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy;
}

const AKS_MCP = `ghcr.io/azure/aks-mcp:v0.0.19@sha256:${"0".repeat(64)}`;
const ingress = {
  enabled: true,
  host: "chat.example.com",
  tls: { issuer: "production", email: "a@example.com" },
};

it.each([
  ["dev", "as it is", {}],
  ["prod", "as it is", {}],
  [
    "dev",
    "with a front door",
    { ingress: { ...ingress, dns: { zone: "example.com", resourceGroup: "dns" } } },
  ],
  ["dev", "without monitoring", { "monitoring.enabled": false, "alerts.enabled": false }],
  [
    "dev",
    "with Redis and PostgreSQL in the cluster",
    { "chat.redis.deploy": true, "chat.database.deploy": true },
  ],
  [
    "dev",
    "with RAG",
    {
      ragEngines: {
        docs: {
          embedding: { local: { modelId: "BAAI/bge-small-en-v1.5" } },
          volume: { size: "1Gi" },
          inference: { model: "phi-4-mini" },
        },
        many: {
          qdrant: { deploy: true },
          embedding: { local: { modelId: "BAAI/bge-small-en-v1.5" } },
          inference: { model: "phi-4-mini" },
        },
      },
    },
  ],
  [
    "dev",
    "with a tuning job",
    {
      models: undefined,
      "chat.enabled": false,
      tuningJobs: {
        dolly: {
          preset: "phi-4-mini-instruct",
          input: { urls: ["https://example.com/x.parquet"] },
          output: { repository: "adapters/dolly" },
        },
      },
    },
  ],
  [
    "dev",
    "with a server that scales",
    {
      mcpServers: {
        echo: {
          transport: "http",
          build: "echo",
          runtime: "deployment",
          sessions: "portable",
          autoscaling: { minReplicas: 2, maxReplicas: 4 },
        },
      },
    },
  ],
  [
    "dev",
    "with AKS-MCP",
    { aksMcp: { enabled: true, image: AKS_MCP, armEgress: [{ cidr: "192.0.2.0/24" }] } },
  ],
  ["dev", "on spot nodes", { "cluster.gpuPool.spot": true }],
] as const)(
  "nothing stops the stack %s %s",
  async (stack, _, changes) => {
    expect(await stopped(stack, changes)).toEqual([]);
  },
  60_000,
);
