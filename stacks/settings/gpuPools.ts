/** The part of the settings that GPU pools are in. */
interface PoolsOf<First, More> {
  readonly gpuPool: First;
  readonly moreGpuPools: Readonly<Record<string, More>>;
}

/** The GPU pools that there will be, by the names that models choose them by. */
export function gpuPools<First extends More & { readonly enabled: boolean }, More>({
  gpuPool,
  moreGpuPools,
}: PoolsOf<First, More>): Record<string, More> {
  return { ...(gpuPool.enabled ? { gpu: gpuPool } : {}), ...moreGpuPools };
}

/** Where a GPU pool stands in the settings. */
export function gpuPoolPath(name: string): string[] {
  return ["cluster", ...(name === "gpu" ? ["gpuPool"] : ["moreGpuPools", name])];
}
