import { closeSync, openSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { PreparedDocument } from "../document/prepare.ts";
import { type Engine, stateDescriptor } from "./binary.ts";
import { type ProcessEnd, runProcess } from "./process.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** Where `ie` has its state unless it was built to have it elsewhere: internal/lib/env.go. */
const upstreamState = "/tmp";

/**
 * Where nothing answers, for what executes nothing: should `ie` see a prerequisite that wasn't seen here, it fetches
 * none. Go leaves loopback addresses out of this.
 */
const noNetwork = {
  HTTP_PROXY: "http://127.0.0.1:1",
  HTTPS_PROXY: "http://127.0.0.1:1",
  NO_PROXY: "",
  no_proxy: "",
};

/** One call of `ie`. */
export interface IeCall {
  command: "execute" | "test" | "to-bash";
  variables: Record<string, string>;
  signal: AbortSignal;
  timeoutMs: number;
  onStdout: (chunk: Uint8Array) => void;
}

/** What `ie` is called with. */
export interface IeOptions {
  config: Config;
  engine: Engine;
  log: Logger;
  /** Folder of the state of an `ie` that has no own one for each run. @default "/tmp" */
  sharedState?: string;
}

/**
 * Calls `ie` in folders and an environment that nothing else has. `after` can look at the folders before they are
 * removed. At an `ie` without `ownState`, only one call of "execute" or "test" may be under way.
 */
export async function callIe<T>(
  prepared: PreparedDocument,
  call: IeCall,
  options: IeOptions,
  after: (end: ProcessEnd, workspace: Workspace) => T | Promise<T>,
): Promise<T> {
  const workspace = await createWorkspace(options.config.workDir, prepared.files);
  try {
    return await after(await runIn(workspace, prepared, call, options), workspace);
  } finally {
    await workspace
      .remove()
      .catch((error) => options.log.warn({ err: error }, "a run's folder can't be removed"));
  }
}

async function runIn(
  workspace: Workspace,
  prepared: PreparedDocument,
  call: IeCall,
  { config, engine, sharedState = upstreamState }: IeOptions,
): Promise<ProcessEnd> {
  const { command, variables, signal, timeoutMs, onStdout } = call;
  const clear =
    command === "to-bash"
      ? async () => {}
      : await freshState(engine.ownState ? workspace.state : sharedState);
  const descriptor = openSync(workspace.state, "r");
  try {
    return await runProcess({
      path: engine.path,
      args: [
        command,
        join(workspace.documents, prepared.path),
        // In any other environment, ie test draws on a terminal and fails without one.
        ...(command === "test" ? ["--environment", "github-action", "--report", workspace.report] : []),
        ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
        // Its log would be a second copy of all output.
        ...["--log-level", "fatal"],
      ],
      cwd: workspace.work,
      env: {
        ...config.passedEnvironment,
        PATH: config.runPath,
        HOME: workspace.home,
        TMPDIR: workspace.tmp,
        LANG: "C.UTF-8",
        TERM: "dumb",
        ...(command === "to-bash" ? noNetwork : {}),
      },
      run: workspace.id,
      descriptors: engine.ownState ? { [stateDescriptor]: descriptor } : {},
      killGraceMs: config.killGraceSeconds * 1000,
      signal,
      timeoutMs,
      onStdout,
    });
  } finally {
    closeSync(descriptor);
    await clear();
  }
}

/** Clears what an earlier run may have left, which a next one would go on with; returns what does so again. */
async function freshState(folder: string): Promise<() => Promise<void>> {
  const [variables, directory] = [join(folder, "env-vars"), join(folder, "working-dir")];
  const clear = async () => {
    for (const file of [variables, directory]) await rm(file, { force: true });
  };
  await clear();
  // ie test writes no report of a document whose first block fails, unless this file is there.
  await writeFile(variables, "", { mode: 0o600 });
  return clear;
}
