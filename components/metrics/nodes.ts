import type { Metric, MetricGroup, MetricUnit } from "./metric.ts";

const CONTAINER = ["namespace", "pod", "container", "image", "id", "name"];

function counter(name: string, unit: MetricUnit, labels: string[], help: string): Metric {
  return { name, type: "counter", unit, help, labels, jobs: ["cadvisor"], minimal: true };
}

/** What containers use. Series with an empty `container` are the pod's whole, and would be counted twice. */
export const containerMetrics: MetricGroup = {
  source:
    "docs/storage/prometheus.md of google/cadvisor; cadvisorRegex_minimal_mac of Azure/prometheus-collector 39583fd50",
  metrics: [
    counter("container_cpu_usage_seconds_total", "seconds", CONTAINER, "Processor time that was used."),
    counter("container_cpu_cfs_periods_total", "count", CONTAINER, "Periods in which a CPU limit applied."),
    counter(
      "container_cpu_cfs_throttled_periods_total",
      "count",
      CONTAINER,
      "Periods cut short by a CPU limit.",
    ),
    {
      ...counter(
        "container_memory_working_set_bytes",
        "bytes",
        CONTAINER,
        "Memory that can't be taken back.",
      ),
      type: "gauge",
    },
    counter(
      "container_network_receive_bytes_total",
      "bytes",
      ["namespace", "pod", "interface", "image", "id", "name"],
      "Bytes that a pod received.",
    ),
    counter(
      "container_network_transmit_bytes_total",
      "bytes",
      ["namespace", "pod", "interface", "image", "id", "name"],
      "Bytes that a pod sent.",
    ),
  ],
};

const VOLUME = ["namespace", "persistentvolumeclaim"];

function volume(name: string, help: string): Metric {
  return {
    name: `kubelet_volume_stats_${name}`,
    type: "gauge",
    unit: name.startsWith("inodes") ? "count" : "bytes",
    help,
    labels: VOLUME,
    jobs: ["kubelet"],
    minimal: true,
  };
}

/** Volumes as the nodes' agent sees them while a pod has them mounted. */
export const volumeMetrics: MetricGroup = {
  source:
    "pkg/kubelet/metrics/collectors/volume_stats.go of kubernetes; kubeletRegex_minimal_mac of Azure/prometheus-collector",
  metrics: [
    volume("capacity_bytes", "Size of a mounted volume."),
    volume("available_bytes", "Bytes that are free in it."),
    volume("used_bytes", "Bytes in use in it."),
    volume("inodes", "Files that it may have."),
    volume("inodes_used", "Files that it has."),
  ],
};

function node(
  name: string,
  type: Metric["type"],
  unit: MetricUnit,
  help: string,
  labels: string[] = [],
): Metric {
  return { name, type, unit, help, labels, jobs: ["node"], minimal: true };
}

const FILE_SYSTEM = ["device", "fstype", "mountpoint"];

/** Nodes, of which `instance` is the name. */
export const nodeMetrics: MetricGroup = {
  source:
    "collector/ of prometheus/node_exporter; nodeexporterRegex_minimal_mac of Azure/prometheus-collector",
  metrics: [
    node("node_cpu_seconds_total", "counter", "seconds", "Processor time by mode.", ["cpu", "mode"]),
    node("node_memory_MemTotal_bytes", "gauge", "bytes", "Memory of the node."),
    node("node_memory_MemAvailable_bytes", "gauge", "bytes", "Memory that programs could still get."),
    node("node_filesystem_avail_bytes", "gauge", "bytes", "Bytes that are free on a disk.", FILE_SYSTEM),
    node("node_filesystem_size_bytes", "gauge", "bytes", "Size of a disk.", FILE_SYSTEM),
  ],
};
