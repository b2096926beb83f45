import { join } from "node:path";
import { type EngineResult, pulumi, pulumiAnswer } from "./engine.ts";
import type { Running } from "./environment.ts";
import type { Interrupts } from "./interrupts.ts";
import { type Inventory, leftovers, takeInventory } from "./inventory.ts";
import type { Report } from "./report.ts";
import type { Toolchain } from "./toolchain/toolchain.ts";

/** One step of a rehearsal and how it ended. */
export interface PhaseResult {
  name: string;
  /** The command as a person would type it. */
  command?: string;
  ok: boolean;
  durationMs: number;
  detail: string;
  log?: string;
}

/** The stack as it was while it was up. */
export interface StackState {
  /** Resources by type token. */
  resources: Record<string, number>;
  outputs: Record<string, unknown>;
}

/** What a rehearsal found. */
export interface RehearsalResult {
  phases: PhaseResult[];
  /** Undefined when `up` failed. */
  stack?: StackState;
  /** Policy packs that judged the stack, with their versions. */
  policyPacks: Record<string, string>;
  violations: EngineResult["violations"];
  /** What `destroy` left behind; undefined when it did not run. */
  left?: Inventory;
}

/** How a rehearsal is played. */
export interface RehearsalOptions {
  running: Running;
  toolchain: Toolchain;
  report: Report;
  /** Leave the stack up: no `destroy`. */
  keep: boolean;
  interrupts: Pick<Interrupts, "first" | "second">;
}

const packs = ["--policy-pack", "policies"];

/**
 * Plays the stack's whole life with literal Pulumi commands: preview, up, an up that changes
 * nothing, destroy. After a failed `up` it still destroys what was made.
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalResult> {
  const { running, report, toolchain } = options;
  const { first: signal, second: terminate } = options.interrupts;
  const kubectl = join(toolchain.bin, "kubectl");
  const { stack } = running.environment;
  const result: RehearsalResult = { phases: [], policyPacks: {}, violations: [] };
  await pulumiAnswer(running, ["stack", "init", stack]);
  const before = await takeInventory(running, kubectl);

  const play = async (name: string, args: string[], judge: (done: EngineResult) => string | undefined) => {
    if (signal.aborted) {
      return false;
    }
    report.phase(`${name}: pulumi ${args.join(" ")} -s ${stack}`);
    const done = await pulumi(running, args, {
      signal,
      terminate,
      onLine: (line) => line.trim() && report.progress(line.trim()),
    });
    const problem = signal.aborted ? "interrupted" : (failure(done) ?? judge(done));
    const detail = problem ?? describeChanges(done.changes);
    result.phases.push({
      name,
      command: done.command,
      ok: !problem,
      durationMs: done.durationMs,
      detail,
      log: done.log,
    });
    if (Object.keys(done.policyPacks).length > 0) {
      result.policyPacks = done.policyPacks;
    }
    // A policy speaks at preview, at up and at every later up: what was said last holds.
    if (args.includes("--policy-pack")) {
      result.violations = done.violations;
    }
    report.done(detail, !problem);
    if (problem) {
      for (const error of done.errors) {
        report.line(error);
      }
      report.line(`whole output: ${done.log}`);
    }
    return !problem;
  };
  const unchanged = ({ changed }: EngineResult) =>
    changed.length > 0 ? `changed what should have stayed: ${changed.join(", ")}` : undefined;
  const fine = () => undefined;

  const up =
    (await play("preview", ["preview", ...packs], fine)) &&
    (await play("up", ["up", "--yes", "--skip-preview", ...packs], fine));
  if (up) {
    result.stack = await stackState(running);
    await play("up again", ["up", "--yes", "--skip-preview", "--expect-no-changes", ...packs], unchanged);
  }
  if (!(up && options.keep) && !signal.aborted) {
    // As docs/prod.md says it: what holds data has to be let go before it can be destroyed.
    if (!up) {
      await pulumiAnswer(running, ["state", "unprotect", "--all", "--yes", "-s", stack]);
    } else if (await holdsProtected(running)) {
      await pulumiAnswer(running, ["config", "set", "-s", stack, "mcpaas:protect", "false"]);
      await play("let go", ["up", "--yes", "--skip-preview"], fine);
    }
    if (await play("destroy", ["destroy", "--yes", "--skip-preview"], fine)) {
      await checkLeftovers(options, result, before, kubectl);
    }
  }
  return result;
}

async function checkLeftovers(
  { running, report }: RehearsalOptions,
  result: RehearsalResult,
  before: Inventory,
  kubectl: string,
): Promise<void> {
  report.phase("nothing left");
  const started = performance.now();
  const left = leftovers(before, await takeInventory(running, kubectl));
  result.left = left;
  const lines = [
    ...left.azure.map((id) => `Azure: ${id}`),
    ...left.cluster.map((line) => `cluster: ${line}`),
  ];
  const ok = lines.length === 0;
  const detail = ok ? "Azure and the cluster hold what they held before" : `${lines.length} objects are left`;
  result.phases.push({ name: "nothing left", ok, durationMs: performance.now() - started, detail });
  report.done(detail, ok);
  for (const line of lines) {
    report.line(line);
  }
}

/** Whether the stack has resources that Pulumi refuses to delete. */
async function holdsProtected(running: Running): Promise<boolean> {
  const state = JSON.parse(
    await pulumiAnswer(running, ["stack", "export", "-s", running.environment.stack]),
  ) as { deployment: { resources?: { protect?: boolean }[] } };
  return (state.deployment.resources ?? []).some(({ protect }) => protect === true);
}

async function stackState(running: Running): Promise<StackState> {
  const { stack } = running.environment;
  const state = JSON.parse(await pulumiAnswer(running, ["stack", "export", "-s", stack])) as {
    deployment: { resources?: { type: string }[] };
  };
  const resources: Record<string, number> = {};
  for (const { type } of state.deployment.resources ?? []) {
    resources[type] = (resources[type] ?? 0) + 1;
  }
  return {
    resources,
    outputs: JSON.parse(await pulumiAnswer(running, ["stack", "output", "--json", "-s", stack])) as Record<
      string,
      unknown
    >,
  };
}

function failure(done: EngineResult): string | undefined {
  return done.exitCode === 0 ? undefined : `failed with exit code ${done.exitCode}`;
}

/** `41 created, 2 unchanged`; a preview's counts read the same, as what would be. */
export function describeChanges(changes: Record<string, number>): string {
  const words: Record<string, string> = {
    create: "created",
    same: "unchanged",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
    refresh: "refreshed",
  };
  const parts = Object.entries(changes)
    .filter(([, count]) => count > 0)
    .map(([op, count]) => `${count} ${words[op] ?? op}`);
  return parts.join(", ") || "nothing to do";
}
