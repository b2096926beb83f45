import { describe, expect, it } from "vitest";
import { type Summary, summaryLines } from "../../rehearsal/summary.ts";

const summary = (resources: Record<string, number>, builder?: string): Summary => ({
  ok: true,
  scenario: "healthy",
  toolchain: { buildMs: 0, pulumi: "pulumi" },
  ...(builder === undefined ? {} : { builder }),
  phases: [],
  policyPacks: {},
  violations: [],
  stack: { resources, outputs: {} },
  totalMs: 1,
  peakMemoryMiB: 1,
  logs: "logs",
});
const images = { "docker:index/image:Image": 2 };

describe("the summary's word on images", () => {
  it("says that they are not whole when no Docker built them", () => {
    const lines = summaryLines(summary(images));
    expect(lines).toContain("Images (2)");
    expect(lines.join("\n")).toMatch(/no Docker answers here, so no base image and no RUN is in them/);
  });

  it("names the Docker that built them", () => {
    const lines = summaryLines(summary(images, "28.3.3"));
    expect(lines).toContain("  built by Docker 28.3.3");
    expect(lines.join("\n")).not.toMatch(/no Docker/);
  });

  it("is silent when there are none", () => {
    expect(summaryLines(summary({})).join("\n")).not.toMatch(/Images|Docker/);
  });
});
