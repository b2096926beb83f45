import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playScenario } from "../../rehearsal/armControl.ts";
import { pulumi } from "../../rehearsal/engine.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { raiseStage, type Stage, WITHOUT_MCP, WITHOUT_MONITORING } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
const kubectl = () => join(stage.toolchain.bin, "kubectl");

beforeAll(async () => {
  stage = await raiseStage({ checkpoints: true });
  await stage.setAll({ ...WITHOUT_MCP, ...WITHOUT_MONITORING });
  // A GPU node, which the dev stack has only once something asks for it, and which a quota can refuse.
  before = await takeInventory(stage.running, kubectl());
});
afterAll(() => stage?.close());

/** Runs a `pulumi` command with other variables, and returns what a person sees. */
async function typed(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ exitCode: number; text: string }> {
  const done = await execa("pulumi", [...args, "-s", "dev", "--non-interactive", "--color=never"], {
    cwd: stage.running.project,
    env: { ...stage.running.env, ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode: done.exitCode ?? -1, text: done.all };
}

const stackTrace = /^\s+at .+:\d+:\d+\)?$/m;

// The order matters: each test leaves the stack as the next one wants it, from nothing to up to nothing.

test("a wrong setting is named with what is allowed, and nothing is asked of Azure", async () => {
  await stage.set("mcpaas:cluster.tier", "Platinum");
  await stage.set("mcpaas:clutser.tier", "Free");
  const preview = await typed(["preview"]);
  expect(preview.exitCode).not.toBe(0);
  expect(preview.text).toMatch(/cluster\.tier.*Platinum/s);
  expect(preview.text).toMatch(/Free/);
  expect(preview.text).toMatch(/clutser.*cluster/s);
  expect(preview.text).not.toMatch(stackTrace);
  await execa("pulumi", ["config", "rm", "-s", "dev", "mcpaas:clutser"], {
    cwd: stage.running.project,
    env: stage.running.env,
  });
  await stage.set("mcpaas:cluster.tier", "Free");
});

test("an Azure that doesn't answer is one message that names the address", async () => {
  const preview = await typed(["preview"], { ARM_METADATA_HOSTNAME: "127.0.0.1:1" });
  expect(preview.exitCode).not.toBe(0);
  expect(preview.text).toMatch(/127\.0\.0\.1:1/);
  expect(preview.text).toMatch(/ARM_METADATA_HOSTNAME/);
  expect(preview.text).not.toMatch(stackTrace);
});

test("no quota for any GPU fails the preview with every candidate's figures and what to raise", async () => {
  await playScenario(stage.running, "no-quota");
  const preview = await typed(["preview"]);
  expect(preview.exitCode).not.toBe(0);
  expect(preview.text).toMatch(/Standard_NC24ads_A100_v4.*needs 24/);
  expect(preview.text).toMatch(/Standard_NV36ads_A10_v5.*needs 36/);
  expect(preview.text).toMatch(/raise/i);
  expect(preview.text).not.toMatch(stackTrace);
});

test("a failed cluster operation says what Azure said, and the state knows the cluster", async () => {
  await playScenario(stage.running, "operation-fails");
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.exitCode).not.toBe(0);
  const text = await stage.output(up);
  expect(text).toMatch(/ManagedCluster/);
  expect(text).not.toMatch(stackTrace);
  // The half-made cluster exists in Azure: forgetting it would leave it running and paid for.
  const state = await execa("pulumi", ["stack", "export", "-s", "dev"], {
    cwd: stage.running.project,
    env: stage.running.env,
  });
  expect(state.stdout).toMatch(/"type": "azure-native:containerservice:ManagedCluster"/);
});

test("a pool that Azure refuses at the last moment is reported with the quota's figures", async () => {
  await playScenario(stage.running, "gpu-quota-refused");
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.exitCode).not.toBe(0);
  expect(await stage.output(up)).toMatch(/AgentPool \(aks-gpu\):\s+error: .*requested 36, remaining 0/);
});

test("a cluster that hands out no credentials ends in a message that says so", async () => {
  await playScenario(stage.running, {
    name: "no-credentials",
    description: "The credential call is refused.",
    rules: [
      {
        on: { method: "POST", type: "Microsoft.ContainerService/managedClusters" },
        times: 0,
        effect: {
          kind: "error",
          status: 403,
          code: "AuthorizationFailed",
          message: "The client does not have authorization.",
        },
      },
    ],
  });
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.exitCode).not.toBe(0);
  const text = await stage.output(up);
  expect(text).toMatch(/AuthorizationFailed/);
});

test("an interrupt lets the engine save its state, and the next run goes on", async () => {
  await playScenario(stage.running, "slow");
  const abort = new AbortController();
  const interrupted = await pulumi(stage.running, ["up", "--yes", "--skip-preview"], {
    signal: abort.signal,
    onLine: (line) => {
      if (/ResourceGroup|AgentPool|Namespace/.test(line) && /creating|created/.test(line)) {
        abort.abort();
      }
    },
  });
  expect(abort.signal.aborted).toBe(true);
  expect(interrupted.exitCode).not.toBe(0);
  await playScenario(stage.running, "healthy");
  const up = await stage.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policies");
  expect(up.errors).toEqual([]);
  expect(up.exitCode).toBe(0);
});

test("a violated policy stops the preview", async () => {
  const config = join(stage.running.dir, "policy-config.json");
  await writeFile(config, JSON.stringify({ "image-tags": { forbidden: ["0.1.0"] } }));
  await stage.setAll({
    "mcpaas:mcpServers.tagged.transport": "http",
    "mcpaas:mcpServers.tagged.image": "ghcr.io/example/tagged:0.1.0",
  });
  const preview = await stage.pulumi("preview", "--policy-pack", "policies", "--policy-pack-config", config);
  await stage.unset("mcpaas:mcpServers.tagged");
  expect(preview.exitCode).not.toBe(0);
  const mandatory = preview.violations.filter(({ level }) => level === "mandatory");
  expect(mandatory.map(({ policy, urn }) => `${policy} ${urn.split("::").at(-1)}`)).toContain(
    "image-tags tagged",
  );
  expect(await stage.output(preview)).toMatch(
    /\[mandatory\] \[severity: high\] {2}image-tags {2}\(kubernetes:kagent\.dev\/v1alpha1:MCPServer: tagged\)/,
  );
});

test("throttling is waited out", async () => {
  await playScenario(stage.running, "throttled");
  await stage.set("mcpaas:tags.costCenter", "0000");
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.errors).toEqual([]);
  expect(up.exitCode).toBe(0);
});

test("after all of it destroy leaves nothing", async () => {
  await playScenario(stage.running, "healthy");
  const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
  expect(destroy.errors).toEqual([]);
  expect(leftovers(before, await takeInventory(stage.running, kubectl()))).toEqual({
    azure: [],
    cluster: [],
  });
});
