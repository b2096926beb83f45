import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { RehearsalError } from "../errors.ts";
import { build, lockBuild, placeOf } from "./build.ts";
import { assertGo, type GoRun } from "./go.ts";
import { ownKubernetesPlugin, ownPulumi } from "./own.ts";
import { moduleDir, otherModules, type Program, programs } from "./recipe.ts";

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
export async function toolchainKey(): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  const steps = ["recipe.ts", "go.ts", "build.ts", "data.ts"];
  const files = ["go.mod", "go.sum", ...steps, "pulumi-resource-kubernetes/main.go"];
  for (const folder of otherModules) {
    for (const entry of await readdir(join(moduleDir, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) {
        files.push(relative(moduleDir, join(entry.parentPath, entry.name)));
      }
    }
  }
  for (const file of files.sort()) {
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

function missingFrom(dir: string, wanted: readonly Program[]): boolean {
  return !existsSync(join(dir, "share")) || wanted.some((program) => !existsSync(placeOf(dir, program)));
}

function explainFile(error: unknown, root: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
      return new RehearsalError(
        `the disk that holds ${root} is full; the toolchain and Go's caches take about 7 GiB`,
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
