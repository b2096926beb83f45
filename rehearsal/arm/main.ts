import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { AgentPoolState } from "./agentPools.ts";
import { scenarioNamed } from "./scenarios.ts";
import { type Arm, startArm } from "./server.ts";

const usage =
  "usage: node rehearsal/arm/main.ts --cert FILE --key FILE --dir DIR [--port N] [--scenario NAME] [--seed N] [--kubeconfig FILE]";

try {
  await main();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cert: { type: "string" },
      key: { type: "string" },
      dir: { type: "string" },
      port: { type: "string", default: "0" },
      scenario: { type: "string", default: "healthy" },
      seed: { type: "string", default: "1" },
      kubeconfig: { type: "string" },
    },
  });
  const { cert, key, dir, kubeconfig } = values;
  if (!cert || !key || !dir) {
    throw new Error(usage);
  }
  const arm = await startArm({
    tls: { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") },
    port: whole("--port", values.port),
    seed: whole("--seed", values.seed),
    scenario: scenarioNamed(values.scenario),
    onRequest: (record) => console.log(JSON.stringify(record)),
    ...(kubeconfig
      ? { kubeconfig: () => readFile(kubeconfig, "utf8"), onAgentPools: await nodeMaker(kubeconfig) }
      : {}),
  });
  stopOnSignal(arm);
  await publish(dir, arm);
  console.log(`Azure Resource Manager on ${arm.endpoint}, scenario ${values.scenario}`);
}

// Loaded only here, so that everything else works without a cluster.
async function nodeMaker(kubeconfig: string): Promise<(pools: AgentPoolState[]) => Promise<void>> {
  const module: { syncNodes(kubeconfig: string, pools: AgentPoolState[]): Promise<void> } = await import(
    new URL("../cluster/nodes.ts", import.meta.url).href
  );
  return (pools) => module.syncNodes(kubeconfig, pools);
}

// Whoever waits for the file must never read half of it, nor may others read the secret in it.
async function publish(dir: string, { close: _, ...facts }: Arm): Promise<void> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, "arm.json");
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

function stopOnSignal(arm: Arm): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void arm.close());
  }
}

function whole(option: string, text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new Error(`${option} must be a whole number, not "${text}"`);
  }
  return Number(text);
}

function explain(error: unknown): string {
  const { code, message, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE") {
    return `port ${port} on 127.0.0.1 is in use; give another with --port, or none for a free one`;
  }
  if (code === "ENOENT" || code === "EACCES") {
    return `can't read ${path}: ${code === "ENOENT" ? "there is no such file" : "permission denied"}`;
  }
  return message ?? String(error);
}
