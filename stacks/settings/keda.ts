/** The part of the settings in which things scale with KEDA. */
interface Scaling {
  readonly cluster: { readonly keda: { readonly enabled?: boolean } };
  readonly models: Readonly<Record<string, { readonly autoscaling?: { readonly scaler: string } }>>;
}

/** What scales with KEDA, by the paths of the settings that say so. */
export function kedaUsers({ models }: Scaling): string[][] {
  return Object.entries(models).flatMap(([name, { autoscaling }]) =>
    autoscaling === undefined || autoscaling.scaler === "custom-metrics"
      ? []
      : [["models", name, "autoscaling", "scaler"]],
  );
}

/** What scales by queries of Azure Monitor's Prometheus, for which KEDA's operator needs an identity. */
export function prometheusUsers({ models }: Scaling): string[][] {
  return Object.entries(models).flatMap(([name, { autoscaling }]) =>
    autoscaling?.scaler === "keda" ? [["models", name, "autoscaling", "scaler"]] : [],
  );
}

/** Whether the cluster has AKS's add-on KEDA. */
export function hasKeda(settings: Scaling): boolean {
  return settings.cluster.keda.enabled ?? kedaUsers(settings).length > 0;
}
