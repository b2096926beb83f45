import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { ignores } from "./patterns.ts";

/** What an image is built from. */
export interface BuildContext {
  /** The Dockerfile's text. */
  dockerfile: string;
  /** The Dockerfile's path from the context, where the plugin's output has it. */
  dockerfilePath: string;
  /** Files and symbolic links that are not left out, by their path in the context, in its order: where they are. */
  files: Map<string, string>;
  /** Changes with every file, its name and whether it can be executed, and with the Dockerfile. */
  digest: string;
}

/**
 * Reads a build context, with the ignore file that belongs to the Dockerfile, or else the context's own, as the
 * plugin and Docker do. Its folder may be a link, a file in it stays one.
 *
 * @throws {Error} when Dockerfile or context can't be read.
 */
export async function readContext(context: string, dockerfile: string): Promise<BuildContext> {
  const root = await realpath(context);
  const text = await readFile(dockerfile, "utf8");
  const ignored = ignores(
    (await readIfThere(`${dockerfile}.dockerignore`)) ??
      (await readIfThere(join(root, ".dockerignore"))) ??
      "",
  );
  const files = new Map<string, string>();
  const hash = createHash("sha256").update(`${text.length}\n${text}`);
  for (const path of (await pathsBelow(root)).filter((one) => !ignored(one)).sort()) {
    const file = join(root, path);
    files.set(path, file);
    const facts = await lstat(file);
    const content = facts.isSymbolicLink() ? await readlink(file) : await readFile(file);
    hash.update(`${path}\0${facts.isSymbolicLink() ? "link" : facts.mode & 0o100}\0${content.length}\0`);
    hash.update(content);
  }
  const dockerfilePath = relative(root, await realpath(dockerfile));
  return { dockerfile: text, dockerfilePath, files, digest: hash.digest("hex") };
}

/** Paths of all files and links; other things, such as sockets, can't be in an image. */
async function pathsBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
