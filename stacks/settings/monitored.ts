import { gpuPools } from "./gpuPools.ts";

/** The settings that decide what there is to watch. */
interface Watched {
  readonly monitoring: {
    readonly enabled: boolean;
    readonly logs: { readonly enabled: boolean };
    readonly metrics: { readonly enabled: boolean };
    readonly gpu: { readonly enabled?: boolean };
  };
  readonly kaito: { readonly mode: string };
  readonly models: object;
  readonly cluster: {
    readonly gpuPool: { readonly enabled: boolean; readonly driver?: string };
    readonly moreGpuPools: Readonly<Record<string, { readonly driver?: string }>>;
  };
}

/** Whether logs are kept. */
export function keepsLogs({ monitoring }: Pick<Watched, "monitoring">): boolean {
  return monitoring.enabled && monitoring.logs.enabled;
}

/** Whether metrics are kept. */
export function keepsMetrics({ monitoring }: Pick<Watched, "monitoring">): boolean {
  return monitoring.enabled && monitoring.metrics.enabled;
}

/** Pools without AKS's driver: NVIDIA's GPU operator is there for them, and brings an exporter of its own. */
export function operatedPools({ cluster }: Pick<Watched, "cluster">): string[] {
  const pools = Object.entries<{ readonly driver?: string }>(gpuPools(cluster));
  return pools.filter(([, { driver }]) => driver === "None").map(([name]) => name);
}

/** Whether this program runs an exporter of GPU metrics: where there are GPUs, and nothing else brings one. */
export function exportsGpuMetrics(settings: Watched): boolean {
  if (!keepsMetrics(settings)) return false;
  const { monitoring, kaito, models, cluster } = settings;
  const made = kaito.mode === "addon" && Object.keys(models).length > 0;
  const hasGpus = made || Object.keys(gpuPools(cluster)).length > 0;
  return monitoring.gpu.enabled ?? (hasGpus && operatedPools(settings).length === 0);
}
