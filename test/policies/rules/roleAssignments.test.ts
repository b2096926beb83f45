import { describe, expect, it } from "vitest";
import { BUILT_IN_ROLES } from "../../../components/roles.ts";
import { roleAssignments as rule } from "../../../policies/rules/roleAssignments.ts";
import { findings, unknownString } from "../judge.ts";

const TYPE = "azure-native:authorization:RoleAssignment";
const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const GROUP = `${SUBSCRIPTION}/resourceGroups/snapshots`;
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const definition = (role: string) =>
  `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
const said = (role: string, scope: unknown, config: object = {}) =>
  findings(
    rule,
    TYPE,
    { roleDefinitionId: role === unknownString ? role : definition(role), scope, principalId: "p" },
    config,
  );
const reason = "AKS Backup keeps its snapshots there, and nothing else is there";
const allowed = [{ role: CONTRIBUTOR, scope: "/resourceGroups/snapshots", reason }];

describe("role-assignments", () => {
  const narrow = Object.entries(BUILT_IN_ROLES).filter(([, role]) => role !== CONTRIBUTOR);
  it.each(narrow)("lets %s be given on a resource", async (_, role) => {
    expect(await said(role, `${GROUP}/providers/Microsoft.X/y/z`)).toEqual([]);
  });

  it.each([
    ["Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"],
    ["Contributor", CONTRIBUTOR.toUpperCase()],
    ["User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"],
    ["Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"],
  ])("refuses %s wherever it is given", async (name, role) => {
    expect(await said(role, GROUP)).toEqual([`mandatory: The role ${name} is given (roleDefinitionId).`]);
  });

  it.each([
    [SUBSCRIPTION, "a whole subscription"],
    [`${SUBSCRIPTION}/`, "a whole subscription"],
    ["/providers/Microsoft.Management/managementGroups/all", "a management group"],
    ["/", "everything"],
  ])("refuses all but Reader on %s", async (scope, what) => {
    expect(await said(BUILT_IN_ROLES.acrPull, scope)).toEqual([
      expect.stringContaining(`is given on ${what}`),
    ]);
    expect(await said(BUILT_IN_ROLES.reader, scope)).toEqual([]);
  });

  it("lets a role be given where the configuration says why, and never on a subscription", async () => {
    expect(await said(CONTRIBUTOR, GROUP, { allowed })).toEqual([]);
    expect(await said(CONTRIBUTOR, GROUP, { allowed: [{ ...allowed[0], role: "Contributor" }] })).toEqual([]);
    expect(await said(CONTRIBUTOR, `${SUBSCRIPTION}/resourceGroups/other`, { allowed })).toHaveLength(1);
    const wide = [{ ...allowed[0], scope: SUBSCRIPTION }];
    expect(await said(CONTRIBUTOR, SUBSCRIPTION, { allowed: wide })).toHaveLength(2);
  });

  it.each([
    ["roleDefinitionId", () => said(unknownString, GROUP)],
    ["scope", () => said(BUILT_IN_ROLES.acrPull, unknownString)],
    ["scope", () => said(CONTRIBUTOR, unknownString, { allowed })],
  ])("reports that %s isn't known yet", async (path, judged) => {
    const [text, ...more] = await judged();
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });

  it("knows a role by an id that ends with a slash", async () => {
    expect(await said(`${CONTRIBUTOR}/`, GROUP)).toHaveLength(1);
  });

  it.each([
    [["*"], 1],
    [["Microsoft.Authorization/roleAssignments/write"], 1],
    [["Microsoft.Compute/virtualMachines/read"], 0],
    [[unknownString], 1],
  ])("judges a role of one's own that allows %s", async (actions, count) => {
    const type = "azure-native:authorization:RoleDefinition";
    expect(await findings(rule, type, { permissions: [{ actions }] })).toHaveLength(count);
  });

  it("doesn't wait for the scope of a role that is refused everywhere", async () => {
    expect((await said(CONTRIBUTOR, unknownString))[0]).toContain("mandatory: The role Contributor is given");
  });
});
