import { readdirSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMap, parseDocument } from "yaml";
import { RehearsalError } from "./errors.ts";

/** The checkout that this file is part of. */
export const repository = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * Where Node keeps what it has compiled, for all of a rehearsal's programs: half of the time in which one of them
 * loads its modules. `npm ci` empties it.
 */
export const compileCache = join(repository, "node_modules", ".cache", "node");

const settingsFile = /^Pulumi\.([^.]+)\.yaml$/;

/**
 * Makes the folder that Pulumi runs in: every file of the checkout is linked, so that it is the same
 * program, and only the stacks' settings are copied, because Pulumi writes an encryption salt for its
 * state into them and the checkout's own belong to real stacks.
 *
 * @returns the folder.
 * @throws {RehearsalError} when a stack's settings hold secrets that only its own key opens.
 */
export async function layOutProject(dir: string): Promise<string> {
  const project = join(dir, "project");
  await mkdir(project, { recursive: true });
  for (const name of await readdir(repository)) {
    if (settingsFile.test(name)) {
      const text = await readFile(join(repository, name), "utf8");
      await writeFile(join(project, name), settingsCopy(text, name));
    } else if (name !== ".git" && name !== ".rehearsal") {
      await symlink(join(repository, name), join(project, name));
    }
  }
  return project;
}

/** The stacks that have settings in the checkout, Pulumi.<stack>.yaml. */
export function stackNames(): string[] {
  return readdirSync(repository).flatMap((name) => settingsFile.exec(name)?.[1] ?? []);
}

/** A stack's settings without what ties them to the real stack's own encryption. */
export function settingsCopy(text: string, file: string): string {
  const document = parseDocument(text);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) {
    document.delete(key);
  }
  const config = document.get("config");
  const secret = isMap(config)
    ? config.items.filter(({ value }) => isMap(value) && value.has("secure")).map(({ key }) => String(key))
    : [];
  if (secret.length > 0) {
    throw new RehearsalError(
      `${file} holds secrets that only the real stack can read: ${secret.join(", ")}`,
      "rehearse a checkout without them, or move them to where the platform keeps secrets",
    );
  }
  return document.toString();
}
