import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exemptionUse } from "../../policies/lib/exemptions.ts";
import { rule } from "../../policies/lib/rule.ts";
import { stackRule } from "../../policies/lib/stackRule.ts";
import { dig, isHidden } from "../../policies/lib/unknown.ts";
import { exemptionsInUse } from "../../policies/rules/exemptionsInUse.ts";
import { findings, judge, judgeStack, stackFindings, unknownString, urnOf } from "./judge.ts";

const facts = {
  displayName: "Things are off",
  severity: "low",
  demands: "A thing is off.",
  why: "On is bad.",
  fix: "Switch it off.",
  config: { word: { type: "string", default: "on" } },
} as const;
const TYPE = "test:index:Thing";

const off = rule<{ word: string }>({
  ...facts,
  name: "off",
  applies: (type) => type === TYPE,
  check({ props }, { word }, found) {
    const is = dig(props, "is");
    if (is === "broken") throw new Error("no idea");
    if (!isHidden(is, found) && is === word) found.violation(`The thing is ${word}.`);
    const also = dig(props, "also");
    if (!isHidden(also, found) && also === word) found.violation(`The other thing is ${word}.`);
  },
});
const allOff = stackRule<{ word: string }>({
  ...facts,
  name: "all-off",
  check(resources, { word }, found) {
    for (const resource of resources) {
      const is = dig(resource.props, "is");
      if (is === "broken") throw new Error("no idea");
      if (is === "whole") found.violation("The stack is on.");
      if (is === word) found.violation(`The thing is ${word}.`, resource);
      isHidden(is, { unknown: (value) => found.unknown(value, resource) });
    }
  },
});

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2027-01-10T12:00:00Z"), toFake: ["Date"] });
  exemptionUse.configured.clear();
  exemptionUse.used.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

const until = (expires: string, more: object = {}) => ({
  exemptions: [{ resource: "x", reason: "waits for version 2", expires, ...more }],
});
const annotated = (text: unknown, name = "off") => ({
  is: "on",
  metadata: { annotations: { [`exempt.mcpaas.dev/${name}`]: text } },
});

describe("a rule on resources", () => {
  it("says what it is", () => {
    expect(off).toMatchObject({
      name: "off",
      description: "A thing is off. On is bad.",
      remediationSteps: "Switch it off.",
      enforcementLevel: "mandatory",
    });
  });

  it("tells what is wrong and what to change, and once", async () => {
    expect(await judge(off, TYPE, { is: "on" })).toEqual(["mandatory: The thing is on.\nSwitch it off."]);
    expect(await judge(off, TYPE, { is: "off" })).toEqual([]);
    expect(await judge(off, "test:index:Other", { is: "on" })).toEqual([]);
  });

  it("judges what it sees, advises about what it can't, and refuses that when told to", async () => {
    expect(await findings(off, TYPE, { is: unknownString, also: "on" })).toEqual([
      "mandatory: The other thing is on.",
      "advisory: is is not known yet, so off could not judge it; the update will, before it changes anything there.",
    ]);
    expect(await findings(off, TYPE, { is: unknownString }, { unknowns: "fail" })).toEqual([
      "mandatory: is is not known yet, so off could not judge it, and lets through only what it sees.",
    ]);
  });

  it("refuses what it breaks on, by name", async () => {
    expect(await findings(off, TYPE, { is: "broken" })).toEqual([
      "mandatory: off broke and judged nothing here: no idea.",
    ]);
  });

  it("refuses a key of its configuration that it doesn't know", async () => {
    expect(await findings(off, TYPE, { is: "off" }, { wrod: "x" })).toEqual([
      expect.stringMatching(/^mandatory: The configuration of off has no key wrod; it knows word, unknowns/),
    ]);
  });
});

describe("a rule's settings in stacks", () => {
  it.each([
    ["its name", "dev"],
    ["a pattern of it", "d*"],
    ["project and name", "mcpaas/dev"],
  ])("hold by %s", async (_, stack) => {
    const config = { stacks: { [stack]: { word: "lit", enforcementLevel: "advisory" } } };
    expect(await findings(off, TYPE, { is: "on" }, config)).toEqual([]);
    expect(await findings(off, TYPE, { is: "lit" }, config)).toEqual(["advisory: The thing is lit."]);
  });

  it.each(["prod", "de", "other/dev", "mcpaas/prod"])("don't hold for %s", async (stack) => {
    const config = { stacks: { [stack]: { enforcementLevel: "disabled" } } };
    expect(await findings(off, TYPE, { is: "on" }, config)).toEqual(["mandatory: The thing is on."]);
    expect(await stackFindings(allOff, [{ type: TYPE, props: { is: "on" } }], config)).toHaveLength(1);
  });

  it("can disable it", async () => {
    const config = { stacks: { dev: { enforcementLevel: "disabled" } } };
    expect(await judge(off, TYPE, { is: "on" }, config)).toEqual([]);
    expect(await judgeStack(allOff, [{ type: TYPE, props: { is: "on" } }], config)).toEqual([]);
  });

  it("add exemptions to those that hold everywhere", async () => {
    const { exemptions } = until("2027-02-01", { finding: "The thing" });
    const config = { exemptions, stacks: { dev: until("2027-03-01", { finding: "The other" }) } };
    const said = await findings(off, TYPE, { is: "on", also: "on" }, config);
    expect(said).toEqual([
      expect.stringContaining("Exempt until 2027-02-01"),
      expect.stringContaining("Exempt until 2027-03-01"),
    ]);
  });
});

describe("an exemption", () => {
  it("is told as an advice, with its end and its reason", async () => {
    expect(await judge(off, TYPE, { is: "on" }, until("2027-03-01"))).toEqual([
      "advisory: Exempt until 2027-03-01 (waits for version 2): The thing is on.",
    ]);
  });

  it("counts on its last day, and is a violation that says so on the next", async () => {
    expect(await findings(off, TYPE, { is: "on" }, until("2027-01-10"))).toEqual([
      expect.stringContaining("advisory: Exempt"),
    ]);
    expect(await judge(off, TYPE, { is: "on" }, until("2027-01-09"))).toEqual([
      "mandatory: The thing is on.\nAn exemption (waits for version 2) expired on 2027-01-09.\nSwitch it off.",
    ]);
  });

  it("counts for 180 days at the most", async () => {
    expect(await findings(off, TYPE, { is: "on" }, until("2027-07-09"))).toEqual([
      expect.stringContaining("advisory: Exempt"),
    ]);
    const [said] = await judge(off, TYPE, { is: "on" }, until("2027-07-10"));
    expect(said).toMatch(/^mandatory: .*\n.*2027-07-10 is more than 180 days ahead/);
  });

  it.each(["2027-02-30", "soon", ""])("doesn't count until %j", async (expires) => {
    const [said] = await judge(off, TYPE, { is: "on" }, until(expires));
    expect(said).toMatch(/^mandatory: The thing is on\.\nAn exemption does not count: it says no day/);
  });

  it.each([
    ["the name", "x"],
    ["a pattern of it", "*x*"],
    ["the URN", urnOf(TYPE, "x")],
    ["a pattern of that", "urn:pulumi:dev::*::x"],
  ])("is for %s", async (_, resource) => {
    const [said] = await findings(off, TYPE, { is: "on" }, until("2027-03-01", { resource }));
    expect(said).toContain("advisory: Exempt");
  });

  it.each(["y", "xx", "urn:pulumi:prod::*::x", "test:index:Thing"])("isn't for %s", async (resource) => {
    expect(await findings(off, TYPE, { is: "on" }, until("2027-03-01", { resource }))).toEqual([
      "mandatory: The thing is on.",
    ]);
  });

  it("can be for one violation of several", async () => {
    const said = await findings(
      off,
      TYPE,
      { is: "on", also: "on" },
      until("2027-03-01", { finding: "other" }),
    );
    expect(said).toEqual([
      "mandatory: The thing is on.",
      expect.stringContaining("advisory: Exempt until 2027-03-01"),
    ]);
  });

  it("covers a value that isn't known, and never a rule that breaks", async () => {
    const config = { ...until("2027-03-01"), unknowns: "fail" };
    expect(await findings(off, TYPE, { is: unknownString }, config)).toEqual([
      expect.stringContaining("advisory: Exempt"),
    ]);
    expect(await findings(off, TYPE, { is: "broken" }, config)).toEqual([
      expect.stringMatching(/^mandatory: off broke/),
    ]);
  });

  it.each(["*", "**", "urn:*", "urn:pulumi:dev::*::*", "urn:pulumi:dev::mcpaas"])(
    "doesn't count for everything: %s",
    async (resource) => {
      const said = await judge(off, TYPE, { is: "on" }, until("2027-03-01", { resource }));
      expect(said).toEqual([expect.stringMatching(/^mandatory: The thing is on\./)]);
    },
  );

  it("can stand at a Kubernetes object", async () => {
    const props = annotated("until 2027-03-01: waits for version 2");
    expect(await findings(off, TYPE, props)).toEqual([
      "advisory: Exempt until 2027-03-01 (waits for version 2): The thing is on.",
    ]);
    expect(await findings(off, TYPE, props, { annotationExemptions: false })).toEqual([
      "mandatory: The thing is on.",
    ]);
  });

  it("can't stand at an object for a critical rule, unless the configuration says so", async () => {
    const critical = rule({
      ...facts,
      name: "off",
      severity: "critical",
      applies: () => true,
      check: (_, __, found) => found.violation("The thing is on."),
    });
    const props = annotated("until 2027-03-01: waits for version 2");
    expect(await findings(critical, TYPE, props)).toEqual(["mandatory: The thing is on."]);
    expect(await findings(critical, TYPE, props, { annotationExemptions: true })).toEqual([
      expect.stringContaining("advisory: Exempt"),
    ]);
  });

  it.each([
    [
      "another rule",
      annotated("until 2027-03-01: waits for version 2", "on"),
      /^mandatory: The thing is on\.\nSwitch/,
    ],
    ["no day", annotated("waits for version 2"), /^mandatory: .*\n.*says no day/],
    ["no reason", annotated("until 2027-03-01:"), /^mandatory: .*\n.*gives no reason/],
    ["a day past", annotated("until 2027-01-01: waits for version 2"), /^mandatory: .*\n.*expired on/],
    ["what isn't known yet", annotated(unknownString), /^mandatory: .*\n.*is not known yet/],
  ])("doesn't count at an object with %s", async (_, props, text) => {
    expect(await judge(off, TYPE, props)).toEqual([expect.stringMatching(text)]);
  });
});

describe("a rule on the stack", () => {
  const member = (is: string, name = "x") => ({ type: TYPE, name, props: { is } });

  it("tells which resource, or the stack itself", async () => {
    expect(await stackFindings(allOff, [member("off"), member("on", "y"), member("whole", "z")])).toEqual([
      "mandatory y: The thing is on.",
      "mandatory mcpaas-dev: The stack is on.",
    ]);
  });

  it("refuses what it can't see before the update, and what it breaks on", async () => {
    expect(await stackFindings(allOff, [member(unknownString)])).toEqual([
      `mandatory x: is of x (${TYPE}) is not known yet, so all-off could not judge it, and after the update it would be too late.`,
    ]);
    expect(await stackFindings(allOff, [member("broken")])).toEqual([
      "mandatory mcpaas-dev: all-off broke and judged nothing here: no idea.",
    ]);
  });

  it("knows exemptions", async () => {
    expect(await stackFindings(allOff, [member("on"), member("on", "y")], until("2027-03-01"))).toEqual([
      "advisory x: Exempt until 2027-03-01 (waits for version 2): The thing is on.",
      "mandatory y: The thing is on.",
    ]);
  });
});

describe("exemptions-in-use", () => {
  const inUse = exemptionsInUse(["off"]);
  const stack = (props: Record<string, unknown>) => [{ type: TYPE, name: "x", props }];

  it("is silent about those that met a violation, expired ones too", async () => {
    for (const expires of ["2027-03-01", "2027-01-01"]) {
      await judge(off, TYPE, { is: "on" }, until(expires));
      expect(await judgeStack(inUse, stack({}))).toEqual([]);
    }
    const props = annotated("until 2027-03-01: waits for version 2");
    await judge(off, TYPE, props);
    expect(await judgeStack(inUse, stack(props))).toEqual([]);
  });

  it("tells of one that exempts nothing", async () => {
    await judge(off, TYPE, { is: "off" }, until("2027-03-01"));
    expect(await stackFindings(inUse, stack({}))).toEqual([
      "advisory mcpaas-dev: The exemption of x from off exempts nothing (waits for version 2).",
    ]);
  });

  it("tells of annotations that exempt nothing, or from no rule", async () => {
    const props = { ...annotated("until 2027-03-01: waits for version 2"), is: "off" };
    await judge(off, TYPE, props);
    expect(await stackFindings(inUse, stack(props))).toEqual([
      "advisory x: The annotation exempt.mcpaas.dev/off exempts nothing.",
    ]);
    expect(await stackFindings(inUse, stack(annotated("", "of")))).toEqual([
      "advisory x: The annotation exempt.mcpaas.dev/of names no rule of this pack.",
    ]);
  });
});
