import { describe, expect, test } from "vitest";
import {
  DEFAULT_JOBS,
  JOBS,
  labelsOf,
  METRIC_GROUPS,
  METRICS,
  metricOfSeries,
  NODE_LABELS,
  nodeLabel,
  seriesOf,
  seriesOfJob,
  seriesToKeep,
} from "../../../components/metrics.ts";

describe("the catalogue of metrics", () => {
  test("has every series once", () => {
    const series = METRICS.flatMap(seriesOf);
    expect(series.filter((name, index) => series.indexOf(name) !== index)).toEqual([]);
  });

  test.each(METRICS.map((metric) => [metric.name, metric] as const))(
    "%s is a metric of Prometheus'",
    (_, metric) => {
      expect(metric.name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
      for (const label of metric.labels) expect(label).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
      expect(new Set(metric.labels).size).toBe(metric.labels.length);
      expect(metric.jobs.length).toBeGreaterThan(0);
      expect(metric.help).toMatch(/\.$/);
    },
  );

  test("every job has metrics, and every group says where it was read", () => {
    for (const job of JOBS) expect(seriesOfJob(job)).not.toEqual([]);
    for (const { source } of METRIC_GROUPS) expect(source).not.toBe("");
  });

  test("only metrics of default targets are in Azure's minimal profile", () => {
    const minimal = METRICS.filter((metric) => metric.minimal);
    const others = minimal.filter(
      ({ jobs }) => !jobs.every((job) => DEFAULT_JOBS.some((name) => name === job)),
    );
    expect(minimal.length).toBeGreaterThan(0);
    expect(others).toEqual([]);
  });
});

describe("what a default target must keep", () => {
  test("is what Azure's profile would drop", () => {
    expect(seriesToKeep("kube-state-metrics")).toContain("kube_pod_status_ready");
    expect(seriesToKeep("kube-state-metrics")).not.toContain("kube_pod_status_phase");
    expect(seriesToKeep("cadvisor")).toEqual([]);
  });

  test("isn't the health of the target, which no list can drop", () => {
    expect(DEFAULT_JOBS.flatMap(seriesToKeep)).not.toContain("up");
  });
});

describe("a series", () => {
  test("of a histogram belongs to its metric and has the bound of its bucket", () => {
    expect(metricOfSeries("mcp_guard_call_duration_seconds_bucket")?.type).toBe("histogram");
    expect(metricOfSeries("mcp_guard_call_duration_seconds")).toBeUndefined();
    expect(labelsOf("mcp_guard_call_duration_seconds_bucket")).toEqual(
      expect.arrayContaining(["le", "tool", "server", "namespace", "pod", "cluster"]),
    );
    expect(labelsOf("mcp_guard_call_duration_seconds_count")).not.toContain("le");
  });

  test("that nothing exports has no labels", () => {
    expect(metricOfSeries("made_up_total")).toBeUndefined();
    expect(labelsOf("made_up_total")).toEqual([]);
  });

  test("of a node carries the labels that are asked for", () => {
    expect(NODE_LABELS.map(nodeLabel)).toEqual([
      "label_kubernetes_azure_com_agentpool",
      "label_node_kubernetes_io_instance_type",
      "label_kubernetes_azure_com_scalesetpriority",
    ]);
    expect(labelsOf("kube_node_labels")).toEqual(expect.arrayContaining(NODE_LABELS.map(nodeLabel)));
  });
});
