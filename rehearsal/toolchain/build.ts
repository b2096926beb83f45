import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { makeData } from "./data.ts";
import { type BuildProgress, type GoRun, goBuild, moduleFolders } from "./go.ts";
import { charts, type Program, shared } from "./recipe.ts";

/** The CLI stands in a folder of its own, so that it can be left off PATH when the user has one. */
export function placeOf(dir: string, program: Program): string {
  return join(dir, program.name === "pulumi" ? "cli" : "bin", program.name);
}

/** Waits until no other run builds into `root`, and returns what lets go of it. */
export async function lockBuild(
  root: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockfile.lock(root, {
        stale: 15_000,
        update: 5_000,
        // A machine that slept has lost its claim. The worst that follows is a second build of the same.
        onCompromised: () => onProgress("the build's lock was lost while this machine slept"),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
        throw error;
      }
      onProgress("another run is building the toolchain: waiting for it");
      await delay(1_000, undefined, { signal });
    }
  }
}

/** Builds what `dir` lacks of the programs, and the data that belongs to them. */
export async function build(
  dir: string,
  wanted: readonly Program[],
  onProgress: (line: string) => void,
  run: GoRun,
  started: number,
): Promise<void> {
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, "out"), { recursive: true });
  const missing = wanted.filter((program) => !existsSync(placeOf(dir, program)));
  // Programs are in place before the data is: a build that ended in between has only the data to make.
  if (missing.length > 0) {
    onProgress(
      `building ${missing.map(({ name }) => name).join(", ")} (once; about a quarter of an hour on two cores)`,
    );
    await goBuild(missing, join(partial, "out"), run, (progress) =>
      onProgress(describe(progress, missing.length, performance.now() - started)),
    );
  }
  for (const program of missing) {
    const place = placeOf(dir, program);
    await mkdir(dirname(place), { recursive: true });
    await rename(join(partial, "out", outputName(program.package)), place);
  }
  const share = join(partial, "share");
  const folders = await moduleFolders([...shared, ...charts], run);
  await makeData(share, join(dir, "bin", "helm"), folders);
  await rm(join(dir, "share"), { recursive: true, force: true });
  await rename(share, join(dir, "share"));
  await rm(partial, { recursive: true, force: true });
}

/** `go build` names a program after the last part of its path that is no major version. */
function outputName(goPackage: string): string {
  return basename(goPackage.replace(/\/v\d+$/, ""));
}

function describe(progress: BuildProgress, programCount: number, elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  const elapsed = `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
  return progress.packagesAtMost === 0
    ? `downloading Go modules: ${progress.modules}, ${elapsed}`
    : `compiled ${progress.packages} of at most ${progress.packagesAtMost} packages, linked ${progress.linked} of ${programCount} programs, ${elapsed}`;
}
