import { describe, expect, it } from "vitest";
import { azureSeverities, quietRule, recurrencesOf } from "../../../components/platformAlerts/maintenance.ts";

describe("recurrences", () => {
  it("are the window in UTC", () => {
    const window = { daysOfWeek: ["Sunday"] as const, startTime: "02:00", durationHours: 4 };
    expect(recurrencesOf("w", { ...window, daysOfWeek: ["Sunday"] })).toEqual([
      { recurrenceType: "Weekly", daysOfWeek: ["Sunday"], startTime: "02:00:00", endTime: "06:00:00" },
    ]);
  });

  it.each([
    // The day before in UTC.
    ["+05:30", "02:00", 2, [["Saturday", "20:30:00", "22:30:00"]]],
    ["-08:00", "22:00", 1, [["Monday", "06:00:00", "07:00:00"]]],
    [
      "+00:00",
      "22:00",
      4,
      [
        ["Sunday", "22:00:00", "23:59:59"],
        ["Monday", "00:00:00", "02:00:00"],
      ],
    ],
    ["+00:00", "00:00", 24, [["Sunday", "00:00:00", "23:59:59"]]],
    [
      "+01:00",
      "00:00",
      24,
      [
        ["Saturday", "23:00:00", "23:59:59"],
        ["Sunday", "00:00:00", "23:00:00"],
      ],
    ],
  ])("of %s at %s for %i h are %j", (utcOffset, startTime, durationHours, expected) => {
    const found = recurrencesOf("w", { daysOfWeek: ["Sunday"], startTime, durationHours, utcOffset });
    expect(found.map((each) => [...each.daysOfWeek, each.startTime, each.endTime])).toEqual(expected);
  });

  it.each([
    [{ startTime: "2:00" }, /w\.startTime: "2:00"/],
    [{ durationHours: 25 }, /w\.durationHours: 25/],
    [{ utcOffset: "1h" }, /w\.utcOffset: "1h"/],
    [{ daysOfWeek: [] }, /w\.daysOfWeek: must name a day/],
  ])("refuse %j", (part, message) => {
    expect(() =>
      recurrencesOf("w", { daysOfWeek: ["Sunday"], startTime: "02:00", durationHours: 4, ...part }),
    ).toThrow(message);
  });
});

describe("a quiet window", () => {
  it("is quiet of all but critical alerts, and takes their action groups away", () => {
    const rule = quietRule("w", { daysOfWeek: ["Sunday"], startTime: "02:00", durationHours: 4 });
    expect(rule).toMatchObject({
      conditions: [{ field: "Severity", operator: "Equals", values: ["Sev2", "Sev3"] }],
      actions: [{ actionType: "RemoveAllActionGroups" }],
      schedule: { timeZone: "UTC" },
    });
  });

  it("is quiet of the severities that are named", () => {
    expect(azureSeverities(["critical"])).toEqual(["Sev1"]);
    expect(azureSeverities(["info", "critical"])).toEqual(["Sev1", "Sev3"]);
  });
});
