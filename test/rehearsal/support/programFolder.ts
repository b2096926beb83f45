import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { build } from "../../../package/build.ts";
import { pulumiAnswer } from "../../../rehearsal/engine.ts";
import type { Running } from "../../../rehearsal/environment.ts";
import { repository } from "../../../rehearsal/workspace.ts";

/** Makes the package's archive in a folder, as `npm run package` and `npm pack` do. */
export async function packed(dir: string): Promise<string> {
  const dist = join(dir, "dist");
  build(dist);
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", dir], { cwd: dist });
  return join(dir, stdout.trim());
}

/**
 * What `npm install` of the archive does, without a registry: the package is unpacked below node_modules, and of what
 * the checkout has installed only those packages are beside it that its manifest asks for.
 *
 * @param more packages that the program itself brings, such as its compiler
 */
export async function install(archive: string, folder: string, more: readonly string[] = []): Promise<void> {
  const modules = join(folder, "node_modules");
  const place = join(modules, "mcpaas");
  await mkdir(place, { recursive: true });
  await execa("tar", ["-xzf", archive, "--strip-components=1", "-C", place]);
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(place, "package.json"), "utf8"));
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...more]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(repository, "node_modules", name), join(modules, name));
  }
}

/** An example as a person has it who copied it: a folder outside the checkout, with a stack. */
export async function copiedExample(running: Running, example: string, folder: string): Promise<Running> {
  await cp(join(repository, "examples", example), folder, { recursive: true });
  await rm(join(folder, "package.json"), { force: true });
  await writeFile(join(folder, "package.json"), '{ "name": "copied", "private": true, "type": "module" }\n');
  const copied = { ...running, project: folder, environment: { ...running.environment, stack: "dev" } };
  await pulumiAnswer(copied, ["stack", "init", "dev"]);
  return copied;
}
