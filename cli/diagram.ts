import { Command } from "commander";
import { progressOn } from "./progress.ts";
import { exitCodes } from "./userError.ts";
import { words } from "./values.ts";

interface Flags {
  stack?: string;
  check?: boolean;
  json?: boolean;
}

const FILE = "docs/architecture.md";

const examples = `
Examples:
  $ npm run diagram                     write ${FILE} anew
  $ npm run diagram -- --check          is it as the program is?
  $ npm run --silent diagram -- -s dev  one stack's diagram, for elsewhere

The program is run with each stack's settings; neither Azure nor a cluster is
asked. An arrow goes from what has to be there first.

Exit codes:
  0  written, printed or as it should be
  1  with --check: ${FILE} is not what the program is
  2  the command line or a stack's settings are wrong`;

/**
 * `mcpaas diagram`: the architecture as the program's own graph of resources.
 *
 * @param end is told the exit code
 */
export function diagramCommand(end: (exitCode: number) => void): Command {
  return new Command("diagram")
    .description(`Draw what each stack is made of, and write it into ${FILE}.`)
    .option("-s, --stack <name>", "print this stack's diagram, and write nothing", words)
    .option("--check", "write nothing, and say whether the file is as the program is")
    .option("--json", "print the parts and edges of a stack as JSON; needs --stack")
    .addHelpText("after", examples)
    .action(async ({ stack, check = false, json }: Flags, command: Command) => {
      if (json && stack === undefined) command.error("error: --json needs --stack");
      if (check && stack !== undefined) command.error("error: --check can't be used with --stack");
      // The program brings Pulumi's SDKs: --help and a wrong flag shouldn't wait for them.
      const { diagramOf, graphOfStack, update } = await import("./diagram/document.ts");
      if (stack !== undefined) {
        const folder = process.cwd();
        console.log(
          json
            ? JSON.stringify(await graphOfStack(stack, folder), undefined, 2)
            : await diagramOf(stack, folder),
        );
        return;
      }
      const progress = progressOn(process.stderr, process.env);
      const draw = (name: string) => {
        progress.show(() => `running the program as ${name}`);
        return diagramOf(name, process.cwd());
      };
      const same = await update(FILE, check, draw).finally(() => progress.end());
      if (!same && check) {
        console.error(`${FILE} is not what the program is; npm run diagram writes it anew`);
        end(exitCodes.failed);
      } else {
        console.log(same ? `${FILE} is up to date` : `${FILE} is written anew`);
      }
    });
}
