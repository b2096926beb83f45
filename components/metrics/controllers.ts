import type { Metric, MetricGroup } from "./metric.ts";

/** KMCP 0.3.0 and KAITO 0.11.0 are both built on controller-runtime, whose names these are. */
const ofBoth: Pick<Metric, "jobs"> = { jobs: ["kmcp", "kaito"] };

export const controllerMetrics: MetricGroup = {
  source: "pkg/internal/controller/metrics and pkg/metrics of sigs.k8s.io/controller-runtime 0.20 to 0.24",
  metrics: [
    {
      name: "controller_runtime_reconcile_total",
      type: "counter",
      unit: "count",
      help: "Reconciliations by controller and result (success, error, requeue, requeue_after).",
      labels: ["controller", "result"],
      ...ofBoth,
    },
    {
      name: "controller_runtime_reconcile_errors_total",
      type: "counter",
      unit: "count",
      help: "Reconciliations that failed.",
      labels: ["controller"],
      ...ofBoth,
    },
    {
      name: "controller_runtime_reconcile_time_seconds",
      type: "histogram",
      unit: "seconds",
      help: "Time of a reconciliation.",
      labels: ["controller"],
      ...ofBoth,
    },
    {
      name: "workqueue_depth",
      type: "gauge",
      unit: "count",
      help: "Objects that wait for their controller.",
      labels: ["name", "controller"],
      // Not KAITO: its webhooks' library counts queues in its own way, under its own names, and comes first
      // (controller/stats_reporter.go of knative.dev/pkg; client-go takes one provider).
      jobs: ["kmcp"],
    },
  ],
};

export const kaitoMetrics: MetricGroup = {
  source: "pkg/workspace/controllers/metrics.go and pkg/inferenceset/metrics.go of KAITO v0.11.0",
  metrics: [
    {
      name: "kaito_workspace_count",
      type: "gauge",
      unit: "count",
      help: "Workspaces by phase (succeeded, error, pending, deleting); counted each minute.",
      labels: ["phase"],
      jobs: ["kaito"],
    },
    {
      name: "kaito_inferenceset_count",
      type: "gauge",
      unit: "count",
      help: "InferenceSets by phase (succeeded, error, pending, deleting); counted each minute.",
      labels: ["phase"],
      jobs: ["kaito"],
      needs: "KAITO's feature gate enableInferenceSetController",
    },
  ],
};

const OF_CERTIFICATE = ["name", "issuer_name", "issuer_kind", "issuer_group"];

/**
 * cert-manager's own labels `namespace` and `pod` would be the certificate's and the controller's: the scrape doesn't
 * honour them, so that the certificate's namespace is `exported_namespace`.
 */
export const certificateMetrics: MetricGroup = {
  source: "internal/collectors/certificate_collector.go of cert-manager 1.21",
  metrics: [
    {
      name: "certmanager_certificate_expiration_timestamp_seconds",
      type: "gauge",
      unit: "timestamp",
      help: "When the certificate ends.",
      labels: [...OF_CERTIFICATE, "exported_namespace"],
      jobs: ["cert-manager"],
    },
    {
      name: "certmanager_certificate_renewal_timestamp_seconds",
      type: "gauge",
      unit: "timestamp",
      help: "When cert-manager means to renew the certificate.",
      labels: [...OF_CERTIFICATE, "exported_namespace"],
      jobs: ["cert-manager"],
    },
    {
      name: "certmanager_certificate_ready_status",
      type: "gauge",
      unit: "state",
      help: "1 for the condition (True, False, Unknown) that the certificate has.",
      labels: [...OF_CERTIFICATE, "exported_namespace", "condition"],
      jobs: ["cert-manager"],
    },
    {
      name: "certmanager_http_acme_client_request_count",
      type: "counter",
      unit: "count",
      help: "Requests to the certificate authority.",
      labels: ["scheme", "host", "action", "method", "status"],
      jobs: ["cert-manager"],
      needs: "an issuer that speaks ACME",
    },
  ],
};

const OF_REQUEST = [
  "reporter",
  "source_workload",
  "destination_service",
  "destination_service_name",
  "destination_service_namespace",
  "request_protocol",
  "response_code",
  "response_flags",
];

/** What the gateway's proxies count of requests from outside; they report as the source. */
export const gatewayMetrics: MetricGroup = {
  source: "https://istio.io/latest/docs/reference/config/metrics",
  metrics: [
    {
      name: "istio_requests_total",
      type: "counter",
      unit: "count",
      help: "Requests through the gateway.",
      labels: OF_REQUEST,
      jobs: ["istio-gateway"],
    },
    {
      name: "istio_request_duration_milliseconds",
      type: "histogram",
      unit: "milliseconds",
      help: "Time of a request through the gateway.",
      labels: OF_REQUEST,
      jobs: ["istio-gateway"],
    },
  ],
};
