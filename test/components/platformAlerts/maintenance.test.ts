import { describe, expect, it } from "vitest";
import { allAlerts } from "../../../components/platformAlerts/list.ts";
import {
  azureSeverities,
  DISTURBED_BY_UPGRADES,
  quietRule,
  recurrencesOf,
} from "../../../components/platformAlerts/maintenance.ts";
import { thresholdsOf } from "../../../components/platformAlerts/rules.ts";
import { ALL_GROUPS } from "../../promtool/everything.ts";

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

  it("is quiet of alerts that are named, as many as Azure takes", () => {
    const window = { daysOfWeek: ["Sunday" as const], startTime: "02:00", durationHours: 4 };
    expect(quietRule("w", { ...window, alerts: DISTURBED_BY_UPGRADES }).conditions[1]).toEqual({
      field: "AlertRuleName",
      operator: "Contains",
      values: DISTURBED_BY_UPGRADES,
    });
    const six = ["a", "b", "c", "d", "e", "f"];
    expect(() => quietRule("w", { ...window, alerts: six })).toThrow(/w\.alerts: must be 1 to 5/);
  });

  it("of upgrades is about what they disturb, and lets all else through", () => {
    const quiet = allAlerts(ALL_GROUPS, thresholdsOf())
      .map(({ alert }) => alert)
      .filter((alert) => DISTURBED_BY_UPGRADES.some((part) => alert.includes(part)));
    const disturbed = ["PodNotReady", "NodeNotReady", "TargetDown", "CrashLooping"];
    expect(quiet).toEqual(expect.arrayContaining(disturbed));
    expect(quiet.filter((alert) => /Audit|Quota|Volume|Logs|Expiring|Burn|Mcp/.test(alert))).toEqual([]);
  });

  it("is quiet of the severities that are named", () => {
    expect(azureSeverities(["critical"])).toEqual(["Sev1"]);
    expect(azureSeverities(["info", "critical"])).toEqual(["Sev1", "Sev3"]);
  });
});
