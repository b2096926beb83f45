import type { Thresholds, Watched } from "../watched.ts";
import { type AlertRule, oneOf, type RuleGroup } from "./rule.ts";

/** Weights are downloaded before the first answer: a model that starts isn't late for so many minutes. */
const MODEL_START_MINUTES = 45;

/** Alerts on models and tuning jobs. */
export function modelGroup(watched: Watched, thresholds: Thresholds): RuleGroup | undefined {
  const { models, tuning, modelNamespace } = watched;
  const rules: AlertRule[] = [];
  if (modelNamespace !== undefined) rules.push(...readiness(modelNamespace));
  if (models) rules.push(...serving(thresholds));
  if (tuning && modelNamespace !== undefined) rules.push(...tuningJobs(modelNamespace, thresholds));
  if (rules.length === 0) return undefined;
  return { name: "models", description: "Models and tuning jobs.", rules };
}

function readiness(modelNamespace: string): AlertRule[] {
  const of = oneOf("namespace", [modelNamespace]);
  const ready = `kube_statefulset_status_replicas_ready{${of}}`;
  return [
    {
      alert: "ModelDown",
      // Only what was ready before is down; what has never been is still starting.
      expr:
        `max by (namespace, statefulset) (${ready}) == 0 and ` +
        `max by (namespace, statefulset) (max_over_time(${ready}[7d])) > 0 and ` +
        `max by (namespace, statefulset) (kube_statefulset_replicas{${of}}) > 0`,
      forMinutes: 5,
      severity: 1,
      summary: "The model {{ $labels.statefulset }} of {{ $labels.namespace }} isn't served any more.",
      description:
        "No pod of the model is ready, and some were in the last seven days: nobody gets an answer.",
      runbook: "models",
    },
    {
      alert: "ModelNotReady",
      expr:
        `max by (namespace, pod) (kube_pod_status_ready{${of}, condition="false"}) == 1 ` +
        `unless on (namespace, pod) kube_pod_status_phase{${of}, phase="Succeeded"} == 1 ` +
        `unless on (namespace, pod) kube_pod_owner{${of}, owner_kind="Job"}`,
      forMinutes: MODEL_START_MINUTES,
      severity: 2,
      summary: "The pod {{ $labels.pod }} of {{ $labels.namespace }} doesn't get ready.",
      description:
        "A model isn't served, or with fewer pods than it should have, for longer than it takes to start.",
      runbook: "models",
    },
  ];
}

function serving({ queueLength }: Thresholds): AlertRule[] {
  const waiting = "sum by (workspace) (vllm:num_requests_waiting)";
  return [
    {
      alert: "ModelQueueGrowing",
      expr: `min_over_time((${waiting})[10m:1m]) > ${queueLength} and deriv((${waiting})[10m:1m]) >= 0`,
      forMinutes: 5,
      severity: 2,
      summary: "{{ $value }} requests or more wait for {{ $labels.workspace }}.",
      description: "The model gets more requests than it can answer, and the queue doesn't get shorter.",
      runbook: "models",
    },
    {
      alert: "ModelCacheFull",
      expr: "min_over_time(vllm:kv_cache_usage_perc[10m]) > 0.95",
      forMinutes: 10,
      severity: 3,
      summary: "The KV cache of {{ $labels.workspace }} is full.",
      description: "The GPU's memory is the limit: requests wait, or are put back and begin anew.",
      runbook: "models",
    },
  ];
}

function tuningJobs(modelNamespace: string, { tuningHours }: Thresholds): AlertRule[] {
  const of = oneOf("namespace", [modelNamespace]);
  return [
    {
      alert: "TuningJobOverTime",
      expr:
        `time() - max by (namespace, job_name) (kube_job_status_start_time{${of}}) > ${tuningHours * 3600} ` +
        `and on (namespace, job_name) kube_job_status_active{${of}} > 0`,
      forMinutes: 5,
      severity: 3,
      summary: `The tuning job {{ $labels.job_name }} runs for more than ${tuningHours} h.`,
      description: "A tuning job takes longer than it should, and holds a GPU meanwhile.",
      runbook: "models",
    },
    {
      alert: "TuningJobFailed",
      expr: `max by (namespace, job_name) (kube_job_failed{${of}, condition="true"}) == 1`,
      forMinutes: 0,
      severity: 3,
      summary: "The tuning job {{ $labels.job_name }} has failed.",
      description: "A tuning job has given up; there is no adapter from it.",
      runbook: "models",
    },
  ];
}
