import type { z } from "zod";
import type { gpuPool, moreGpuPools } from "./pools.ts";

type Pools = z.output<typeof moreGpuPools>;

/** The settings that have to do with each other. */
interface Related {
  cluster: { gpuPool: z.output<typeof gpuPool>; moreGpuPools: Pools };
  kaito: { mode: "byo" | "addon" | "off" };
  models: Record<
    string,
    {
      pool: string;
      vmSize?: string;
      inferenceSet?: { replicas: number };
      adapters: { tuningJob?: string }[];
    }
  >;
  ragEngines: Record<string, { inference?: { model?: string } }>;
  tuningJobs: Record<string, { pool: string; vmSize?: string; output: { repository?: string } }>;
}

/** What one setting alone can't say: that names exist, that pools have room, and that nobody asks for KAITO in vain. */
export function consistent(settings: Related, context: z.RefinementCtx): void {
  const { kaito, models, ragEngines, tuningJobs } = settings;
  const fail = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
  const kinds = { models, ragEngines, tuningJobs };
  const all = Object.entries(kinds).flatMap(([kind, entries]) =>
    Object.keys(entries).map((name) => ({ kind, name })),
  );
  for (const [i, { kind, name }] of all.entries()) {
    const other = all.slice(0, i).find((each) => each.name === name);
    if (other) fail([kind, name], `another name, because ${other.kind}.${name} has it`);
    if (kaito.mode === "off") fail([kind, name], 'nothing while kaito.mode is "off"');
    if (kaito.mode === "addon" && kind === "ragEngines") {
      fail([kind, name], 'nothing with kaito.mode "addon": the add-on has no RAG engines');
    }
  }
  for (const [name, { adapters }] of Object.entries(models)) {
    for (const [i, { tuningJob }] of adapters.entries()) {
      if (tuningJob === undefined) continue;
      const path = ["models", name, "adapters", i, "tuningJob"];
      if (!(tuningJob in tuningJobs)) fail(path, oneOf("tuningJobs", tuningJobs));
    }
  }
  for (const [name, { inference }] of Object.entries(ragEngines)) {
    if (inference?.model !== undefined && !(inference.model in models)) {
      fail(["ragEngines", name, "inference", "model"], oneOf("models", models));
    }
  }
  const placed = [
    ...Object.entries(models).map(([name, model]) => ({
      path: ["models", name],
      ...model,
      pods: model.inferenceSet?.replicas ?? 1,
    })),
    ...Object.entries(tuningJobs).map(([name, job]) => ({ path: ["tuningJobs", name], ...job, pods: 1 })),
  ];
  if (kaito.mode === "addon") {
    for (const [name, { vmSize }] of Object.entries(models)) {
      if (vmSize === undefined) {
        fail(["models", name, "vmSize"], 'a VM size, because with kaito.mode "addon" AKS makes the nodes');
      }
    }
  } else if (kaito.mode === "byo") {
    inPools(settings, placed, fail);
  }
}

/** Every model and every job has a pool, with a node when it comes and one for each of its pods. */
function inPools(
  { cluster }: Related,
  placed: { path: string[]; pool: string; vmSize?: string; pods: number }[],
  fail: (path: PropertyKey[], message: string) => void,
): void {
  const pools: Pools = {
    ...(cluster.gpuPool.enabled ? { gpu: cluster.gpuPool } : {}),
    ...cluster.moreGpuPools,
  };
  for (const { path, pool, vmSize } of placed) {
    if (!(pool in pools)) fail([...path, "pool"], oneOf("GPU pools", pools));
    if (vmSize !== undefined) {
      fail([...path, "vmSize"], 'nothing with kaito.mode "byo": the pool has a size');
    }
  }
  for (const [name, { minCount, maxCount }] of Object.entries(pools)) {
    // An InferenceSet without replicas has no Workspace, and needs no node.
    const here = placed.filter(({ pool, pods }) => pool === name && pods > 0);
    if (here.length === 0) continue;
    const path = ["cluster", ...(name === "gpu" ? ["gpuPool"] : ["moreGpuPools", name])];
    const who = here.map((each) => each.path.join(".")).join(", ");
    if (minCount === 0) {
      fail([...path, "minCount"], `at least 1, because KAITO refuses ${who} as long as the pool has no node`);
    }
    const pods = here.reduce((sum, each) => sum + each.pods, 0);
    if (pods > maxCount) {
      fail(
        [...path, "maxCount"],
        `at least ${pods}, because each pod of ${who} takes a node of its own; or a pool of their own for some`,
      );
    }
  }
}

function oneOf(what: string, entries: object): string {
  const names = Object.keys(entries);
  return names.length === 0
    ? `nothing, because there are no ${what}`
    : `one of the ${what}: ${names.join(", ")}`;
}
