import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this file is part of. */
export const repository = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * Makes the folder that Pulumi runs in: every file of the checkout is linked, so that it is the same
 * program, and only the stacks' settings are copied, because Pulumi writes an encryption salt for its
 * state into them and the checkout's own belong to real stacks.
 *
 * @returns the folder.
 */
export async function layOutProject(dir: string): Promise<string> {
  const project = join(dir, "project");
  await mkdir(project, { recursive: true });
  for (const name of await readdir(repository)) {
    if (/^Pulumi\.[^.]+\.yaml$/.test(name)) {
      await copyFile(join(repository, name), join(project, name));
    } else if (name !== ".git" && name !== ".rehearsal") {
      await symlink(join(repository, name), join(project, name));
    }
  }
  return project;
}
