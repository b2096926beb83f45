/**
 * Records what `pulumi preview --json` streams, with the real engine in the rehearsal, for the tests of
 * `preview:comment`. Run by hand, about five minutes: node test/cli/previewComment/record.ts
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { raiseStage } from "../../rehearsal/support/stage.ts";
import { slimmed } from "./slim.ts";

const folder = process.argv[2] ?? join(import.meta.dirname, "recordings");
await mkdir(folder, { recursive: true });
const stage = await raiseStage();

async function record(name: string, ...command: string[]): Promise<void> {
  const flags = ["-s", "dev", "--json", "--color", "never", "--non-interactive"];
  const { stdout, exitCode } = await execa("pulumi", [...command, ...flags], {
    cwd: stage.running.project,
    env: { ...stage.running.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  console.log(`${name}: exit code ${exitCode}`);
  await writeFile(join(folder, `${name}.jsonl`), slimmed(stdout, stage.running.project));
}

const PREVIEW = ["preview", "--policy-pack", "policies"];
try {
  await stage.setAll({
    "mcpaas:openWebSearch.enabled": "false",
    "mcpaas:innovationEngine.enabled": "false",
    "mcpaas:monitoring.enabled": "false",
    "mcpaas:alerts.enabled": "false",
    "mcpaas:chat.enabled": "false",
  });
  await stage.unset("mcpaas:models");
  await record("create", ...PREVIEW);
  // A value that a rule can't see yet is refused when the rule is told so.
  const config = join(stage.running.dir, "strict.json");
  await writeFile(config, JSON.stringify({ "image-tags": { unknowns: "fail" } }));
  await record("violation", ...PREVIEW, "--policy-pack-config", config);
  await stage.set("mcpaas:cluster.gpuPool.maxCount", "50");
  await record("no-quota", ...PREVIEW);
  await stage.set("mcpaas:cluster.gpuPool.maxCount", "1");
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  console.log("up", up.exitCode, up.errors);
  await stage.set("mcpaas:cluster.gpuPool.maxCount", "50");
  // Without the policies: they refuse so many nodes, and what the choice of sizes says is wanted.
  await record("kept", "preview");
  await stage.set("mcpaas:cluster.gpuPool.maxCount", "1");
  await stage.set("mcpaas:cluster.userPool.vmSize", "Standard_D4as_v5");
  await stage.unset("mcpaas:cluster.userPool.preferredSkus");
  await stage.set("mcpaas:tags.team", "platform");
  await record("update", ...PREVIEW);
  await stage.unset("mcpaas:mcpServers.echo");
  await stage.set("mcpaas:cluster.gpuPool.enabled", "false");
  await record("delete", ...PREVIEW);
  await stage.set("mcpaas:mcpServers.echo.transport", "http");
  await stage.set("mcpaas:mcpServers.echo.build", "echo");
  await stage.set("mcpaas:cluster.gpuPool.enabled", "true");
  await stage.set("mcpaas:location", "westus3");
  await record("move", "preview");
  await stage.set("mcpaas:location", "eastus");
  await stage.set("mcpaas:cluster.userPool.preferredSkus[0]", "Standard_D2as_v5");
  await stage.unset("mcpaas:cluster.userPool.vmSize");
  await stage.unset("mcpaas:tags.team");
  await stage.kubectl("delete", "networkpolicy", "--all", "-n", "mcp");
  await stage.kubectl(
    "label",
    "namespace",
    "mcp",
    "pod-security.kubernetes.io/enforce=privileged",
    "--overwrite",
  );
  await record("conflict", ...PREVIEW, "--refresh");
  await record("drift", "refresh", "--preview-only");
} finally {
  await stage.close();
}
