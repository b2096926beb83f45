import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { exemptionUse } from "../../policies/lib/exemptions.ts";
import { seenInputs } from "../../policies/lib/seenInputs.ts";
import { rules } from "../../policies/rules.ts";
import { allCases, configuration, expectedReports, program, reported } from "./allCases.ts";
import type { Fixture } from "./cases/case.ts";
import { judge, judgeStack } from "./judge.ts";

const cases = await allCases();
const config = configuration(cases);

/** What the whole pack says of a program, as Pulumi would ask it: first each resource, then the stack. */
async function judged(fixtures: readonly Fixture[]) {
  exemptionUse.configured.clear();
  exemptionUse.used.clear();
  seenInputs.clear();
  const said: { rule: string; name: string; message: string }[] = [];
  for (const rule of rules as ResourceValidationPolicy[]) {
    for (const { name, type, props } of fixtures) {
      if (rule.validateResource === undefined) continue;
      const lines = await judge(rule, type, props, config[rule.name], name);
      said.push(...lines.map((line) => ({ rule: rule.name, name, message: line.replace(/^\w+: /, "") })));
    }
  }
  for (const rule of rules as StackValidationPolicy[]) {
    if (rule.validateStack === undefined) continue;
    for (const line of await judgeStack(rule, fixtures, config[rule.name])) {
      const [, name = "", message = ""] = /^\w+ (\S+): (.*)$/s.exec(line) ?? [];
      said.push({ rule: rule.name, name, message });
    }
  }
  return said;
}

describe("fixtures of the pack", () => {
  it.each(rules.map(({ name }) => name))("%s has good and bad ones", (name) => {
    const own = cases.filter(({ rule }) => rule === name);
    expect(own).toHaveLength(1);
    expect(own[0]?.bad.filter(({ bystander }) => !bystander).length).toBeGreaterThan(0);
    expect(own[0]?.good.length).toBeGreaterThan(0);
  });

  it("are of rules that exist, and of different names", () => {
    const names = rules.map(({ name }) => name);
    expect(cases.map(({ rule }) => rule).filter((rule) => !names.includes(rule))).toEqual([]);
    for (const side of ["bad", "good"] as const) {
      const fixtures = program(cases, side).map(({ name }) => name);
      expect(fixtures).toEqual([...new Set(fixtures)]);
    }
  });

  it.each(["bad", "good"] as const)(
    "that are %s are reported by their own rule, and by no other",
    async (side) => {
      const said = await judged(program(cases, side));
      expect(reported(said)).toEqual(expectedReports(cases, side));
    },
  );

  it("say of what is exempt that it is", async () => {
    const said = await judged(program(cases, "good"));
    expect(said.filter(({ message }) => message.startsWith("Exempt until"))).toEqual([
      expect.objectContaining({ rule: "read-only-root", name: "exemptions-in-use" }),
    ]);
  });
});
