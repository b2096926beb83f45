import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyViolation } from "../../rehearsal/engineEvents.ts";
import { allCases, configuration, expectedReports, program, reported } from "../policies/allCases.ts";
import { type ForeignProgram, foreignProgram } from "./support/foreignProgram.ts";

const cases = await allCases();
const config = configuration(cases);

let foreign: ForeignProgram;
beforeAll(async () => {
  foreign = await foreignProgram();
});
afterAll(() => foreign?.close());

const said = (violations: readonly PolicyViolation[]) =>
  reported(
    violations.map(({ policy, urn, message }) => ({
      rule: policy,
      name: urn.split("::").at(-1) ?? "",
      message,
    })),
  );

describe("the policy pack as npm packs it, on a program of another project", () => {
  it("ends the preview of what is bad, and each rule reports its own resources", async () => {
    const preview = await foreign.preview(program(cases, "bad"), config);
    expect(said(preview.violations)).toEqual(expectedReports(cases, "bad"));
    expect(preview.exitCode).not.toBe(0);
  });

  it("says nothing of what is good, and lets the preview pass", async () => {
    const preview = await foreign.preview(program(cases, "good"), config);
    expect(said(preview.violations)).toEqual(expectedReports(cases, "good"));
    expect(preview.errors).toEqual([]);
    expect(preview.exitCode).toBe(0);
  });
});
