import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readContext } from "./context.ts";
import type { ImageInputs } from "./inputs.ts";
import { writeLayout } from "./layout.ts";
import { push, type Run, tool } from "./push.ts";
import { followDockerfile } from "./stages.ts";

/** Builds an image and pushes it, unless it is to stay here. Returns its reference by digest, or else its id. */
export type Builder = (inputs: ImageInputs, stay: boolean, run: Run) => Promise<string>;

/**
 * Has the machine's Docker build it. What Docker pushes goes out by its daemon, which knows nothing of the rehearsal
 * and would look for the registry in the real Azure: so it hands the image over, and it is pushed from here. For
 * the same reason it takes no layers from the registry; the daemon's own cache is there.
 */
export const buildWithDocker: Builder = async (inputs, stay, run) => {
  // The way to the rehearsal's registries would keep Docker from those that base images come from.
  const { HTTPS_PROXY: _proxy, SSL_CERT_FILE: _authority, ...env } = run.env;
  const docker = (...args: string[]) =>
    tool("docker", args, { ...run, env: { ...env, DOCKER_BUILDKIT: inputs.buildKit ? "1" : "0" } });
  const args = Object.entries(inputs.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const { imageName, dockerfile, platform, target, context } = inputs;
  const which = ["--file", dockerfile, "--platform", platform, ...(target ? ["--target", target] : [])];
  await docker("build", ...which, ...args, "--tag", imageName, context);
  if (stay) {
    return docker("image", "inspect", "--format", "{{.Id}}", imageName);
  }
  const work = await mkdtemp(join(tmpdir(), "mcpaas-image-"));
  try {
    const archive = join(work, "image.tar");
    await docker("image", "save", "--output", archive, imageName);
    return await push(archive, inputs, run);
  } finally {
    await rm(work, { recursive: true, force: true });
    // The name is that of a registry which is gone soon. What it was built of stays in Docker's cache.
    await docker("image", "rm", "--no-prune", imageName).catch(() => undefined);
  }
};

/** Makes it of the files that the Dockerfile copies, without the base image and without running anything. */
export const buildFromFiles: Builder = async (inputs, stay, run) => {
  const context = await readContext(inputs.context, inputs.dockerfile);
  const stage = followDockerfile(context, inputs.args, inputs.target);
  const work = await mkdtemp(join(tmpdir(), "mcpaas-image-"));
  try {
    const id = await writeLayout(work, stage, inputs.platform);
    return stay ? id : await push(work, inputs, run);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
