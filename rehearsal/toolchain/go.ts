import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { RehearsalError } from "../errors.ts";
import { buildFlags, buildTags, type GoModule, type ModuleData, moduleDir, type Program } from "./recipe.ts";

/** How `go` is run. */
export interface GoRun {
  env: NodeJS.ProcessEnv;
  /** Ends it. */
  signal: AbortSignal;
}

/** How far a build is. */
export interface BuildProgress {
  modules: number;
  packages: number;
  packagesAtMost: number;
  linked: number;
}

/** @throws {RehearsalError} when Go is missing or older than go.mod asks for. */
export async function assertGo({ env }: GoRun): Promise<void> {
  const wanted = /^go (\S+)$/m.exec(await readFile(join(moduleDir, "go.mod"), "utf8"))?.[1] ?? "";
  const need = `Go ${wanted} or newer builds the Pulumi CLI, the kubernetes plugin and the Kubernetes control plane`;
  const result = await execa("go", ["version"], { env: goEnvironment(env), extendEnv: false, reject: false });
  if (result.exitCode !== 0) {
    throw new RehearsalError(
      `Go is not on PATH. ${need}.`,
      "install it from https://go.dev/dl and run the command again",
    );
  }
  const found = /go(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout)?.[1] ?? "";
  if (found.localeCompare(wanted, "en", { numeric: true }) < 0) {
    throw new RehearsalError(
      `Go ${found} is too old. ${need}.`,
      "install a newer one from https://go.dev/dl",
    );
  }
}

/**
 * Builds the programs into `out`, each under the last part of its package path as `go build` does.
 *
 * @throws {RehearsalError} when the build fails; the message holds the compiler's last lines.
 */
export async function goBuild(
  programs: readonly Program[],
  out: string,
  run: GoRun,
  onProgress: (progress: BuildProgress) => void,
): Promise<void> {
  const progress: BuildProgress = { modules: 0, packages: 0, packagesAtMost: 0, linked: 0 };
  const byModule = [...Map.groupBy(programs, (program) => program.pinnedIn ?? ".")].map(
    ([module, pinned]) => ({ module, names: pinned.map((program) => program.package) }),
  );
  for (const { module, names } of byModule) {
    const listed = await go(module, ["list", "-deps", ...tagsOf(module), ...names], run, (line) => {
      if (line.startsWith("go: downloading")) {
        progress.modules += 1;
        onProgress(progress);
      }
    });
    progress.packagesAtMost += listed.split("\n").length;
  }
  // `go build` tells when a package is compiled, and not when a program is linked: those show as files.
  const watch = setInterval(async () => {
    progress.linked = (await readdir(out).catch(() => [])).length;
    onProgress(progress);
  }, 1000);
  try {
    for (const { module, names } of byModule) {
      await go(
        module,
        ["build", "-v", ...buildFlags, ...tagsOf(module), "-o", `${out}/`, ...names],
        run,
        (line) => {
          progress[line.startsWith("go: downloading") ? "modules" : "packages"] += 1;
          onProgress(progress);
        },
      );
    }
  } finally {
    clearInterval(watch);
  }
}

function tagsOf(module: GoModule): string[] {
  const tags = buildTags[module];
  return tags === undefined ? [] : ["-tags", tags];
}

/** Returns the folder of each module in the module cache. */
export async function moduleFolders(data: readonly ModuleData[], run: GoRun): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const [pinnedIn, pinned] of Map.groupBy(data, (one) => one.pinnedIn ?? ".")) {
    const modules = new Set(pinned.map(({ module }) => module));
    // A build fetches only what it compiles, and of some modules that is nothing.
    await go(pinnedIn, ["mod", "download", ...modules], run, () => undefined);
    const format = ["-f", "{{.Path}}\t{{.Dir}}"];
    const lines = await go(pinnedIn, ["list", "-m", ...format, ...modules], run, () => undefined);
    for (const line of lines.split("\n")) {
      const [module = "", folder = ""] = line.split("\t");
      folders.set(module, folder);
    }
  }
  return folders;
}

async function go(
  module: GoModule,
  args: string[],
  run: GoRun,
  onLine: (line: string) => void,
): Promise<string> {
  const child = execa("go", args, {
    cwd: join(moduleDir, module),
    env: goEnvironment(run.env),
    extendEnv: false,
    reject: false,
    cancelSignal: run.signal,
  });
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", onLine);
  }
  const result = await child;
  run.signal.throwIfAborted();
  if (result.exitCode === 0) {
    return result.stdout;
  }
  const problems = result.stderr
    .split("\n")
    .filter((line) => /[: ]/.test(line.trim()) && !line.startsWith("go: downloading"));
  throw toolFailure(`go ${args[0]}`, problems.slice(-12).join("\n") || result.shortMessage || "");
}

/** What a failed tool means; a full disk is told apart, because its way out is another one. */
export function toolFailure(what: string, output: string): Error {
  if (/no space left on device/i.test(output)) {
    return Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  }
  return new RehearsalError(
    `${what} failed: ${output}`,
    "run the command again: what has been compiled is kept",
  );
}

/** What the build uses of the caller's environment, and what it sets itself. */
function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    // A user's workspace, flags (a vendor folder, say) and targets are meant for other modules.
    GOWORK: "off",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "local",
    GOOS: undefined,
    GOARCH: undefined,
    GOAMD64: undefined,
    GOARM64: undefined,
    GOEXPERIMENT: undefined,
    CGO_ENABLED: "0",
    // The compiler is short-lived: collecting garbage less often saves a tenth of the time and stays
    // far below 2 GiB a process.
    GOGC: env["GOGC"] ?? "400",
  };
}
