import type { Case, Fixture } from "./case.ts";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const [OWNER, ACR_PULL, READER] = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7",
];

const assignment = (name: string, role: string | undefined, scope: string): Fixture => ({
  name,
  type: "azure-native:authorization:RoleAssignment",
  props: {
    principalId: "00000000-0000-0000-0000-000000000002",
    principalType: "ServicePrincipal",
    roleAssignmentName: `00000000-0000-0000-0000-${String(name.length).padStart(12, "0")}`,
    roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    scope,
  },
});

export const cases: Case = {
  rule: "role-assignments",
  bad: [
    assignment("role-assignments-owner", OWNER, `${SUBSCRIPTION}/resourceGroups/fixtures`),
    assignment("role-assignments-wide", ACR_PULL, SUBSCRIPTION),
  ],
  good: [
    assignment("role-assignments-pull", ACR_PULL, `${SUBSCRIPTION}/resourceGroups/fixtures`),
    assignment("role-assignments-reader", READER, SUBSCRIPTION),
  ],
};
