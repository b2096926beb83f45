import type { AlertCase } from "../case.ts";

const set = { namespace: "models", statefulset: "phi" };
const ready = 'kube_statefulset_status_replicas_ready{namespace="models", statefulset="phi"}';
const wanted = 'kube_statefulset_replicas{namespace="models", statefulset="phi"}';
const pod = { namespace: "models", pod: "phi-0" };
const notReady = 'kube_pod_status_ready{namespace="models", pod="phi-0", uid="1", condition="false"}';
const waiting = 'vllm:num_requests_waiting{workspace="phi", model_name="phi-4", engine="0"}';
const cache = 'vllm:kv_cache_usage_perc{workspace="phi", pod="phi-0"}';
const job = { namespace: "models", job_name: "dolly" };
const start = 'kube_job_status_start_time{namespace="models", job_name="dolly"}';
const active = 'kube_job_status_active{namespace="models", job_name="dolly"}';

export const modelCases: AlertCase[] = [
  {
    alert: "ModelDown",
    when: "it was ready, and isn't for ten minutes",
    series: { [ready]: "1x60 0x10", [wanted]: "1x80" },
    at: "71m",
    fires: [{ labels: set }],
  },
  {
    alert: "ModelDown",
    when: "it is down for eight hours",
    series: { [ready]: "1x60 0x500", [wanted]: "1x560" },
    at: "545m",
    fires: [{ labels: set }],
  },
  {
    alert: "ModelDown",
    when: "it has never been ready: it starts",
    series: { [ready]: "0x80", [wanted]: "1x80" },
    at: "71m",
    fires: [],
  },
  {
    alert: "ModelDown",
    when: "it was taken away",
    series: { [ready]: "1x60 0x20", [wanted]: "1x60 0x20" },
    at: "71m",
    fires: [],
  },
  {
    alert: "ModelNotReady",
    when: "for an hour",
    series: { [notReady]: "1x60" },
    at: "60m",
    fires: [{ labels: pod }],
  },
  {
    alert: "ModelNotReady",
    when: "it downloads its weights",
    series: { [notReady]: "1x40 0x20" },
    at: "60m",
    fires: [],
  },
  {
    alert: "ModelNotReady",
    when: "a tuning job's pod, which is never ready",
    series: {
      [notReady]: "1x60",
      'kube_pod_owner{namespace="models", pod="phi-0", uid="1", owner_kind="Job", owner_name="dolly"}':
        "1x60",
    },
    at: "60m",
    fires: [],
  },
  {
    alert: "ModelQueueGrowing",
    when: "more and more wait",
    series: { [waiting]: "20+1x30" },
    at: "30m",
    fires: [{ labels: { workspace: "phi" }, value: "41" }],
  },
  {
    alert: "ModelQueueGrowing",
    when: "the queue gets shorter",
    series: { [waiting]: "90-2x30" },
    at: "30m",
    fires: [],
  },
  { alert: "ModelQueueGrowing", when: "nobody waits", series: { [waiting]: "0x30" }, at: "30m", fires: [] },
  {
    alert: "ModelCacheFull",
    when: "full for half an hour",
    series: { [cache]: "0.99x40" },
    at: "40m",
    fires: [{ labels: { workspace: "phi", pod: "phi-0" } }],
  },
  {
    alert: "ModelCacheFull",
    when: "full now and then",
    series: { [cache]: "0.99 0.3 0.99 0.4x40" },
    at: "40m",
    fires: [],
  },
  {
    alert: "TuningJobOverTime",
    when: "it runs for 25 hours",
    // The series begin when the job does: at the time 0, as promtool counts.
    series: { [start]: "0x1510", [active]: "1x1510" },
    at: "1500m",
    fires: [{ labels: job }],
  },
  {
    alert: "TuningJobOverTime",
    when: "it began a day ago, and is through",
    series: { [start]: "0x1510", [active]: "1x60 0x1450" },
    at: "1500m",
    fires: [],
  },
  {
    alert: "TuningJobOverTime",
    when: "it runs for ten hours",
    series: { [start]: "0x610", [active]: "1x610" },
    at: "600m",
    fires: [],
  },
  {
    alert: "TuningJobFailed",
    when: "it has given up",
    series: { 'kube_job_failed{namespace="models", job_name="dolly", condition="true"}': "0x3 1x5" },
    at: "6m",
    fires: [{ labels: job }],
  },
  {
    alert: "TuningJobFailed",
    when: "it hasn't",
    series: {
      'kube_job_failed{namespace="models", job_name="dolly", condition="true"}': "0x8",
      'kube_job_failed{namespace="models", job_name="dolly", condition="false"}': "1x8",
    },
    at: "6m",
    fires: [],
  },
];
