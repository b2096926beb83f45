import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter } from "node:path";
import { ConfigError } from "@mcpaas/mcp-http";
import type { Logger } from "pino";
import { Catalogue } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { prepareDocument } from "./document/prepare.ts";
import { DocumentReader } from "./document/reader.ts";
import { findEngine } from "./engine/binary.ts";
import { Runner } from "./engine/runner.ts";
import { checkWritable } from "./engine/workspace.ts";
import { Reports } from "./reports.ts";
import type { Services } from "./tool.ts";

/** Checks that the server can work, and makes what tools work with; throws a `ConfigError`. */
export async function createServices(
  config: Config,
  log: Logger,
): Promise<Services & { close: () => Promise<void> }> {
  const engine = await findEngine(config.iePath, foldersOf(process.env["PATH"] ?? config.runPath));
  await checkWritable("WORK_DIR", config.workDir);
  await checkWritable("REPORTS_DIR", config.reportsDir);
  if (!(await stat(config.catalogueDir).catch(() => undefined))?.isDirectory()) {
    throw new ConfigError(`CATALOGUE_DIR ${config.catalogueDir} is not a folder; mount the documents there`);
  }
  const { version, ownState } = engine;
  log.info({ ie: version, execute: config.allowExecute, runs: ownState ? config.maxRuns : 1 }, "found ie");
  if (!ownState) log.warn("this build of ie keeps its state in /tmp: documents run one at a time");
  const home = homeInPasswd();
  if (home !== undefined && config.allowExecute) {
    log.warn(
      { home },
      "this user is in /etc/passwd: ie writes commands to .bash_history in the home given there",
    );
  }

  const reader = new DocumentReader();
  const maxBytes = config.maxDocumentBytes;
  const catalogue = new Catalogue({ folder: config.catalogueDir, reader, maxBytes });
  for (const problem of (await catalogue.list()).problems) log.warn({ problem }, "left out of the catalogue");
  const reports = new Reports({ folder: config.reportsDir, max: config.maxReports });
  const runner = new Runner({ config, engine, reports, log });
  return {
    config,
    catalogue,
    reports,
    runner,
    prepare: (choice) => prepareDocument(choice, { catalogue, reader, maxBytes }),
    async close() {
      await runner.close();
      await reader.close();
    },
  };
}

/** `ie` asks for the user's home there first (internal/lib/user.go), and for $HOME only if there is none. */
function homeInPasswd(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function foldersOf(path: string): string[] {
  return path.split(delimiter).filter((folder) => folder !== "");
}
