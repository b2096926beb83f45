import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { kubernetesPluginVersion } from "./recipe.ts";

/**
 * The user's own Pulumi CLI of the same major version, if there is one on PATH.
 *
 * @param cache where our own builds are: in a rehearsal's shell they are on PATH too.
 */
export async function ownPulumi(env: NodeJS.ProcessEnv, cache: string): Promise<string | undefined> {
  const options = {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    reject: false,
  } as const;
  const where = (await execa("sh", ["-c", "command -v pulumi"], options)).stdout?.trim();
  if (!where || where.startsWith(join(cache, "/"))) {
    return undefined;
  }
  const found = await execa(where, ["version"], options);
  return found.exitCode === 0 && /^v3\./.test(found.stdout.trim()) ? where : undefined;
}

/** The folder of the user's own kubernetes plugin, if it is of the version that the program asks for. */
export function ownKubernetesPlugin(env: NodeJS.ProcessEnv): string | undefined {
  const home = env["PULUMI_HOME"] || join(homedir(), ".pulumi");
  const dir = join(home, "plugins", `resource-kubernetes-v${kubernetesPluginVersion}`);
  return existsSync(join(dir, "pulumi-resource-kubernetes")) ? dir : undefined;
}
