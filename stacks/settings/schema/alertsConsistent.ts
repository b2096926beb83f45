import type { z } from "zod";
import type { alerts } from "./alerts.ts";
import type { Fail } from "./consistent.ts";

/** The settings that alerts have to do with. */
export interface RelatedToAlerts {
  alerts: z.output<typeof alerts>;
  monitoring: { enabled: boolean };
}

/** Alerts are rules on what the monitoring gathers: without it there is nothing to ask. */
export function alertsConsistent({ alerts, monitoring }: RelatedToAlerts, fail: Fail): void {
  if (alerts.enabled && !monitoring.enabled) {
    fail(["alerts", "enabled"], "false where monitoring.enabled is false: there is nothing to look at");
  }
}
