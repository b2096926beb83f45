import type { Metric, MetricGroup, MetricType, MetricUnit } from "./metric.ts";

/** Of the GPU itself, and the pod that uses it: a GPU that nobody uses has no `namespace`, `pod` and `container`. */
const OF_GPU = ["gpu", "UUID", "pci_bus_id", "device", "modelName", "namespace", "pod", "container"];

function row(
  name: string,
  type: MetricType,
  unit: MetricUnit,
  help: string,
  more: Partial<Metric> = {},
): Metric {
  return { name, type, unit, help, labels: OF_GPU, jobs: ["dcgm"], ...more };
}

/**
 * NVIDIA's dcgm-exporter with those of its default counters that are used. Its profiling counters (DCGM_FI_PROF_*) aren't
 * among them: they need the capability SYS_ADMIN, which the exporter doesn't get.
 */
export const gpuMetrics: MetricGroup = {
  source:
    "etc/default-counters.csv, internal/pkg/{rendermetrics,transformation} of NVIDIA/dcgm-exporter, d5e5f51",
  metrics: [
    row("DCGM_FI_DEV_GPU_UTIL", "gauge", "percent", "Time in which at least one kernel ran on the GPU."),
    row(
      "DCGM_FI_DEV_MEM_COPY_UTIL",
      "gauge",
      "percent",
      "Time in which the GPU's memory was read or written.",
    ),
    row("DCGM_FI_DEV_FB_USED", "gauge", "mebibytes", "GPU memory in use."),
    row("DCGM_FI_DEV_FB_FREE", "gauge", "mebibytes", "GPU memory that is free."),
    row("DCGM_FI_DEV_GPU_TEMP", "gauge", "celsius", "The GPU's temperature."),
    row("DCGM_FI_DEV_POWER_USAGE", "gauge", "watts", "Power that the GPU draws."),
    row("DCGM_FI_DEV_XID_ERRORS", "gauge", "state", "The driver's last error code; 0 is none.", {
      labels: [...OF_GPU, "err_code", "err_msg"],
    }),
  ],
};
