import { clusterMetrics } from "./metrics/cluster.ts";
import {
  certificateMetrics,
  controllerMetrics,
  gatewayMetrics,
  kaitoMetrics,
} from "./metrics/controllers.ts";
import { gpuMetrics } from "./metrics/gpu.ts";
import { guardMetrics } from "./metrics/guard.ts";
import { type DEFAULT_JOBS, JOBS, type Job, jobLabels, type Metric, seriesOf } from "./metrics/metric.ts";
import { modelHttpMetrics, modelMetrics } from "./metrics/model.ts";
import { containerMetrics, nodeMetrics, volumeMetrics } from "./metrics/nodes.ts";
import { workloadMetrics } from "./metrics/workloads.ts";

export { NODE_LABELS, nodeLabel } from "./metrics/cluster.ts";
export {
  DEFAULT_JOBS,
  JOBS,
  type Job,
  jobLabels,
  type Metric,
  type MetricGroup,
  type MetricType,
  type MetricUnit,
  seriesOf,
} from "./metrics/metric.ts";

/** The metrics by where they come from. */
export const METRIC_GROUPS = [
  guardMetrics,
  modelMetrics,
  modelHttpMetrics,
  gpuMetrics,
  controllerMetrics,
  kaitoMetrics,
  certificateMetrics,
  gatewayMetrics,
  workloadMetrics,
  clusterMetrics,
  containerMetrics,
  volumeMetrics,
  nodeMetrics,
] as const;

/** What Prometheus itself says of every target: whether its last scrape went well. */
const UP: Metric = {
  name: "up",
  type: "gauge",
  unit: "state",
  help: "1 while a target answers its scrapes.",
  labels: [],
  jobs: JOBS,
};

/**
 * Every metric that dashboards, rules and autoscalers may use. A query on any other fails the tests: it would be an
 * empty panel, or an alert that never fires.
 */
export const METRICS: readonly Metric[] = [...METRIC_GROUPS.flatMap(({ metrics }) => [...metrics]), UP];

const bySeries = new Map(METRICS.flatMap((metric) => seriesOf(metric).map((series) => [series, metric])));

/** The metric that a series' name belongs to (`x_bucket` to histogram `x`), if the catalogue has it. */
export function metricOfSeries(series: string): Metric | undefined {
  return bySeries.get(series);
}

/** The labels that a series may be selected and grouped by; `le` is of a histogram's buckets. */
export function labelsOf(series: string): string[] {
  const metric = metricOfSeries(series);
  if (metric === undefined) return [];
  const ofJobs = metric.jobs.flatMap(jobLabels);
  const ofBuckets = series.endsWith("_bucket") ? ["le"] : [];
  return [...new Set([...metric.labels, ...ofJobs, ...ofBuckets])];
}

/**
 * The series of a default target that Azure's minimal ingestion profile would drop: what a keep list has to name.
 * `up` passes every keep list, because Prometheus makes it after the scrape.
 */
export function seriesToKeep(job: (typeof DEFAULT_JOBS)[number]): string[] {
  return METRICS.filter(
    ({ jobs, minimal, name }) => jobs.includes(job) && minimal !== true && name !== UP.name,
  )
    .flatMap(seriesOf)
    .sort();
}

/**
 * All series of a job of ours that the catalogue knows: what panels, rules and autoscalers use, and some that help who
 * looks for the cause of something by hand.
 */
export function seriesOfJob(job: Job): string[] {
  return METRICS.filter(({ jobs, name }) => jobs.includes(job) && name !== UP.name)
    .flatMap(seriesOf)
    .sort();
}
