import type { Section } from "../panel.ts";

export const ingress: Section = {
  id: "ingress",
  title: "Front door",
  about: "What people outside see: requests through the gateway, and the certificates that they are shown.",
  panels: [
    {
      id: "gateway-requests",
      needs: "ingress",
      title: "Requests by answer",
      tells: "Requests a second by their status; 101 is the open page of the chat app.",
      kind: "areas",
      unit: "per-second",
      width: 8,
      query: {
        promql: ({ cluster, range }) =>
          `sum by (response_code) (rate(istio_requests_total{${cluster}, reporter="source"}[${range}]))`,
        legend: "{{response_code}}",
      },
    },
    {
      id: "gateway-latency",
      needs: "ingress",
      title: "Latency by service, p95",
      tells: "95 of 100 answers are complete in this time; pages that stay open (101) aren't counted.",
      kind: "lines",
      unit: "seconds",
      width: 8,
      query: {
        promql: ({ cluster, range }) =>
          "histogram_quantile(0.95, sum by (le, destination_service_name) (rate(" +
          `istio_request_duration_milliseconds_bucket{${cluster}, reporter="source", response_code!="101"}` +
          `[${range}]))) / 1000`,
        legend: "{{destination_service_name}}",
      },
    },
    {
      id: "certificates",
      needs: "certificates",
      title: "Certificates end in",
      tells:
        "Days until a certificate ends. It is renewed with a third of its time left: less means that renewing fails.",
      kind: "bars",
      unit: "days",
      width: 8,
      thresholds: {
        when: "below",
        steps: [
          { value: 21, level: "warning" },
          { value: 7, level: "critical" },
        ],
      },
      query: {
        promql: ({ cluster }) =>
          "sort(min by (exported_namespace, name) " +
          `(certmanager_certificate_expiration_timestamp_seconds{${cluster}} - time()) / 86400)`,
        legend: "{{exported_namespace}} {{name}}",
      },
    },
  ],
};
