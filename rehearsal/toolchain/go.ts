import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { RehearsalError } from "../errors.ts";
import { buildFlags, type Chart, goVersion, moduleDir, type Program } from "./recipe.ts";

/** What the build uses of the caller's environment, and what it sets itself. */
function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    // A user's workspace or flags (a vendor folder, say) are meant for other modules.
    GOWORK: "off",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    // The compiler is short-lived: collecting garbage less often saves a tenth of the time and stays
    // far below 2 GiB a process.
    GOGC: env["GOGC"] ?? "400",
  };
}

/**
 * Returns what `go version` prints.
 *
 * @throws {RehearsalError} when Go is missing or older than the pinned modules need.
 */
export async function assertGo(env: NodeJS.ProcessEnv): Promise<string> {
  const need = `Go ${goVersion} or newer builds the Pulumi CLI, the kubernetes plugin and the Kubernetes control plane`;
  const result = await execa("go", ["version"], { env: goEnvironment(env), extendEnv: false, reject: false });
  if (result.exitCode !== 0) {
    throw new RehearsalError(
      `Go is not on PATH. ${need}.`,
      "install it from https://go.dev/dl and run the command again",
    );
  }
  const [, major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(result.stdout) ?? []).map(Number);
  const [needMajor = 0, needMinor = 0] = goVersion.split(".").map(Number);
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new RehearsalError(
      `Go ${major}.${minor} is too old. ${need}.`,
      "install a newer one from https://go.dev/dl",
    );
  }
  return result.stdout;
}

/** How far a build is. */
export interface BuildProgress {
  modules: number;
  packages: number;
  packagesAtMost: number;
  linked: number;
}

/**
 * Builds the programs into `out`, each under the last part of its package path as `go build` does.
 *
 * @throws {RehearsalError} when the build fails; the message holds the compiler's last lines.
 */
export async function goBuild(
  packages: readonly Program[],
  out: string,
  env: NodeJS.ProcessEnv,
  onProgress: (progress: BuildProgress) => void,
): Promise<void> {
  const progress: BuildProgress = { modules: 0, packages: 0, packagesAtMost: 0, linked: 0 };
  const names = packages.map((program) => program.package);
  const listed = await runGo(["list", "-deps", ...names], env, (line) => {
    if (line.startsWith("go: downloading")) {
      progress.modules += 1;
      onProgress(progress);
    }
  });
  progress.packagesAtMost = listed.split("\n").length;
  // `go build` tells when a package is compiled, and not when a program is linked: those show as files.
  const watch = setInterval(async () => {
    progress.linked = (await readdir(out).catch(() => [])).length;
    onProgress(progress);
  }, 1000);
  try {
    await runGo(["build", "-v", ...buildFlags, "-o", `${out}/`, ...names], env, (line) => {
      progress[line.startsWith("go: downloading") ? "modules" : "packages"] += 1;
      onProgress(progress);
    });
  } finally {
    clearInterval(watch);
  }
}

/** Returns the folder of each module in the module cache. */
export async function moduleFolders(
  modules: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Map<string, string>> {
  const lines = await runGo(["list", "-m", "-f", "{{.Path}}\t{{.Dir}}", ...modules], env, () => undefined);
  return new Map(lines.split("\n").map((line) => line.split("\t") as [string, string]));
}

/** Packages a chart as upstream's release does, into `out`. */
export async function packageChart(
  helm: string,
  chart: Chart,
  moduleFolder: string,
  out: string,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "mcpaas-chart-"));
  try {
    // The module cache is read-only, and helm wants to lock the folder.
    await cp(join(moduleFolder, chart.from), work, { recursive: true, mode: 0 });
    await mkdir(out, { recursive: true });
    await execa(helm, [
      "package",
      work,
      "--version",
      chart.version,
      "--app-version",
      chart.version,
      "-d",
      out,
    ]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runGo(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<string> {
  const child = execa("go", args, {
    cwd: moduleDir,
    env: goEnvironment(env),
    extendEnv: false,
    reject: false,
  });
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", onLine);
  }
  const result = await child;
  if (result.exitCode === 0) {
    return result.stdout;
  }
  if (/no space left on device/i.test(result.stderr)) {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  }
  const problems = result.stderr
    .split("\n")
    .filter((line) => /[: ]/.test(line.trim()) && !line.startsWith("go: downloading"));
  throw new RehearsalError(
    `go ${args[0]} failed: ${problems.slice(-12).join("\n") || result.shortMessage}`,
    "run the command again: what has been compiled is kept",
  );
}
