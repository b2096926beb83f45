import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { alertTestCommand } from "./alertTest.ts";
import { chatAskCommand } from "./chatAsk.ts";
import { costCommand } from "./cost.ts";
import { costPricesCommand } from "./costPrices.ts";
import { dashboardsCommand } from "./dashboards.ts";
import { diagnoseCommand } from "./diagnose.ts";
import { diagramCommand } from "./diagram.ts";
import { loadCommand } from "./load.ts";
import { mcpCommand } from "./mcp.ts";
import { previewCommentCommand } from "./previewComment.ts";
import { selectSkuCommand } from "./selectSku.ts";
import { settingsCommand } from "./settings.ts";
import { tuneCompareCommand } from "./tuneCompare.ts";
import { tunePrepareCommand } from "./tunePrepare.ts";
import { exitCodes, UserError } from "./userError.ts";

/** Runs the command line's arguments, prints, and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const program = commandLine((exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return failure(error);
  }
  return code;
}

/** The command with all its subcommands. `end` gets the exit code of one that ends with another than 0. */
export function commandLine(end: (exitCode: number) => void): Command {
  const program = new Command("mcpaas")
    .description(manifest.description)
    .version(manifest.version)
    .showHelpAfterError("(--help says more)")
    .exitOverride();
  for (const command of [
    selectSkuCommand(end),
    settingsCommand(),
    tunePrepareCommand(end),
    tuneCompareCommand(end),
    diagnoseCommand(end),
    mcpCommand(end),
    loadCommand(end),
    chatAskCommand(end),
    alertTestCommand(end),
    costCommand(end),
    costPricesCommand(),
    dashboardsCommand(),
    previewCommentCommand(end),
    diagramCommand(end),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

function failure(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message, and ends help and version with 0.
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (error instanceof UserError) {
    console.error(`error: ${error.message}`);
    return error.exitCode;
  }
  throw error;
}
