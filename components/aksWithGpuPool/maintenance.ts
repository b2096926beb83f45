import { TIME_OF_DAY, UTC_OFFSET } from "../forms.ts";
import { ensure, matches, wholeNumber } from "../validation.ts";

/** When AKS may upgrade the cluster and its nodes. */
export interface MaintenanceArgs {
  /** Day of the week of Kubernetes upgrades; node images may be renewed on any day. @default "Sunday" */
  dayOfWeek?: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** Start, as HH:MM. @default "02:00" */
  startTime?: string;
  /** Length in hours, 4 to 24. @default 4 */
  durationHours?: number;
  /** Offset of `startTime` from UTC, as +HH:MM or -HH:MM. @default "+00:00" */
  utcOffset?: string;
}

/**
 * The two windows that AKS knows by these fixed names: Kubernetes upgrades once a week, node images daily.
 * Source: https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export function maintenanceWindows(args: MaintenanceArgs = {}) {
  const startTime = ensure("maintenance.startTime", args.startTime ?? "02:00", matches(TIME_OF_DAY));
  const utcOffset = ensure("maintenance.utcOffset", args.utcOffset ?? "+00:00", matches(UTC_OFFSET));
  const durationHours = ensure("maintenance.durationHours", args.durationHours ?? 4, wholeNumber(4, 24));
  const window = { startTime, utcOffset, durationHours };
  return {
    aksManagedAutoUpgradeSchedule: {
      ...window,
      schedule: { weekly: { dayOfWeek: args.dayOfWeek ?? "Sunday", intervalWeeks: 1 } },
    },
    aksManagedNodeOSUpgradeSchedule: { ...window, schedule: { daily: { intervalDays: 1 } } },
  };
}
