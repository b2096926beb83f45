import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "@mcpaas/mcp-http";

/** A file that a run needs, by its path from the catalogue's folder. */
export interface WorkspaceFile {
  path: string;
  content: string;
}

/** A run's own folders. */
export interface Workspace {
  /** Names the run. */
  id: string;
  /** `$HOME`. */
  home: string;
  /** `$TMPDIR`. */
  tmp: string;
  /** Working directory of the first command. */
  work: string;
  /** The document and those that it needs. */
  documents: string;
  /** What `ie` passes from one block to the next. */
  state: string;
  /** Where `ie` puts its report. */
  report: string;
  /** Removes all of it. */
  remove(): Promise<void>;
}

/** Makes the folders of one run, which only this user can enter, and writes its documents. */
export async function createWorkspace(folder: string, files: readonly WorkspaceFile[]): Promise<Workspace> {
  const root = await mkdtemp(join(folder, "innovation-engine-"));
  const place = (name: string) => join(root, name);
  for (const name of ["home", "tmp", "work", "documents", "state"]) await mkdir(place(name), { mode: 0o700 });
  for (const { path, content } of files) {
    await mkdir(dirname(join(place("documents"), path)), { recursive: true });
    await writeFile(join(place("documents"), path), content);
  }
  return {
    id: randomUUID(),
    home: place("home"),
    tmp: place("tmp"),
    work: place("work"),
    documents: place("documents"),
    state: place("state"),
    report: place("report.json"),
    // Several times, should something be written meanwhile.
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Throws a `ConfigError` when runs could not get folders. */
export async function checkWritable(setting: string, folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    const probe = join(folder, `.innovation-engine-${randomUUID()}`);
    await (await open(probe, "wx")).close();
    await rm(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const remedy = "mount a folder that user can write to, for example an emptyDir at /tmp";
    throw new ConfigError(
      `${setting} ${folder} can't be written by user ${process.getuid?.()} (${code}); ${remedy}`,
    );
  }
}

/** Makes a folder that only this user can enter, unless it is there; not those above it. */
export async function makeFolder(path: string): Promise<void> {
  // Not `recursive`, with which Node never comes back from folders such as /proc/none.
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}
