import type { Section } from "../panel.ts";

const inLocation = (location: string | undefined) =>
  location === undefined ? [] : [`| where location =~ "${location}"`];

/**
 * Usage and limit of each family of VMs. `properties.value` is what the usages of Microsoft.Compute answer.
 * Source: https://learn.microsoft.com/azure/quotas/how-to-guide-monitoring-alerting
 */
function usages(location: string | undefined): string[] {
  return [
    "QuotaResources",
    '| where type =~ "microsoft.compute/locations/usages"',
    ...inLocation(location),
    "| mv-expand item = properties.value limit 400",
    "| extend used = toint(item.currentValue), quota = toint(item.limit), unit = tostring(item.unit)",
    "| extend family = tostring(item.name.localizedValue)",
    '| where quota > 0 and family endswith "vCPUs"',
  ];
}

export const quota: Section = {
  id: "quota",
  title: "Quota headroom",
  about:
    "How much more may this subscription run? A pool that can't grow says nothing until it has to. Prometheus doesn't " +
    "know: this comes from Azure Resource Graph.",
  needs: "quota",
  panels: [
    {
      id: "quota-headroom",
      title: "Least headroom",
      tells:
        "vCPUs that may still be had, by family of VMs that is in use. Under 20 % ask for more: it takes days.",
      kind: "bars",
      unit: "ratio",
      width: 12,
      max: 1,
      thresholds: {
        when: "below",
        steps: [
          { value: 0.2, level: "warning" },
          { value: 0.05, level: "critical" },
        ],
      },
      runbook: "quota",
      query: {
        resources: (location) =>
          [
            ...usages(location),
            "| where used > 0",
            "| project family, headroom = 1.0 - todouble(used) / quota",
            "| order by headroom asc",
            "| take 10",
          ].join("\n"),
        columns: ["family", "headroom"],
      },
    },
    {
      id: "quota-usage",
      title: "Use and limit",
      tells: "The numbers behind it, of families in use; the regional total is one of them.",
      kind: "table",
      unit: "count",
      width: 12,
      query: {
        resources: (location) =>
          [
            ...usages(location),
            "| where used > 0",
            "| project family, location, used, quota, free = quota - used",
            "| order by free asc",
          ].join("\n"),
        columns: ["family", "location", "used", "quota", "free"],
      },
    },
  ],
};
