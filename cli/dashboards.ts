import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  azureWorkbook,
  type DashboardOptions,
  FEATURES,
  type Feature,
  grafanaDashboard,
  SECTIONS,
} from "../components/dashboards.ts";
import { exitCodes, UserError } from "./userError.ts";
import { list } from "./values.ts";

interface Flags {
  cluster: string;
  title?: string;
  features?: Feature[];
  metricsWorkspace?: string;
  logsWorkspace?: string;
  subscription?: string;
  location?: string;
  runbooks?: string;
}

const choosable = FEATURES.filter((feature) => feature !== "logs" && feature !== "quota");

const examples = `
Examples:
  $ npm run --silent dashboards -- grafana --cluster aks-mcpaas-dev > dashboard.json
  $ npm run --silent dashboards -- workbook --cluster aks-mcpaas-dev \\
      --metrics-workspace /subscriptions/.../providers/microsoft.monitor/accounts/amw-mcpaas-dev
  $ npm run dashboards -- pictures
  $ npm run dashboards -- pictures /tmp/look --section models

Exit codes:
  0  written
  1  a file could not be written
  2  the command line is wrong`;

/** `mcpaas dashboards`: the platform's dashboard for use elsewhere, and its pictures for the documentation. */
export function dashboardsCommand(): Command {
  const command = new Command("dashboards")
    .description(
      "Write the platform's dashboard for another Grafana or as a workbook, or draw it with sample data.",
    )
    .addHelpText("after", examples);
  const grafana = new Command("grafana")
    .description("Print the dashboard as Grafana imports it (version 11 or later).")
    .action((flags: Flags) => print(grafanaDashboard(optionsOf(flags))));
  const workbook = new Command("workbook")
    .description("Print the dashboard as an Azure Monitor workbook.")
    .addOption(
      new Option("--metrics-workspace <id>", "ARM id of the Azure Monitor workspace")
        .argParser(armId)
        .makeOptionMandatory(),
    )
    .action((flags: Flags) => {
      const azureMonitorWorkspaceId = flags.metricsWorkspace ?? "";
      return print(JSON.parse(azureWorkbook({ ...optionsOf(flags), azureMonitorWorkspaceId })));
    });
  const pictures = new Command("pictures")
    .description("Draw each section with the data of an imagined day, as PNG.")
    .argument("[folder]", "where to", "docs/pictures")
    .addOption(
      new Option("--section <id>", "only this one (default: all)").choices(SECTIONS.map(({ id }) => id)),
    )
    .action(draw);
  for (const subcommand of [grafana, workbook]) withChoices(subcommand);
  for (const subcommand of [grafana, workbook, pictures]) {
    // What the program sets for its commands comes later, and doesn't reach commands of commands.
    command.addCommand(subcommand.exitOverride().showHelpAfterError("(--help says more)"));
  }
  return command;
}

function withChoices(command: Command): void {
  command
    .requiredOption("--cluster <name>", "the cluster that it starts with: the label `cluster` of its metrics")
    .option("--title <title>", 'what it is called (default: "MCP platform")')
    .option("--features <names>", `what the platform has (default: all of ${choosable.join(", ")})`, features)
    .option(
      "--logs-workspace <id>",
      "ARM id of the Log Analytics workspace (default: no panels of logs)",
      armId,
    )
    .option("--subscription <id>", "subscription whose quotas are shown (default: no panels of quotas)", guid)
    .option("--location <region>", "region whose quotas are shown (default: all regions)")
    .option("--runbooks <url>", "where this project's files are read, for links (default: no links)");
}

function optionsOf(flags: Flags): DashboardOptions {
  const present = flags.features ?? choosable;
  return {
    title: flags.title,
    clusterName: flags.cluster,
    features: Object.fromEntries(present.map((feature) => [feature, true])),
    logAnalyticsWorkspaceId: flags.logsWorkspace,
    subscriptionId: flags.subscription,
    location: flags.location,
    runbookBase: flags.runbooks,
  };
}

function print(dashboard: object): void {
  console.log(JSON.stringify(dashboard, undefined, 2));
}

async function draw(folder: string, { section: only }: { section?: string }): Promise<void> {
  // Only those who draw wait for the charts' library.
  const { picture, pictureName } = await import("./dashboards/pictures.ts");
  for (const section of SECTIONS.filter(({ id }) => only === undefined || id === only)) {
    const file = join(folder, pictureName(section));
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(file, picture(section));
    } catch (error) {
      throw new UserError(`cannot write ${file}: ${(error as Error).message}`, exitCodes.failed);
    }
    console.log(file);
  }
}

function features(value: string): Feature[] {
  const names = list(value);
  const unknown = names.find((name) => !choosable.some((feature) => feature === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`"${unknown}" is none of ${choosable.join(", ")}.`);
  }
  return names as Feature[];
}

function armId(value: string): string {
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i.test(value)) {
    throw new InvalidArgumentError("An ARM id looks like /subscriptions/…/resourceGroups/…/providers/….");
  }
  return value;
}

function guid(value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw new InvalidArgumentError("A subscription's id is 32 hexadecimal digits with hyphens.");
  }
  return value;
}
