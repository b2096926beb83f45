import { execa } from "execa";

/** The variable by which the docker plugin's stand-in is told whether images are built. */
export const builderVariable = "MCPAAS_IMAGE_BUILDER";

/**
 * The version of the Docker daemon that answers here, as the user's own `docker` finds it; nothing when none does.
 * A `docker` without a daemon can't build either.
 */
export async function dockerVersion(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const asked = await execa("docker", ["info", "--format", "{{.ServerVersion}}"], {
    env,
    extendEnv: false,
    reject: false,
    // A daemon far away that is down would be waited for much longer.
    timeout: 10_000,
    stdin: "ignore",
  });
  const version = asked.exitCode === 0 ? asked.stdout.trim() : "";
  return version === "" ? undefined : version;
}
