import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { GUARD_DEFAULTS } from "../../../components/mcpGuard/defaults.ts";
import { stdioLimits, stdioSessions } from "../../../components/mcpServerDeployment/stdioSessions.ts";
import { CONFIG, runGuarded } from "../mcpGuard/guarded.ts";

describe("stdioSessions", () => {
  it.each<[string, number | undefined, number]>([
    // Less than the gateway and two processes: one session, which may not even fit.
    ["64Mi", undefined, 1],
    ["128Mi", undefined, 1],
    ["256Mi", undefined, 1],
    ["319Mi", undefined, 1],
    ["320Mi", undefined, 2],
    ["512Mi", undefined, 4],
    ["1Gi", undefined, 9],
    ["0.5Gi", undefined, 4],
    ["524288Ki", undefined, 4],
    ["536870912", undefined, 4],
    ["536870912000m", undefined, 4],
    ["512M", undefined, 3],
    ["1G", undefined, 8],
    ["500000k", undefined, 3],
    ["768Mi", 192, 2],
    ["512Mi", 128, 2],
    ["1Ti", undefined, GUARD_DEFAULTS.limits.sessions],
    ["1Ei", undefined, GUARD_DEFAULTS.limits.sessions],
    ["much", undefined, 1],
  ])("of %s, with %s MiB each, are %i", (memory, each, sessions) => {
    expect(stdioSessions(memory, each)).toBe(sessions);
  });
});

describe("stdioLimits", () => {
  it("come from the server's memory, or else from what it has by default", () => {
    const resources = { limits: { memory: "1Gi" } };
    expect(stdioLimits({ transport: "stdio", resources })).toEqual({ sessions: 9 });
    expect(stdioLimits({ transport: "stdio", resources }, 192)).toEqual({ sessions: 4 });
    expect(stdioLimits({ transport: "stdio" })).toEqual({ sessions: 1 });
  });

  it("are none of a server whose sessions are in one process", () => {
    expect(stdioLimits({ transport: "http" })).toEqual({});
    expect(stdioLimits({ transport: "sse" })).toEqual({});
  });

  it("reach the guard, whose own limits come before them", async () => {
    const stdio = { transport: "stdio" as const, command: "node" };
    const limitsOf = async (limits: object | undefined, args: object) =>
      parse((await runGuarded({ limits }, args)).find(CONFIG).inputs.data["guard.yaml"]).limits;
    expect(await limitsOf(undefined, stdio)).toEqual({ sessions: 1 });
    expect(await limitsOf({ concurrency: 3 }, stdio)).toEqual({ concurrency: 3, sessions: 1 });
    expect(await limitsOf({ sessions: 30 }, stdio)).toEqual({ sessions: 30 });
    expect(await limitsOf(undefined, {})).toBeUndefined();
  });
});
