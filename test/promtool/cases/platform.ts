import type { AlertCase } from "../case.ts";

const ends =
  'certmanager_certificate_expiration_timestamp_seconds{exported_namespace="ingress", name="chat"}';
const ready = (condition: string) =>
  `certmanager_certificate_ready_status{exported_namespace="ingress", name="chat", condition="${condition}"}`;
const certificate = { exported_namespace: "ingress", name: "chat" };
const up = (job: string) => `up{job="${job}", namespace="mcp", pod="echo-1", instance="10.0.0.9:9464"}`;
const JOBS = ["mcp-guard", "vllm", "kmcp", "kaito", "dcgm", "cert-manager", "istio-gateway"];
const all = (values: string) =>
  Object.fromEntries([...JOBS, "kube-state-metrics", "kubelet"].map((job) => [up(job), values]));
const podReady = 'kube_pod_status_ready{namespace="mcp", pod="echo-1", condition="true"}';
const errors = (job: string) =>
  `controller_runtime_reconcile_errors_total{job="${job}", namespace="kmcp-system", pod="kmcp-1", controller="mcpserver"}`;

const DAY = 86_400;

export const platformCases: AlertCase[] = [
  {
    alert: "CertificateExpiring",
    when: "in ten days",
    // The time is counted from 0.
    series: { [ends]: `${10 * DAY}x90` },
    at: "90m",
    fires: [{ labels: certificate, value: "9d 22h 30m 0s" }],
  },
  {
    alert: "CertificateExpiring",
    when: "in thirty days",
    series: { [ends]: `${30 * DAY}x90` },
    at: "90m",
    fires: [],
  },
  {
    alert: "CertificateNotReady",
    when: "it isn't issued",
    series: { [ready("True")]: "0x30", [ready("False")]: "1x30" },
    at: "30m",
    fires: [{ labels: certificate }],
  },
  {
    alert: "CertificateNotReady",
    when: "it is",
    series: { [ready("True")]: "1x30", [ready("False")]: "0x30" },
    at: "30m",
    fires: [],
  },
  {
    alert: "TargetDown",
    when: "a guard doesn't answer",
    series: { [up("mcp-guard")]: "1x5 0x15", [podReady]: "1x20" },
    at: "18m",
    fires: [{ labels: { job: "mcp-guard", namespace: "mcp", pod: "echo-1" } }],
  },
  {
    alert: "TargetDown",
    when: "somebody else's target doesn't",
    series: { [up("theirs")]: "0x20", [podReady]: "1x20" },
    at: "18m",
    fires: [],
  },
  {
    alert: "TargetDown",
    when: "a model loads its weights, and isn't ready",
    series: { [up("vllm")]: "0x40", [podReady]: "0x40" },
    at: "38m",
    fires: [],
  },
  {
    alert: "TargetAbsent",
    when: "Azure's agent gets nothing from kube-state-metrics",
    series: Object.fromEntries(
      Object.entries(all("1x30")).filter(([series]) => series !== up("kube-state-metrics")),
    ),
    at: "30m",
    fires: [{ labels: { job: "kube-state-metrics" } }],
  },
  {
    alert: "TargetAbsent",
    when: "models have no target",
    series: Object.fromEntries(Object.entries(all("1x30")).filter(([series]) => series !== up("vllm"))),
    at: "30m",
    fires: [{ labels: { job: "vllm" } }],
  },
  {
    alert: "TargetAbsent",
    when: "all are there, up or down",
    series: { ...all("1x30"), [up("kmcp")]: "0x30" },
    at: "30m",
    fires: [],
  },
  {
    alert: "ControllerFailing",
    when: "one error a minute",
    series: { [errors("kmcp")]: "0+1x60" },
    at: "60m",
    fires: [{ labels: { job: "kmcp", controller: "mcpserver" } }],
  },
  {
    alert: "ControllerFailing",
    when: "a conflict every five minutes",
    series: { [errors("kmcp")]: Array.from({ length: 12 }, (_, i) => `${i}x4`).join(" ") },
    at: "60m",
    fires: [],
  },
];
