import { gpuMetrics } from "../metrics/gpu.ts";

/**
 * The counters that the exporter asks of DCGM, in its own form: field, type, help. They are those of the catalogue,
 * which has no profiling counters (DCGM_FI_PROF_*): they need the capability SYS_ADMIN, which it doesn't get here.
 * Source: etc/default-counters.csv of NVIDIA/dcgm-exporter.
 */
export function gpuCounters(): string {
  return gpuMetrics.metrics
    .map(({ name, type, help }) => `${name}, ${type}, ${help.replaceAll(",", ";")}\n`)
    .join("");
}
