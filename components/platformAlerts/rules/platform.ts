import type { Job } from "../../metrics.ts";
import type { Thresholds, Watched } from "../watched.ts";
import type { AlertRule, RuleGroup } from "./rule.ts";

/** Alerts on certificates. */
export function certificateGroup(
  { certificates }: Watched,
  { certificateDays }: Thresholds,
): RuleGroup | undefined {
  if (!certificates) return undefined;
  const certificate = "exported_namespace, name";
  return {
    name: "certificates",
    description: "Certificates of cert-manager.",
    rules: [
      {
        alert: "CertificateExpiring",
        expr: `min by (${certificate}) (certmanager_certificate_expiration_timestamp_seconds) - time() < ${certificateDays * 86_400}`,
        forMinutes: 60,
        severity: 2,
        summary: "The certificate {{ $labels.name }} ends in {{ $value | humanizeDuration }}.",
        description: "It should have been renewed by now; when it has ended no browser lets anybody in.",
        runbook: "certificates",
      },
      {
        alert: "CertificateNotReady",
        expr: `max by (${certificate}) (certmanager_certificate_ready_status{condition="True"}) == 0`,
        forMinutes: 15,
        severity: 2,
        summary: "The certificate {{ $labels.name }} of {{ $labels.exported_namespace }} isn't there.",
        description: "cert-manager doesn't get it, or can't renew it.",
        runbook: "certificates",
      },
    ],
  };
}

/** Azure's own targets that alerts here rest on. */
const DEFAULT_TARGETS = ["kube-state-metrics", "kubelet"] as const satisfies Job[];

/** Alerts on the monitoring itself, and on the controllers that make what it looks at. */
export function monitoringGroup({ jobs = [] }: Watched): RuleGroup {
  const controllers = jobs.filter((job) => job === "kmcp" || job === "kaito").sort();
  return {
    name: "monitoring",
    description: "What is scraped, and the controllers.",
    rules: [
      ...(jobs.length === 0 ? [] : [targetDown(jobs)]),
      targetAbsent([...DEFAULT_TARGETS, ...jobs]),
      ...(controllers.length === 0 ? [] : [controllerErrors(controllers)]),
    ],
  };
}

/** Only of pods that are ready: one that starts, as a model does for a long time, is the matter of another alert. */
function targetDown(jobs: readonly string[]): AlertRule {
  return {
    alert: "TargetDown",
    expr:
      `max by (job, namespace, pod) (up{job=~"${[...jobs].sort().join("|")}"}) == 0 ` +
      'and on (namespace, pod) kube_pod_status_ready{condition="true"} == 1',
    forMinutes: 10,
    severity: 2,
    summary: "{{ $labels.pod }} of {{ $labels.namespace }} doesn't answer scrapes of {{ $labels.job }}.",
    description: "The pod is ready, but its metrics are missing: alerts on them can't fire.",
    runbook: "monitoring",
  };
}

/** One alert for all jobs, each with the label that `absent` takes from its matcher. */
function targetAbsent(jobs: readonly string[]): AlertRule {
  return {
    alert: "TargetAbsent",
    expr: [...jobs]
      .sort()
      .map((job) => `absent(up{job="${job}"})`)
      .join(" or "),
    forMinutes: 15,
    severity: 2,
    summary: "Nothing is scraped as {{ $labels.job }}.",
    description: "Metrics of a part of the platform are missing, and alerts on them can't fire.",
    runbook: "monitoring",
  };
}

function controllerErrors(controllers: string[]): AlertRule {
  return {
    alert: "ControllerFailing",
    expr: `sum by (job, controller) (increase(controller_runtime_reconcile_errors_total{job=~"${controllers.join("|")}"}[15m])) > 5`,
    forMinutes: 30,
    severity: 3,
    summary: "{{ $labels.job }} fails to do its work ({{ $labels.controller }}).",
    description: "What was asked of the controller isn't done, or not undone: it tries again and again.",
    runbook: "monitoring",
  };
}
