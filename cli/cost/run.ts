import { readFile } from "node:fs/promises";
import type { ChargeContext } from "../../cost/charge.ts";
import { type Cost, costOf } from "../../cost/costOf.ts";
import type { Resource } from "../../cost/resource.ts";
import { stackOutputs } from "../stackOutputs.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { type Effect, effectsOf, variationsOf } from "./effects.ts";
import { readPrices } from "./ownPrices.ts";
import { planOf } from "./plan.ts";
import { fromPreview, fromState } from "./resource.ts";
import { checkedSettings, type FileSettings, settingsOfFile } from "./settingsFile.ts";

/** What the command was asked. */
export interface Question {
  stack: string;
  state?: string;
  preview?: string;
  region?: string;
  vmSizes: Record<string, string>;
  prices?: string;
  hours: number;
  logsGb?: number;
  samples?: number;
  effects: boolean;
}

/** What the command answers. */
export interface Answer {
  stack: string;
  /** Where the resources come from, for people. */
  from: string;
  vmSizes: Record<string, string>;
  cost: Cost;
  effects?: Effect[];
}

/** A backend that asks for a sign-in would wait for good. */
const OUTPUTS_MS = 30_000;

/**
 * What a stack costs.
 *
 * @param progress is told how far it is
 * @throws {UserError} when settings or files are wrong
 */
export async function answer(question: Question, progress: (words: string) => void): Promise<Answer> {
  const { stack, hours, logsGb, samples } = question;
  const prices = await readPrices(question.prices);
  const context: ChargeContext = { prices, hours, logsGbPerDay: logsGb, samplesPerSecond: samples };
  const given = await resourcesOfFile(question);
  if (given !== undefined) {
    const region = question.region ?? regionOf(given.resources);
    const vmSizes = sizesOf(given.resources);
    return { stack, from: given.from, vmSizes, cost: costOf(given.resources, region, context) };
  }

  const input = await settingsOfFile(stack, process.cwd());
  if (input["platform"] === "local") {
    throw new UserError(
      `stack ${visible(stack)} makes nothing in Azure: what it costs is what its cluster costs (platform "local"); ` +
        "name another stack with -s",
      exitCodes.usage,
    );
  }
  if (question.region !== undefined) input["location"] = question.region;
  const settings = checkedSettings(input, stack);
  progress("asking the stack for its VM sizes");
  const known = { ...(await deployedSizes(stack)), ...question.vmSizes };
  const costWith = async (changed: FileSettings) => {
    const checked = checkedSettings(changed, stack);
    const plan = await planOf(checked, (pool, request) => request.vmSize ?? known[pool]);
    return { plan, cost: costOf(plan, checked.location, context) };
  };
  progress("running the program");
  const { plan, cost } = await costWith(input);
  const vmSizes = sizesOf(plan);
  const from = `the settings in Pulumi.${stack}.yaml`;
  if (!question.effects) return { stack, from, vmSizes, cost };
  const variations = variationsOf(settings, vmSizes);
  const effects = await effectsOf(
    variations,
    input,
    cost,
    async (changed) => (await costWith(changed)).cost,
    (done) => progress(`running the program with other settings, ${done} of ${variations.length}`),
  );
  return { stack, from, vmSizes, cost, effects };
}

async function resourcesOfFile({ state, preview }: Question) {
  const file = state ?? preview;
  if (file === undefined) return undefined;
  const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8").catch((error: Error) => {
    throw new UserError(`${file} can't be read: ${error.message}`, exitCodes.usage);
  });
  const where = file === "-" ? "standard input" : file;
  return state === undefined
    ? { resources: fromPreview(text, where), from: `the preview in ${where}` }
    : { resources: fromState(text, where), from: `the state in ${where}` };
}

/** The VM sizes that quota decided on, where the stack is deployed and can be asked. */
async function deployedSizes(stack: string): Promise<Record<string, string>> {
  try {
    const signal = AbortSignal.timeout(OUTPUTS_MS);
    const outputs = await stackOutputs(stack, { env: process.env, signal, instead: "say --vm-size" });
    return (outputs as { vmSizes?: Record<string, string> }).vmSizes ?? {};
  } catch {
    // Not deployed, or no pulumi: the settings' own order decides, and the answer says so.
    return {};
  }
}

/** The region of the cluster, or of whatever has one. */
function regionOf(resources: readonly Resource[]): string {
  const located = (each: Resource) => each.inputs["location"];
  const cluster = resources.find(({ type }) => type === "azure-native:containerservice:ManagedCluster");
  const region = [cluster, ...resources]
    .flatMap((each) => (each ? [located(each)] : []))
    .find((each) => typeof each === "string" && each !== "global");
  if (typeof region === "string") return region.toLowerCase().replaceAll(" ", "");
  throw new UserError("no resource says its region; name it with --region", exitCodes.usage);
}

function sizesOf(resources: readonly Resource[]): Record<string, string> {
  const pools = resources.flatMap(({ type, inputs }) => {
    if (type === "azure-native:containerservice:AgentPool")
      return [{ ...inputs, name: inputs["agentPoolName"] }];
    return type === "azure-native:containerservice:ManagedCluster"
      ? ((inputs["agentPoolProfiles"] ?? []) as object[])
      : [];
  }) as { name?: unknown; vmSize?: unknown }[];
  return Object.fromEntries(pools.map(({ name, vmSize }) => [String(name), String(vmSize ?? "unknown")]));
}
