import { gpuMetrics } from "../metrics/gpu.ts";

/**
 * The counters that the exporter asks of DCGM, in its own form: field, type, help. They are those of the catalogue.
 * Profiling counters (DCGM_FI_PROF_*) need the capability SYS_ADMIN, which the exporter doesn't get here.
 * Source: etc/default-counters.csv of NVIDIA/dcgm-exporter.
 */
export function gpuCounters(): string {
  return gpuMetrics.metrics
    .filter(({ name }) => !name.startsWith(PROFILING))
    .map(({ name, type, help }) => `${name}, ${type}, ${help.replaceAll(",", ";")}\n`)
    .join("");
}

/** With which the names of profiling counters begin. */
const PROFILING = "DCGM_FI_PROF_";
