import { Command, InvalidArgumentError, Option } from "commander";
import { surgeNodes } from "../components/aksWithGpuPool/surge.ts";
import type { VmPoolRequest } from "../components/vmSkuSelection/types.ts";
import type { Found } from "./selectSku/find.ts";
import { asJson, asText } from "./selectSku/print.ts";
import { exitCodes, UserError } from "./userError.ts";
import { list, positive, whole } from "./values.ts";

interface Flags {
  location: string;
  nodeArch: "amd64" | "arm64";
  preferredSkus?: string[];
  gpus: number;
  minGpuMemory?: number;
  minVcpus?: number;
  minMemory?: number;
  maxCount: number;
  maxSurge?: string;
  spot?: boolean;
  fallbackCount?: number;
  zones?: string[];
  otherLocations?: string[];
  subscription?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run select-sku -- --location eastus --gpus 1 --max-count 2
  $ npm run select-sku -- --location westus3 --node-arch arm64 --max-count 5
  $ npm run select-sku -- --location eastus --gpus 1 --spot \\
      --preferred-skus Standard_NC24ads_A100_v4,Standard_NV36ads_A10_v5 \\
      --other-locations westus3,swedencentral
  $ LOCATION=eastus npm run --silent select-sku -- --json

Exit codes:
  0  a VM size was chosen
  2  the command line is wrong
  3  no VM size fits; the output says which quota to raise
  4  Azure could not be asked`;

/**
 * `mcpaas select-sku`: which VM size a node pool could have, and why not another.
 *
 * @param end is told the exit code
 */
export function selectSkuCommand(end: (exitCode: number) => void): Command {
  return new Command("select-sku")
    .description("Choose the VM size of a node pool by what the subscription may run in a region.")
    .addOption(
      new Option("-l, --location <region>", "Azure region, for example eastus")
        .env("LOCATION")
        .argParser(region)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--node-arch <arch>", "processor architecture")
        .env("NODE_ARCH")
        .choices(["amd64", "arm64"])
        .default("amd64"),
    )
    .addOption(
      new Option("--preferred-skus <sizes>", "VM sizes to try first, separated by commas")
        .env("PREFERRED_SKUS")
        .argParser(list),
    )
    .option("--gpus <number>", "GPUs a node, at least", whole(0), 0)
    .option("--min-gpu-memory <GiB>", "GPU memory of a node, at least", positive)
    .option("--min-vcpus <number>", "vCPUs a node, at least (default: 2)", positive)
    .option("--min-memory <GiB>", "memory of a node, at least (default: 4)", positive)
    .option("--max-count <number>", "nodes at full scale", whole(1), 1)
    .option(
      "--max-surge <number>",
      'extra nodes during an upgrade, or a share such as "33%" (default: 0 with --gpus, else 1)',
      surge,
    )
    .option("--spot", "use spot capacity, which has a quota of its own")
    .option(
      "--fallback-count <number>",
      "with --spot: regular nodes that take over from spot ones; their quota counts, too",
      whole(1),
    )
    .option("--zones <zones>", "availability zones that the size must be in, for example 1,2", list)
    .option("--other-locations <regions>", "regions to look at when nothing fits", regions)
    .option("--subscription <id>", "subscription id (default: ARM_SUBSCRIPTION_ID or the Azure CLI's)")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      if (flags.fallbackCount !== undefined && !flags.spot) {
        throw new UserError(
          "--fallback-count is about what takes over from spot nodes: add --spot, or leave it out.",
          exitCodes.usage,
        );
      }
      // The Azure SDKs take a second to load: --help and a wrong flag shouldn't wait for them.
      const { find } = await import("./selectSku/find.ts");
      const found: Found = await find({
        request: toRequest(flags),
        location: flags.location,
        otherLocations: flags.otherLocations ?? [],
        subscription: flags.subscription,
      });
      console.log(flags.json ? asJson(found) : asText(found, process.stdout.columns));
      end(found.vmSize ? exitCodes.ok : exitCodes.noneFits);
    });
}

function toRequest(flags: Flags): VmPoolRequest {
  return {
    nodeArch: flags.nodeArch,
    preferredSkus: flags.preferredSkus,
    gpus: flags.gpus,
    minGpuMemoryGiB: flags.minGpuMemory,
    minVcpus: flags.minVcpus,
    minMemoryGiB: flags.minMemory,
    maxCount: flags.maxCount,
    maxSurge: flags.maxSurge ?? surgeNodes(flags.gpus),
    spot: flags.spot,
    ...(flags.fallbackCount && { fallback: { pool: "fallback", maxCount: flags.fallbackCount } }),
    zones: flags.zones,
  };
}

function region(text: string): string {
  if (!/^[a-z0-9 ]+$/i.test(text)) {
    throw new InvalidArgumentError("It must be the name of a region, such as eastus.");
  }
  return text;
}

function regions(text: string): string[] {
  return list(text).map(region);
}

function surge(text: string): string {
  if (!/^\d+%?$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number or a percentage such as "33%".');
  }
  return text;
}
