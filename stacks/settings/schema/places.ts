import { findModel } from "../../../components/kaito/models.ts";
import { gpuPoolPath, gpuPools } from "../gpuPools.ts";
import { replicasOf } from "../replicas.ts";
import type { Fail, Related } from "./consistent.ts";
import { oneOf } from "./consistent.ts";

/** What upstream plans for beside the weights. Source: calculateStorageSize of KAITO v0.11.0. */
const DISK_BESIDE_WEIGHTS_GIB = 80;

interface Placed {
  path: string[];
  pool: string;
  vmSize?: string;
  /** Pods at most, each of which takes a node. */
  pods: number;
  /** GiB of weights on the node's OS disk, where they are known. */
  weightsGiB?: number;
}

/** Every model and every job has a pool, with a node when it comes and one for each of its pods. */
export function inPools(settings: Related, fail: Fail): void {
  const placed = everythingPlaced(settings);
  const pools = gpuPools(settings.cluster);
  for (const { path, pool, vmSize } of placed) {
    if (!(pool in pools)) fail([...path, "pool"], oneOf("GPU pools", pools));
    if (vmSize !== undefined) {
      fail([...path, "vmSize"], 'nothing with kaito.mode "byo": the pool has a size');
    }
  }
  for (const [name, { minCount, maxCount, osDiskSizeGiB }] of Object.entries(pools)) {
    // An InferenceSet without replicas has no Workspace, and needs no node.
    const here = placed.filter(({ pool, pods }) => pool === name && pods > 0);
    if (here.length === 0) continue;
    const path = gpuPoolPath(name);
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
    const largest = Math.max(...here.map(({ weightsGiB = 0 }) => weightsGiB));
    const disk = Math.ceil(largest + DISK_BESIDE_WEIGHTS_GIB);
    if (osDiskSizeGiB !== undefined && largest > 0 && osDiskSizeGiB < disk) {
      fail(
        [...path, "osDiskSizeGiB"],
        `at least ${disk}: ${Math.ceil(largest)} GiB of weights and ${DISK_BESIDE_WEIGHTS_GIB} GiB beside them`,
      );
    }
  }
}

function everythingPlaced({ models, tuningJobs }: Related): Placed[] {
  return [
    ...Object.entries(models).map(([name, model]) => ({
      path: ["models", name],
      ...model,
      pods: replicasOf(model).most,
      weightsGiB: model.model === undefined ? undefined : findModel(model.model)?.fileSizeGiB,
    })),
    ...Object.entries(tuningJobs).map(([name, job]) => ({
      path: ["tuningJobs", name],
      ...job,
      pods: 1,
      weightsGiB: findModel(job.preset)?.fileSizeGiB,
    })),
  ];
}
