import { describe, expect, it } from "vitest";
import { maintenanceWindows } from "../../../components/aksWithGpuPool/maintenance.ts";

describe("maintenanceWindows", () => {
  it("has the names that AKS knows", () => {
    expect(maintenanceWindows()).toEqual({
      aksManagedAutoUpgradeSchedule: {
        startTime: "02:00",
        utcOffset: "+00:00",
        durationHours: 4,
        schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
      },
      aksManagedNodeOSUpgradeSchedule: {
        startTime: "02:00",
        utcOffset: "+00:00",
        durationHours: 4,
        schedule: { daily: { intervalDays: 1 } },
      },
    });
  });

  it.each([
    [{ startTime: "24:00" }, /^maintenance.startTime: /],
    [{ durationHours: 3 }, /^maintenance.durationHours: 3 is not allowed; .* 4 to 24/],
    [{ utcOffset: "UTC" }, /^maintenance.utcOffset: /],
  ])("refuses %j", (args, message) => {
    expect(() => maintenanceWindows(args)).toThrow(message);
  });
});
