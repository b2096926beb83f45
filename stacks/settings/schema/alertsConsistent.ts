import type { z } from "zod";
import type { alerts } from "./alerts.ts";
import type { Fail } from "./consistent.ts";

/** The settings that alerts have to do with. */
export interface RelatedToAlerts {
  alerts: z.output<typeof alerts>;
  monitoring: { enabled: boolean; logs: { enabled: boolean; excludedNamespaces: readonly string[] } };
  mcpNamespace: string;
}

/** Alerts are rules on what the monitoring gathers: without it there is nothing to ask. */
export function alertsConsistent({ alerts, monitoring, mcpNamespace }: RelatedToAlerts, fail: Fail): void {
  if (alerts.enabled && !monitoring.enabled) {
    fail(["alerts", "enabled"], "false where monitoring.enabled is false: there is nothing to look at");
  }
  const { logs } = monitoring;
  if (!alerts.enabled || !alerts.audit.enabled || !logs.enabled) return;
  const place = logs.excludedNamespaces.indexOf(mcpNamespace);
  if (place >= 0) {
    const rule = "another namespace, or alerts.audit.enabled: false, because no audit would arrive from here";
    fail(["monitoring", "logs", "excludedNamespaces", place], rule);
  }
}
