import { type Cost, difference } from "../../cost/costOf.ts";
import type { Settings } from "../../stacks/settings.ts";
import { UserError } from "../userError.ts";
import type { FileSettings } from "./settingsFile.ts";

/** One setting, or a few that only go together, with other values. */
export interface Variation {
  /** As a person would write them, by their paths below `mcpaas:`; undefined takes a setting out. */
  set: Record<string, unknown>;
}

/** What a variation does to a month's cost, in USD, or why the settings refuse it. */
export interface Effect extends Variation {
  change?: ReturnType<typeof difference>;
  refused?: string;
}

interface Pool {
  minCount?: number;
  maxCount?: number;
  spot?: boolean;
  vmSize?: string;
  preferredSkus?: readonly string[];
}

/** The settings that costs hang on, each with another value. */
export function variationsOf(settings: Settings, vmSizes: Readonly<Record<string, string>>): Variation[] {
  const { systemPool, userPool, gpuPool, moreGpuPools } = settings.cluster;
  const gpuPools: Record<string, Pool | undefined> = {
    gpuPool,
    ...Object.fromEntries(
      Object.entries(moreGpuPools ?? {}).map(([name, pool]) => [`moreGpuPools.${name}`, pool]),
    ),
  };
  const pools: [string, Pool | undefined, number][] = [
    ["systemPool", systemPool, 1],
    ["userPool", userPool, 0],
    ...Object.entries(gpuPools).map(([path, pool]): [string, Pool | undefined, number] => [path, pool, 0]),
  ];
  return [
    ...pools.flatMap(([path, pool, least]) => (pool ? poolVariations(path, pool, least, vmSizes) : [])),
    ...Object.entries(gpuPools).flatMap(([path, pool]) =>
      pool && !pool.spot ? [one(`cluster.${path}.spot`, true)] : [],
    ),
    ...others("cluster.tier", ["Free", "Standard", "Premium"], settings.cluster.tier ?? "Free"),
    ...others("registry.sku", ["Basic", "Standard", "Premium"], settings.registry.sku ?? "Basic"),
    // A model needs its pool, and the chat app the model.
    ...(gpuPool ? [{ set: { models: {}, "cluster.gpuPool.enabled": false, "chat.enabled": false } }] : []),
    ...switches(settings),
  ];
}

/** Parts that a setting switches on and off. */
function switches(settings: Settings): Variation[] {
  return ["monitoring.enabled", "monitoring.grafana.enabled", "alerts.enabled", "chat.enabled"].flatMap(
    (path) => {
      const now = at(settings, path);
      return typeof now === "boolean" ? [one(path, !now)] : [];
    },
  );
}

function poolVariations(
  path: string,
  { minCount = 1, maxCount = 3, vmSize, preferredSkus = [] }: Pool,
  least: number,
  vmSizes: Readonly<Record<string, string>>,
): Variation[] {
  const setting = (key: string) => `cluster.${path}.${key}`;
  const name = path.replace(/Pool$/, "").replace("moreGpuPools.", "");
  const chosen = vmSize ?? vmSizes[name] ?? preferredSkus[0];
  return [
    ...(minCount > least ? [one(setting("minCount"), least)] : []),
    ...(minCount < maxCount ? [one(setting("minCount"), maxCount)] : []),
    one(setting("maxCount"), maxCount + 1),
    ...preferredSkus.filter((size) => size !== chosen).map((size) => one(setting("vmSize"), size)),
  ];
}

const one = (path: string, value: unknown): Variation => ({ set: { [path]: value } });
const others = (path: string, values: string[], now: string) =>
  values.filter((value) => value !== now).map((value) => one(path, value));

/**
 * What each variation changes. The program is run anew with each: nothing is assumed about what a setting does.
 *
 * @param costWith the cost with settings; throws when they are refused
 */
export async function effectsOf(
  variations: readonly Variation[],
  input: FileSettings,
  base: Cost,
  costWith: (input: FileSettings) => Promise<Cost>,
  progress: (done: number) => void = () => {},
): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (const [done, variation] of variations.entries()) {
    progress(done);
    try {
      effects.push({
        ...variation,
        change: difference(base, await costWith(withValues(input, variation.set))),
      });
    } catch (error) {
      if (!(error instanceof UserError) && !isPropertyError(error)) throw error;
      effects.push({ ...variation, refused: (error as Error).message });
    }
  }
  const size = ({ change }: Effect) => (change ? Math.abs(change.rest) + Math.abs(change.full) : -1);
  return effects.sort((a, b) => size(b) - size(a));
}

/** The settings with other values at these paths. */
export function withValues(input: FileSettings, set: Record<string, unknown>): FileSettings {
  const copy = structuredClone(input);
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let inside: Record<string, unknown> = copy;
    for (const key of keys) {
      inside[key] ??= {};
      inside = inside[key] as Record<string, unknown>;
    }
    if (value === undefined) delete inside[last];
    else inside[last] = value;
  }
  return copy;
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);
}

/** What a component throws for a wrong argument. */
function isPropertyError(error: unknown): boolean {
  return error instanceof Error && "propertyPath" in error;
}
