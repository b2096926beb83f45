import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { dockerConfigJson } from "../../../components/acrTokenPassword/dockerConfig.ts";
import type { ImageInputs } from "./inputs.ts";

/** How programs are run. */
export interface Run {
  env: NodeJS.ProcessEnv;
  /** Ends them. */
  signal: AbortSignal;
}

/**
 * Pushes an image that lies in a folder or an archive, with the login of the inputs and with no other that this
 * machine may have.
 *
 * @returns `<repository>@sha256:...`
 * @throws {Error} with what the registry said.
 */
export async function push(image: string, inputs: ImageInputs, run: Run): Promise<string> {
  const { imageName, server, username, password } = inputs;
  const host = (server || (imageName.split("/")[0] as string)).replace(/^https?:\/\/|\/.*$/g, "");
  const config = await mkdtemp(join(tmpdir(), "mcpaas-login-"));
  try {
    const login = username && password ? dockerConfigJson(host, username, password) : "{}";
    await writeFile(join(config, "config.json"), login, { mode: 0o600 });
    return await tool("crane", ["push", image, imageName], {
      ...run,
      env: { ...run.env, DOCKER_CONFIG: config },
    });
  } finally {
    await rm(config, { recursive: true, force: true });
  }
}

/** Runs a program and returns what it printed. @throws {Error} with its last lines. */
export async function tool(program: string, args: string[], { env, signal }: Run): Promise<string> {
  const done = await execa(program, args, {
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (done.exitCode !== 0) {
    const said = done.stderr?.trim().split("\n").slice(-12).join("\n") || done.shortMessage;
    throw new Error(`${program} ${args[0]} failed: ${said}`);
  }
  return done.stdout.trim();
}
