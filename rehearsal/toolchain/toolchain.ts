import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import lockfile from "proper-lockfile";
import { RehearsalError } from "../errors.ts";
import { assertGo, type BuildProgress, goBuild, moduleFolders, packageChart } from "./go.ts";
import { charts, kubernetesPluginVersion, moduleDir, type Program, programs, shared } from "./recipe.ts";

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

/** Where builds are kept: `MCPAAS_CACHE`, else `$XDG_CACHE_HOME/mcpaas`, else `~/.cache/mcpaas`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env["MCPAAS_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "mcpaas");
}

/** Names a build: it changes with Go, with every pinned version, source and flag. */
async function toolchainKey(goVersionText: string): Promise<string> {
  const hash = createHash("sha256").update(goVersionText);
  for (const file of ["go.mod", "go.sum", "recipe.ts", "pulumi-resource-kubernetes/main.go"]) {
    hash.update(file).update(await readFile(join(moduleDir, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Finds the toolchain in the cache, or builds what is missing. Two calls at once share one build: the
 * second waits for the first. A build that was killed goes on where it stopped, because Go keeps what
 * it has compiled, and a program is moved into place only when it is whole.
 *
 * @param onProgress gets a line for people: how much is built, and how long it has taken.
 * @throws {RehearsalError} when Go is missing or too old, the disk is full, or the build fails.
 */
export async function ensureToolchain(
  onProgress: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Toolchain> {
  const started = performance.now();
  const own = await ownPulumi(env);
  const ownPlugin = ownKubernetesPlugin(env);
  const wanted = programs.filter(
    ({ name }) => !(own && name === "pulumi") && !(ownPlugin && name === "pulumi-resource-kubernetes"),
  );
  const root = join(cacheDir(env), "toolchain");
  const dir = join(root, await toolchainKey(await assertGo(env)));
  let built = false;
  if (missingFrom(dir, wanted)) {
    try {
      await mkdir(root, { recursive: true });
      const release = await lockBuild(root, onProgress);
      try {
        built = missingFrom(dir, wanted);
        if (built) {
          await build(dir, wanted, onProgress, env, started);
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

async function lockBuild(root: string, onProgress: (line: string) => void): Promise<() => Promise<void>> {
  let told = false;
  for (;;) {
    try {
      return await lockfile.lock(root, { stale: 15_000, update: 5_000 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
        throw error;
      }
      if (!told) {
        onProgress("another run is building the toolchain: waiting for it");
        told = true;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

async function build(
  dir: string,
  wanted: readonly Program[],
  onProgress: (line: string) => void,
  env: NodeJS.ProcessEnv,
  started: number,
): Promise<void> {
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, "out"), { recursive: true });
  const missing = wanted.filter((program) => !existsSync(placeOf(dir, program)));
  onProgress(`building ${missing.map(({ name }) => name).join(", ")} (once; about ten minutes on two cores)`);
  await goBuild(missing, join(partial, "out"), env, (progress) =>
    onProgress(describe(progress, missing.length, performance.now() - started)),
  );
  for (const program of missing) {
    const place = placeOf(dir, program);
    await mkdir(dirname(place), { recursive: true });
    await rename(join(partial, "out", outputName(program.package)), place);
  }
  const share = join(partial, "share");
  const folders = await moduleFolders([...new Set([...shared, ...charts].map(({ module }) => module))], env);
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

/** A Pulumi CLI of the same major version on PATH is preferred to one that has to be built. */
async function ownPulumi(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const found = await execa("pulumi", ["version"], { env, extendEnv: false, reject: false });
  if (found.exitCode !== 0 || !/^v3\./.test(found.stdout.trim())) {
    return undefined;
  }
  const where = await execa("sh", ["-c", "command -v pulumi"], { env, extendEnv: false, reject: false });
  return where.stdout.trim() || undefined;
}

function ownKubernetesPlugin(env: NodeJS.ProcessEnv): string | undefined {
  const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const dir = join(home, "plugins", `resource-kubernetes-v${kubernetesPluginVersion}`);
  return existsSync(join(dir, "pulumi-resource-kubernetes")) ? dir : undefined;
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
      return new RehearsalError(
        `can't write to the cache folder ${root} (${(error as NodeJS.ErrnoException).code})`,
        "set MCPAAS_CACHE to a folder that you may write to",
        { cause: error },
      );
    default:
      return error;
  }
}
