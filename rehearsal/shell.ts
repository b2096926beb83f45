import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Running } from "./environment.ts";
import type { Report } from "./report.ts";

/** Opens a shell in which `pulumi up -s STACK` works on a running environment, and returns its exit code. */
export function openShell(running: Running, report: Report): number {
  const shell = process.env["SHELL"] || "/bin/sh";
  const { stack } = running.environment;
  report.line(`a shell in ${running.project}: try \`pulumi up -s ${stack}\` or \`kubectl get pods -A\``);
  const done = spawnSync(shell, { cwd: running.project, env: shellEnvironment(running), stdio: "inherit" });
  report.line("still up; npm run rehearse -- --down ends it");
  return done.status ?? 1;
}

/** Writes `env.sh`, a file to source: the environment for a shell that is open already. */
export async function writeShellFile(running: Running): Promise<void> {
  const lines = Object.entries(shellEnvironment(running))
    .filter(([name, value]) => value !== process.env[name])
    .map(([name, value]) => `export ${name}=${quoted(value ?? "")}`);
  const text = [...lines, `cd ${quoted(running.project)}`, ""].join("\n");
  await writeFile(join(running.dir, "env.sh"), text, { mode: 0o600 });
}

/** Says how to look at what was left up. */
export function tellHowToLook(running: Running, report: Report): void {
  for (const line of [
    "",
    "The stack is up. To look at it:",
    "  npm run rehearse -- --shell    a shell in which pulumi and kubectl work on it",
    "  npm run rehearse -- --down     ends it",
    `For a shell that is open already: . ${join(running.dir, "env.sh")}`,
  ]) {
    report.line(line);
  }
}

/**
 * People look at the cluster with kubectl, ask Prometheus (`promtool query instant $PROMETHEUS up`), and call what
 * runs there by its name; Pulumi's programs are kept from all of it by the variables that they get.
 */
export function shellEnvironment({ env, environment }: Running): NodeJS.ProcessEnv {
  return {
    ...env,
    // A stack on a cluster that one has is told which by the same variable.
    KUBECONFIG: environment.variables["KUBECONFIG"] ?? environment.kubeconfig,
    HTTP_PROXY: environment.serviceProxy,
    PROMETHEUS: environment.prometheus,
    // Node looks at the proxies' variables only when it is told to.
    NODE_USE_ENV_PROXY: "1",
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
