import type { Form } from "../forms.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";
import { type GpuPoolArgs, type NodePool, type NodePoolArgs, nodePool } from "./pools.ts";
import { fallbackPool } from "./spot.ts";

/**
 * What AKS takes as the name of a pool of Linux nodes.
 * Source: https://learn.microsoft.com/azure/aks/create-node-pools
 */
export const POOL_NAME: Form = {
  pattern: /^[a-z][a-z0-9]{0,11}$/,
  words: "1 to 12 of a-z and 0-9, beginning with a letter",
  example: "h100",
};

/** The names of the pools that have an argument each. */
export const TAKEN_POOL_NAMES: readonly string[] = ["system", "user", "gpu"];

/**
 * The pools that are resources of their own, in the order in which they take from the quota; each is followed by its
 * fallback.
 */
export function ownPools(args: {
  userPool?: NodePoolArgs;
  gpuPool?: GpuPoolArgs;
  moreGpuPools?: Record<string, GpuPoolArgs>;
}): NodePool[] {
  const pools = [
    ...(args.userPool ? [nodePool("user", args.userPool)] : []),
    ...(args.gpuPool ? [nodePool("gpu", args.gpuPool)] : []),
    ...Object.entries(args.moreGpuPools ?? {}).map(([name, pool]) => anotherGpuPool(name, pool)),
  ];
  for (const { name, fallback } of pools) {
    if (!pools.some((other) => other.name === fallback?.name)) continue;
    throw new InputPropertyError(
      `moreGpuPools[${JSON.stringify(fallback?.name)}]`,
      `is the name of the fallback of ${name}; choose another one, for example "h100"`,
    );
  }
  return pools.flatMap((pool) => [pool, fallbackPool(pool) ?? []].flat());
}

function anotherGpuPool(name: string, args: GpuPoolArgs): NodePool {
  const path = `moreGpuPools[${JSON.stringify(name)}]`;
  ensure(path, name, matches(POOL_NAME));
  if (TAKEN_POOL_NAMES.includes(name)) {
    throw new InputPropertyError(path, `the name is ${name}Pool's; choose another one, for example "h100"`);
  }
  return nodePool("gpu", args, { name, path: `moreGpuPools.${name}` });
}
