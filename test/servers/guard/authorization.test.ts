import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAuthorizer } from "../../../servers/guard/authorization.ts";

type Rules = Parameters<typeof createAuthorizer>[0]["rules"];

const alice = { subject: "alice", roles: ["reader"] };
const bob = { subject: "bob", roles: [] };

/** The tools, of some, that a caller may use. */
function allowed(
  caller: typeof alice | typeof bob,
  rules: Rules,
  fallback: "allow" | "deny" = "deny",
): string[] {
  const may = createAuthorizer({ default: fallback, rules });
  return ["search", "fetchWeb", "fetchCode", "delete"].filter((tool) => may(caller, tool));
}

describe("authorization", () => {
  it("without rules is the default", () => {
    expect(allowed(alice, [], "allow")).toHaveLength(4);
    expect(allowed(alice, [], "deny")).toEqual([]);
  });

  it("gives tools to roles, to subjects, to either, or to everybody", () => {
    const tools = ["search"];
    expect(allowed(alice, [{ effect: "allow", tools, roles: ["reader"] }])).toEqual(tools);
    expect(allowed(bob, [{ effect: "allow", tools, roles: ["reader"] }])).toEqual([]);
    expect(allowed(bob, [{ effect: "allow", tools, subjects: ["bob"] }])).toEqual(tools);
    expect(allowed(alice, [{ effect: "allow", tools, subjects: ["bob"] }])).toEqual([]);
    const either: Rules = [{ effect: "allow", tools, roles: ["reader"], subjects: ["bob"] }];
    expect([allowed(alice, either), allowed(bob, either)]).toEqual([tools, tools]);
    expect(allowed(bob, [{ effect: "allow", tools }])).toEqual(tools);
  });

  it("gives nobody what a rule names an empty list for", () => {
    expect(allowed(alice, [{ effect: "allow", tools: ["*"], roles: [] }])).toEqual([]);
  });

  it("is decided by the first rule that speaks of tool and caller", () => {
    const rules: Rules = [
      { effect: "deny", tools: ["delete"], subjects: ["alice"] },
      { effect: "allow", tools: ["*"], roles: ["reader"] },
      { effect: "deny", tools: ["fetch*"] },
    ];
    expect(allowed(alice, rules, "allow")).toEqual(["search", "fetchWeb", "fetchCode"]);
    expect(allowed(bob, rules, "allow")).toEqual(["search", "delete"]);
  });

  it("tells a subject from a role of the same name", () => {
    const mallory = { subject: "reader", roles: [] as string[] };
    const rules: Rules = [{ effect: "allow", tools: ["*"], roles: ["reader"] }];
    expect(createAuthorizer({ default: "deny", rules })(mallory, "search")).toBe(false);
  });

  it("isn't fooled by another spelling of a tool", () => {
    const may = createAuthorizer({ default: "deny", rules: [{ effect: "allow", tools: ["search", "a.c"] }] });
    for (const tool of ["Search", " search", "search\n", "searc", "searchx", "", "abc", "sеarch"]) {
      expect([tool, may(bob, tool)]).toEqual([tool, false]);
    }
  });
});

describe("a pattern of tools", () => {
  const matches = (pattern: string, tool: string) =>
    createAuthorizer({ default: "deny", rules: [{ effect: "allow", tools: [pattern] }] })(bob, tool);

  it.each([
    ["*", "", true],
    ["fetch*", "fetch", true],
    ["*Web", "fetchWeb", true],
    ["f*W*b", "fetchWeb", true],
    ["f**b", "fetchWeb", true],
    ["ab*ba", "aba", false],
    ["a*b*a", "aba", true],
    ["a*b*b", "ab", false],
    ["fetch?eb", "fetchWeb", false],
    ["f.*", "fetchWeb", false],
  ])("%s, of %j: %s", (pattern, tool, expected) => {
    expect(matches(pattern, tool)).toBe(expected);
  });

  it("means what the regular expression means", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const tools = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    fc.assert(
      fc.property(letters, tools, (pattern, tool) => {
        expect(matches(pattern, tool)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(tool));
      }),
      { numRuns: 1000 },
    );
  });
});
