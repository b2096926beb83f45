import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "./messages.ts";
import type { Toolchain } from "./toolchain/toolchain.ts";
import { compileCache, repository } from "./workspace.ts";

/** The variables under which a literal `pulumi up -s STACK` works on an environment. */
export async function pulumiEnvironment(
  dir: string,
  toolchain: Toolchain,
  environment: Environment,
): Promise<NodeJS.ProcessEnv> {
  const path = [
    // A stack without Azure asks for none of these plugins, and fails here when it does.
    ...(environment.stack === "local" ? [] : [join(repository, "rehearsal", "bin")]),
    ...toolchain.path,
    join(repository, "node_modules", ".bin"),
    process.env["PATH"] ?? "",
  ];
  const state = join(dir, "state");
  await mkdir(state, { recursive: true });
  return {
    ...process.env,
    // No program may find the cluster by another way than Azure's credential call; without Azure this is the way.
    KUBECONFIG: join(dir, "no.kubeconfig"),
    ...environment.variables,
    PATH: path.join(":"),
    // A home of its own: neither the user's login nor their selected stack is touched.
    PULUMI_HOME: join(dir, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: await passphrase(dir),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "",
    NODE_COMPILE_CACHE: compileCache,
  };
}

async function passphrase(dir: string): Promise<string> {
  const file = join(dir, "passphrase");
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return await readFile(file, "utf8");
}
