import { describe, expect, it } from "vitest";
import { LATENCY_LIMITS, objectivesOf } from "../../../components/platformAlerts/objectives.ts";
import { burnRateGroups, type Indicator } from "../../../components/platformAlerts/rules/burnRates.ts";
import {
  COUNTED_OUTCOMES,
  FAILED_OUTCOMES,
  indicators,
} from "../../../components/platformAlerts/rules/indicators.ts";
import { isAlert } from "../../../components/platformAlerts/rules/rule.ts";
import { thresholdsOf } from "../../../components/platformAlerts/rules.ts";
import { outcomes } from "../../../servers/guard/audit.ts";
import { createMetrics } from "../../../servers/guard/metrics.ts";
import { EVERYTHING } from "../../promtool/everything.ts";

describe("objectives", () => {
  it("have defaults", () => {
    expect(objectivesOf()).toEqual({
      windowDays: 30,
      minimumBadEvents: 5,
      mcp: { availabilityPercent: 99.5, latencySeconds: 5, latencyPercent: 95 },
      model: { availabilityPercent: 99.5, latencySeconds: 5, latencyPercent: 95 },
      chat: { availabilityPercent: 99.5, latencySeconds: 2.5, latencyPercent: 95 },
    });
  });

  it.each([
    [{ windowDays: 14 as never }, /objectives\.windowDays: 14 .*7, 28 or 30/],
    [{ minimumBadEvents: 0 }, /objectives\.minimumBadEvents: 0 .*1 to 10000/],
    [{ mcp: { availabilityPercent: 100 } }, /objectives\.mcp\.availabilityPercent: 100 .*95 to 99\.99/],
    [{ chat: { latencyPercent: 90 } }, /objectives\.chat\.latencyPercent: 90 /],
    [{ model: { latencySeconds: 4 } }, /objectives\.model\.latencySeconds: 4 .*one of .*2\.5, 5, /],
  ])("refuse %j", (args, message) => {
    expect(() => objectivesOf(args)).toThrow(message);
  });

  it("take the limits of the guard's own histogram", async () => {
    const metrics = createMetrics("echo");
    metrics.toolsListed(["echo"]);
    metrics.called({ tool: "echo", outcome: "ok", seconds: 1 });
    const text = await metrics.text();
    const limits = [...text.matchAll(/call_duration_seconds_bucket\{le="([\d.]+)"/g)].map(([, le]) =>
      Number(le),
    );
    expect(limits).toEqual([...LATENCY_LIMITS.mcp]);
  });

  it("count outcomes that the guard has", () => {
    expect(COUNTED_OUTCOMES.filter((outcome) => !outcomes.includes(outcome))).toEqual([]);
    const ofTheCaller = ["denied", "limited", "refused", "cancelled"];
    expect([...COUNTED_OUTCOMES, ...ofTheCaller].sort()).toEqual([...outcomes].sort());
    expect(
      FAILED_OUTCOMES.every((outcome) => (COUNTED_OUTCOMES as readonly string[]).includes(outcome)),
    ).toBe(true);
  });
});

describe("burn rates", () => {
  const of = (part: Partial<Indicator>) =>
    burnRateGroups({
      objective: "x",
      title: "X",
      by: ["server"],
      targetPercent: 99.5,
      windowDays: 30,
      ratio: (window) => `ratio${window}`,
      trouble: "It fails",
      ...part,
    }).flatMap(({ rules }) => rules.filter(isAlert));

  it("are those of the workbook in 30 days", () => {
    const [fast, slow] = of({});
    expect(limits(fast?.expr)).toEqual([0.072, 0.072, 0.03, 0.03]);
    expect(limits(slow?.expr)).toEqual([0.015, 0.015, 0.005, 0.005]);
    expect([fast?.severity, slow?.severity]).toEqual([1, 2]);
  });

  it("leave out in 7 days what would tell of a budget that lasts", () => {
    const alerts = of({ windowDays: 7 });
    expect(alerts.map(({ alert }) => alert)).toEqual(["XFastBurn"]);
    expect(limits(alerts[0]?.expr)).toEqual([0.0168, 0.0168, 0.007, 0.007]);
  });

  it("tell in 28 days, too, of what goes as fast as it may", () => {
    const [, slow] = of({ windowDays: 28 });
    expect(limits(slow?.expr)).toEqual([0.014, 0.014, 0.005, 0.005]);
  });

  it("can be reached with every objective that is allowed", () => {
    for (const targetPercent of [95, 99.99]) {
      const all = of({ targetPercent }).flatMap(({ expr }) => limits(expr));
      expect(Math.max(...all)).toBeLessThan(0.9);
      expect(Math.min(...all)).toBeGreaterThan(0);
    }
  });

  it("ask for events where they can be counted", () => {
    const [fast] = of({ events: { count: (window) => `count${window}`, minimumBad: 5 } });
    const ratio = (window: string) => `objective:error_ratio:rate${window}{objective="x"}`;
    expect(fast?.expr).toContain(`and on (server) (${ratio("1h")} * on (server) count1h >= 5)`);
    expect(fast?.expr).toContain(`and on (server) (${ratio("6h")} * on (server) count6h >= 5)`);
  });

  it("are there for each part of the platform", () => {
    const found = indicators(objectivesOf(), EVERYTHING).map(({ objective }) => objective);
    expect(found).toEqual([
      "mcp-availability",
      "mcp-latency",
      "model-availability",
      "model-latency",
      "chat-ready",
      "chat-availability",
      "chat-latency",
    ]);
  });
});

describe("thresholds", () => {
  it("refuse what can't be", () => {
    expect(() => thresholdsOf({ quotaFreePercent: 0 })).toThrow(/thresholds\.quotaFreePercent: 0 .*1 to 50/);
    expect(() => thresholdsOf({ gpuIdleMinutes: 20.5 })).toThrow(/thresholds\.gpuIdleMinutes: 20\.5 /);
    expect(thresholdsOf({ tuningHours: 3 })).toMatchObject({ tuningHours: 3, quotaFreePercent: 20 });
  });
});

const limits = (expr = "") => [...expr.matchAll(/ > ([\d.]+)/g)].map(([, limit]) => Number(limit));
