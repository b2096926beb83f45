import { stringify } from "yaml";
import { seriesOfJob } from "../metrics.ts";
import { OF_PODS, SCRAPE_JOBS, type ScrapeJob, type ScrapeTarget } from "./scrapeJobs.ts";

/**
 * Least and most seconds between two scrapes. Rates are taken over five minutes, those of autoscalers over two: a rate
 * over less than two samples is nothing, and dashboards, objectives and autoscalers would be empty without a word.
 */
export const INTERVAL_SECONDS = [15, 60] as const;

/** What the scrape configuration depends on. */
export interface ScrapeConfigArgs {
  targets: readonly ScrapeTarget[];
  /** Seconds between two scrapes of a target. */
  intervalSeconds: number;
  /** Keep only what the catalogue of metrics has; else all that exporters say. */
  minimal: boolean;
}

/** A step of Prometheus' relabelling. */
interface Relabel {
  source_labels?: string[];
  regex?: string;
  action?: "keep" | "drop";
  target_label?: string;
}

/**
 * The limits that Azure's workspaces have; a target that goes beyond is refused by itself, and not the whole request.
 * Source: the same figures in otelcollector/configmapparser/default-prom-configs of Azure/prometheus-collector.
 */
const LIMITS = { label_limit: 63, label_name_length_limit: 511, label_value_length_limit: 1023 };

/** Prometheus' configuration as the agent takes it, which is Prometheus' own without remote write. */
export function scrapeConfig({ targets, intervalSeconds, minimal }: ScrapeConfigArgs): object {
  return {
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${Math.min(10, intervalSeconds)}s` },
    scrape_configs: targets.map(({ job, namespaces }) => {
      const { path = "/metrics", honorLabels = false, ...how } = SCRAPE_JOBS[job];
      return {
        job_name: job,
        metrics_path: path,
        ...(honorLabels ? { honor_labels: true } : {}),
        ...LIMITS,
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [...new Set(namespaces)].sort() } }],
        relabel_configs: relabelling(how),
        ...(minimal ? { metric_relabel_configs: [keepSeries(seriesOfJob(job))] } : {}),
      };
    }),
  };
}

/** The same as text, in which two runs differ only where the settings do. */
export function scrapeConfigText(args: ScrapeConfigArgs): string {
  return stringify(scrapeConfig(args), { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * Which containers' ports of a namespace are targets, and what their series are labelled with. Nothing here replaces
 * text by "$1": the agent reads "$" in its own way.
 */
function relabelling({
  port,
  podLabels = {},
  labelled,
  notOf = [],
  firstOfSet = false,
  labels = OF_PODS,
}: Omit<ScrapeJob, "path" | "honorLabels">) {
  const steps: Relabel[] = [
    keep("container_port_number", String(port)),
    ...Object.entries(podLabels).map(([label, values]) => keep(meta(`label:${label}`), values)),
    ...(labelled === undefined ? [] : [keep(`labelpresent_${sanitized(labelled)}`, "true")]),
    ...(notOf.length === 0
      ? []
      : [{ source_labels: [`${POD}controller_kind`], regex: notOf.join("|"), action: "drop" as const }]),
    // A label that isn't there is empty.
    ...(firstOfSet ? [keep(meta("label:apps.kubernetes.io/pod-index"), "0|")] : []),
    // What has ended answers nobody, and would be a target that is down.
    { source_labels: [`${POD}phase`], regex: "Failed|Succeeded", action: "drop" },
    ...Object.entries(labels).map(([target, from]) => ({
      source_labels: [from === "namespace" ? "__meta_kubernetes_namespace" : POD + meta(from)],
      target_label: target,
    })),
  ];
  return steps;
}

const POD = "__meta_kubernetes_pod_";

/** A pod's metadata as Prometheus names it: "label:a.b/c" is label_a_b_c. */
function meta(from: string): string {
  return from.startsWith("label:") ? `label_${sanitized(from.slice("label:".length))}` : from;
}

function sanitized(label: string): string {
  return label.replace(/[^a-zA-Z0-9_]/g, "_");
}

function keep(what: string, regex: string): Relabel {
  return { source_labels: [POD + what], regex, action: "keep" };
}

function keepSeries(series: string[]): Relabel {
  return { source_labels: ["__name__"], regex: series.join("|"), action: "keep" };
}
