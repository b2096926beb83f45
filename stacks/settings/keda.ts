/** A server, as far as it scales. */
export interface ScaledServer {
  readonly autoscaling?: { readonly requestsPerSecond?: number; readonly scaler?: string };
}

/** The part of the settings in which things scale with KEDA. */
interface Scaling {
  readonly cluster: { readonly keda: { readonly enabled?: boolean } };
  readonly mcpServers: Readonly<Record<string, ScaledServer>>;
  readonly models: Readonly<Record<string, { readonly autoscaling?: { readonly scaler: string } }>>;
}

/** What scales with KEDA, by the paths of the settings that say so. */
export function kedaUsers({ mcpServers, models }: Scaling): string[][] {
  const byModels = Object.entries(models).flatMap(([name, { autoscaling }]) =>
    autoscaling === undefined || autoscaling.scaler === "custom-metrics"
      ? []
      : [["models", name, "autoscaling", "scaler"]],
  );
  return [...serversWithKeda(mcpServers), ...byModels];
}

/** A server's calls are known to KEDA, unless the settings say that somebody else knows them. */
function serversWithKeda(mcpServers: Scaling["mcpServers"]): string[][] {
  return Object.entries(mcpServers).flatMap(([name, { autoscaling }]) =>
    usesKeda(autoscaling) ? [["mcpServers", name, "autoscaling", "requestsPerSecond"]] : [],
  );
}

/** Whether KEDA scales a server. */
export function usesKeda(autoscaling: ScaledServer["autoscaling"]): boolean {
  return autoscaling?.requestsPerSecond !== undefined && autoscaling.scaler !== "custom-metrics";
}

/** What scales by queries of Azure Monitor's Prometheus, for which KEDA's operator needs an identity. */
export function prometheusUsers({ mcpServers, models }: Scaling): string[][] {
  const byModels = Object.entries(models).flatMap(([name, { autoscaling }]) =>
    autoscaling?.scaler === "keda" ? [["models", name, "autoscaling", "scaler"]] : [],
  );
  return [...serversWithKeda(mcpServers), ...byModels];
}

/** Whether the cluster has AKS's add-on KEDA. */
export function hasKeda(settings: Scaling): boolean {
  return settings.cluster.keda.enabled ?? kedaUsers(settings).length > 0;
}
