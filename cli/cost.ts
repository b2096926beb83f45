import { Command, InvalidArgumentError } from "commander";
import { progressOn } from "./progress.ts";
import { exitCodes } from "./userError.ts";
import { positive, words } from "./values.ts";

interface Flags {
  stack: string;
  state?: string;
  preview?: string;
  region?: string;
  vmSize: Record<string, string>;
  prices?: string;
  hours: number;
  logsGb?: number;
  samples?: number;
  /** False for --no-effects. */
  effects: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run cost -- -s dev
  $ npm run cost -- -s dev --vm-size gpu=Standard_NC24ads_A100_v4 --logs-gb 0.5
  $ pulumi preview -s dev --json --show-sames | npm run --silent cost -- --preview -
  $ pulumi stack export -s dev | npm run --silent cost -- --state - --json

Without --state and --preview the program is run with the stack's settings, and
neither Azure nor a cluster is asked. A deployed stack tells the VM sizes that
it has; otherwise each pool has the first one that it prefers.

Exit codes:
  0  the costs are printed, and what is unknown of them
  2  the command line, the settings or a file is wrong`;

/**
 * `mcpaas cost`: what a stack costs a month, and what settings change about it.
 *
 * @param end is told the exit code
 */
export function costCommand(end: (exitCode: number) => void): Command {
  return new Command("cost")
    .description("Say what a stack costs a month at rest and at full scale, and what each setting changes.")
    .option("-s, --stack <name>", "stack whose settings are taken", words, "dev")
    .option("--state <file>", 'take the resources of "pulumi stack export"; "-" is standard input', words)
    .option("--preview <file>", 'take those of "pulumi preview --json --show-sames"', words)
    .option("--region <region>", "Azure region in the place of the settings'", region)
    .option("--vm-size <pool=size>", "VM size of a pool; can be repeated", vmSize, {})
    .option("--prices <file>", "prices of one's own, laid over the table", words)
    .option("--hours <number>", "hours of a month", positive, 730)
    .option("--logs-gb <GB>", "GB of logs a day, at rest", positive)
    .option("--samples <number>", "Prometheus samples a second", positive)
    .option("--no-effects", "don't say what settings change")
    .option("--json", "print JSON instead of tables")
    .addHelpText("after", examples)
    .action(async ({ vmSize, json, ...flags }: Flags, command: Command) => {
      if (flags.state !== undefined && flags.preview !== undefined) {
        command.error("error: --state can't be used with --preview");
      }
      // The program brings Pulumi's SDKs: --help and a wrong flag shouldn't wait for them.
      const { answer } = await import("./cost/run.ts");
      const { asJson, asText } = await import("./cost/print.ts");
      const progress = progressOn(process.stderr, process.env);
      const found = await answer({ ...flags, vmSizes: vmSize }, (text) => progress.show(() => text)).finally(
        () => progress.end(),
      );
      console.log(json ? asJson(found) : asText(found, process.stdout.columns));
      end(exitCodes.ok);
    });
}

function region(text: string): string {
  const name = text.toLowerCase().replaceAll(" ", "");
  if (!/^[a-z0-9]+$/.test(name))
    throw new InvalidArgumentError("It must be the name of a region, such as eastus.");
  return name;
}

function vmSize(text: string, before: Record<string, string>): Record<string, string> {
  const [, pool = "", size = ""] = /^([a-z0-9]+)=(Standard_\w+)$/.exec(text) ?? [];
  if (pool === "")
    throw new InvalidArgumentError("It must be a pool and a size, such as gpu=Standard_NV36ads_A10_v5.");
  return { ...before, [pool]: size };
}
