import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { RehearsalError } from "./errors.ts";
import { type Identity, isAlive, signal } from "./identity.ts";
import { endLeftovers } from "./processes.ts";

/** Marks the folders that a rehearsal made: only those are ever moved or deleted. */
const marker = ".mcpaas-rehearsal";
const supervisorFile = "supervisor.json";

/**
 * Makes an empty folder for a rehearsal and calls `start` while no other start can interfere. What was
 * there before is kept as `<dir>.previous`.
 *
 * @param start starts the supervisor and returns its identity.
 * @throws {RehearsalError} when a rehearsal is up in the folder, or the folder is somebody else's.
 */
export async function occupy<T>(dir: string, start: () => Promise<T>): Promise<T> {
  await mkdir(join(dir, ".."), { recursive: true });
  const release = await lockStart(dir);
  try {
    const up = await supervisorOf(dir);
    if (up) {
      throw new RehearsalError(
        `a rehearsal is up in ${dir} (process ${up.pid})`,
        "npm run rehearse -- --down ends it; --dir with another folder runs a second one",
      );
    }
    await endLeftovers(dir);
    for (const folder of [dir, `${dir}.previous`]) {
      await assertOurs(folder);
    }
    await rm(`${dir}.previous`, { recursive: true, force: true });
    if (existsSync(dir)) {
      await rename(dir, `${dir}.previous`);
    }
    // Keys, passphrase and logs are nobody else's business.
    await mkdir(join(dir, "logs"), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, marker), "");
    return await start();
  } finally {
    await release();
  }
}

/** Notes who holds the folder. */
export async function noteSupervisor(dir: string, supervisor: Identity): Promise<void> {
  await writeFile(join(dir, supervisorFile), JSON.stringify(supervisor));
}

/** The supervisor that runs in a folder, if one does. */
export async function supervisorOf(dir: string): Promise<Identity | undefined> {
  const text = await readFile(join(dir, supervisorFile), "utf8").catch(() => undefined);
  const supervisor = text === undefined ? undefined : (JSON.parse(text) as Identity);
  return supervisor && isAlive(supervisor) ? supervisor : undefined;
}

/** Ends a supervisor, and with it everything that it started. @throws {RehearsalError} when it doesn't end. */
export async function endSupervisor(dir: string, supervisor: Identity): Promise<void> {
  signal(supervisor, "SIGTERM");
  const deadline = performance.now() + 60_000;
  while (isAlive(supervisor)) {
    if (performance.now() > deadline) {
      throw new RehearsalError(
        `the supervisor (process ${supervisor.pid}) does not end`,
        `look at ${dir}/logs/supervisor.log`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await endLeftovers(dir);
}

async function lockStart(dir: string): Promise<() => Promise<void>> {
  try {
    return await lockfile.lock(dir, { realpath: false, stale: 30_000, lockfilePath: `${dir}.lock` });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") {
      throw new RehearsalError(
        `another rehearsal is just starting in ${dir}`,
        "wait for it, or use --dir with another folder",
      );
    }
    throw error;
  }
}

async function assertOurs(folder: string): Promise<void> {
  const entries: string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return [];
    }
    throw new RehearsalError(`${folder} can't be used (${error.code})`, "give another folder with --dir");
  });
  if (entries.length > 0 && !entries.includes(marker)) {
    throw new RehearsalError(
      `${folder} holds files that no rehearsal made`,
      "give an empty or new folder with --dir",
    );
  }
}
