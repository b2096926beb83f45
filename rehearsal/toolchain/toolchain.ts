import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { RehearsalError } from "../errors.ts";
import { assertGo, type BuildProgress, type GoRun, goBuild, moduleFolders, packageChart } from "./go.ts";
import { ownKubernetesPlugin, ownPulumi } from "./own.ts";
import { charts, moduleDir, type Program, programs, shared } from "./recipe.ts";

/** A toolchain that is ready to use. */
export interface Toolchain {
  /** The programs but for the Pulumi CLI. */
  bin: string;
  /** The data that belongs to them: charts, kwok's stages, the plugin's schema. */
  share: string;
  /** Folders for PATH, first one first. */
  path: string[];
  /** The Pulumi CLI in use, and whether it is the user's own. */
  pulumi: { program: string; own: boolean };
  /** Milliseconds that building took; 0 when all of it was in the cache. */
  buildMs: number;
}

/** What a toolchain is looked for with. */
export interface ToolchainOptions {
  /** Gets a line for people: how much is built, and how long it has taken. */
  onProgress?: (line: string) => void;
  /** Ends a build, or the wait for one. */
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/** Where builds are kept: `MCPAAS_CACHE`, else `$XDG_CACHE_HOME/mcpaas`, else `~/.cache/mcpaas`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env["MCPAAS_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "mcpaas");
}

/** Names a build: it changes with every pinned version, source, flag and step. */
async function toolchainKey(): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  const files = [
    "go.mod",
    "go.sum",
    "recipe.ts",
    "go.ts",
    "toolchain.ts",
    "pulumi-resource-kubernetes/main.go",
  ];
  for (const file of files) {
    hash.update(file).update(await readFile(join(moduleDir, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Finds the toolchain in the cache, or builds what is missing. Two calls at once share one build: the
 * second waits for the first. A build that was killed goes on where it stopped, because Go keeps what
 * it has compiled, and a program is moved into place only when it is whole.
 *
 * @throws {RehearsalError} when Go is missing or too old, the disk is full, or the build fails.
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const { onProgress = () => undefined, signal = new AbortController().signal, env = process.env } = options;
  const started = performance.now();
  const own = await ownPulumi(env, cacheDir(env));
  const ownPlugin = ownKubernetesPlugin(env);
  const wanted = programs.filter(
    ({ name }) => !(own && name === "pulumi") && !(ownPlugin && name === "pulumi-resource-kubernetes"),
  );
  const root = join(cacheDir(env), "toolchain");
  const dir = join(root, await toolchainKey());
  let built = false;
  if (missingFrom(dir, wanted)) {
    const run: GoRun = { env, signal };
    await assertGo(run);
    try {
      await mkdir(root, { recursive: true });
      const release = await lockBuild(root, onProgress, signal);
      try {
        built = missingFrom(dir, wanted);
        if (built) {
          await build(dir, wanted, onProgress, run, started);
        }
      } finally {
        await release();
      }
    } catch (error) {
      throw explainFile(error, root);
    }
  }
  const bin = join(dir, "bin");
  const hosts = join(moduleDir, "hosts");
  return {
    bin,
    share: join(dir, "share"),
    // The user's own CLI brings its own language host and dynamic-provider launcher.
    path: [...(own ? [] : [hosts, join(dir, "cli")]), ...(ownPlugin ? [ownPlugin] : []), bin],
    pulumi: { program: own ?? join(dir, "cli", "pulumi"), own: own !== undefined },
    buildMs: built ? performance.now() - started : 0,
  };
}

/** The CLI stands in a folder of its own, so that it can be left off PATH when the user has one. */
function placeOf(dir: string, program: Program): string {
  return join(dir, program.name === "pulumi" ? "cli" : "bin", program.name);
}

function missingFrom(dir: string, wanted: readonly Program[]): boolean {
  return !existsSync(join(dir, "share")) || wanted.some((program) => !existsSync(placeOf(dir, program)));
}

async function lockBuild(
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

async function build(
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
      `building ${missing.map(({ name }) => name).join(", ")} (once; about ten minutes on two cores)`,
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
  const folders = await moduleFolders([...new Set([...shared, ...charts].map(({ module }) => module))], run);
  for (const file of shared) {
    const to = join(share, file.to);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(folders.get(file.module) ?? "", file.from), to);
  }
  for (const chart of charts) {
    const out = join(share, "charts", chart.repository);
    await packageChart(join(dir, "bin", "helm"), chart, folders.get(chart.module) ?? "", out);
  }
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

function explainFile(error: unknown, root: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
      return new RehearsalError(
        `the disk that holds ${root} is full; the toolchain and Go's caches take about 6 GiB`,
        "free some room, or set MCPAAS_CACHE, GOCACHE and GOMODCACHE to folders on a larger disk; what was built is kept",
        { cause: error },
      );
    case "EACCES":
    case "EROFS":
    case "EPERM":
    case "ENOTDIR":
    case "EEXIST":
      return new RehearsalError(
        `can't write to the cache folder ${root} (${(error as NodeJS.ErrnoException).code})`,
        "set MCPAAS_CACHE to a folder that you may write to",
        { cause: error },
      );
    default:
      return error;
  }
}
