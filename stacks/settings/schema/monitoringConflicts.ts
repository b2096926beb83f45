import type { z } from "zod";
import { exportsGpuMetrics, keepsMetrics, operatedPools } from "../monitored.ts";
import type { Fail } from "./consistent.ts";
import type { monitoring } from "./monitoring.ts";
import type { gpuPool, moreGpuPools } from "./pools.ts";

/** The settings that monitoring has to do with. */
export interface MonitoringRelated {
  monitoring: z.output<typeof monitoring>;
  kaito: { mode: string };
  models: object;
  cluster: { gpuPool: z.output<typeof gpuPool>; moreGpuPools: z.output<typeof moreGpuPools> };
}

/** What of monitoring can't be had with the rest. */
export function monitoringConflicts(settings: MonitoringRelated, fail: Fail): void {
  const { monitoring } = settings;
  if (!monitoring.enabled) return;
  const { logs, metrics, gpu, grafana } = monitoring;
  if (!logs.enabled && !metrics.enabled) {
    const message = "true for one of them, or monitoring.enabled false";
    fail(["monitoring", "logs", "enabled"], message);
  }
  if (grafana.enabled && !metrics.enabled) {
    fail(["monitoring", "grafana", "enabled"], "false without monitoring.metrics, which it shows");
  }
  if (gpu.enabled && !metrics.enabled) {
    fail(["monitoring", "gpu", "enabled"], "false without monitoring.metrics, which would ask it");
  }
  const [operated] = operatedPools(settings);
  if (gpu.enabled && operated !== undefined) {
    const message = `false, because the pool ${operated} has the driver "None", and the GPU operator brings its own`;
    fail(["monitoring", "gpu", "enabled"], message);
  }
  for (const key of ["clusterCategories", "registryCategories"] as const) {
    const categories: readonly string[] = logs[key];
    const twice = categories.find((category, i) => categories.indexOf(category) !== i);
    if (twice !== undefined) fail(["monitoring", "logs", key], `each category once; ${twice} is there twice`);
  }
}

/** The namespace that monitoring makes, and where it is set. */
export function monitoringNamespaces(settings: MonitoringRelated): [PropertyKey[], string][] {
  return keepsMetrics(settings) && exportsGpuMetrics(settings)
    ? [[["monitoring", "gpu", "namespace"], settings.monitoring.gpu.namespace]]
    : [];
}
