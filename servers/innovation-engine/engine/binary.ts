import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "@mcpaas/mcp-http";

/** The one commit of Azure/InnovationEngine whose behaviour this server knows. The Dockerfile builds it. */
export const ieCommit = "a602e836265c84136b31e278d24d6584d90c5c39";

/**
 * Where the Dockerfile's build has its state files: behind a file descriptor that each run opens on a folder of
 * its own. Upstream has them in /tmp, under the same two names for all.
 */
export const stateDescriptor = 19;

/** The mark of that build in `ie version`. */
const ownState = `+state-fd${stateDescriptor}`;

/** An `ie` that was found to work. */
export interface Engine {
  /** Absolute path of the program. */
  path: string;
  /** For example "v0.2.3-15-ga602e83+state-fd19". */
  version: string;
  /** Whether runs can't see each other's state; else only one may run at a time. */
  ownState: boolean;
}

/** Finds `ie` and asks for its version; throws a `ConfigError` when it is missing or another one. */
export async function findEngine(iePath: string, folders: readonly string[]): Promise<Engine> {
  const path = await locate(iePath, folders);
  const version = await versionOf(path);
  const commit = /^Commit: (\w{7,40})$/m.exec(version)?.[1];
  if (commit === undefined || !ieCommit.startsWith(commit)) {
    const found = commit === undefined ? "says no commit" : `is commit ${commit}`;
    throw new ConfigError(
      `IE_PATH: ${path} ${found}, but this server needs ${ieCommit.slice(0, 7)}; ${remedy}`,
    );
  }
  const name = /^Version: (.+)$/m.exec(version)?.[1] ?? "";
  return { path, version: name, ownState: name.endsWith(ownState) };
}

const remedy = "build it as servers/innovation-engine/Dockerfile does, and let IE_PATH name it";

async function locate(iePath: string, folders: readonly string[]): Promise<string> {
  const candidates = iePath.includes("/") ? [resolve(iePath)] : folders.map((folder) => join(folder, iePath));
  for (const candidate of candidates) {
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  const place = iePath.includes("/") ? "" : ` in PATH (${folders.join(":")})`;
  throw new ConfigError(`IE_PATH: there is no program ${iePath}${place}; ${remedy}`);
}

async function versionOf(path: string): Promise<string> {
  try {
    // In /proc, where nobody can make the file that it logs to, and at a level where it doesn't complain.
    const args = ["version", "--log-level", "fatal"];
    const { stdout, stderr } = await promisify(execFile)(path, args, {
      cwd: "/proc",
      env: {},
      timeout: 10_000,
    });
    return `${stdout}\n${stderr}`;
  } catch (error) {
    // Releases up to v0.2.3 don't know the command.
    const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`IE_PATH: ${path} can't tell its version (${line}); ${remedy}`);
  }
}
