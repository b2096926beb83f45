import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import * as pulumi from "@pulumi/pulumi";
import { stableUuid } from "./names.ts";

/**
 * Azure's built-in roles that this project assigns, by the id that is the same in every tenant.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const BUILT_IN_ROLES = {
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  acrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  aksRbacClusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  /** Everything but access rights; for a scope that holds nothing else than what it is given for. */
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  grafanaAdmin: "22926164-76b3-42b3-bc55-97df8dab3e41",
  monitoringDataReader: "b0d8363b-8ddd-447d-831f-62ca05bff136",
  monitoringReader: "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

/** A built-in role by a name of this project's. */
export type BuiltInRole = keyof typeof BUILT_IN_ROLES;

/** What a principal is to Microsoft Entra: Azure must be told, or it looks up an identity that it may not see yet. */
export type PrincipalType = "ServicePrincipal" | "User" | "Group";

/** Who gets which role, and where. */
export interface GrantArgs {
  role: BuiltInRole;
  /** ARM id of what the role is on. */
  scope: pulumi.Input<string>;
  subscriptionId: pulumi.Input<string>;
  /** Object id of who gets it. */
  principalId: pulumi.Input<string>;
  /** @default - Azure looks it up */
  principalType?: PrincipalType;
}

/** Gives a role, under a name that is the same in every run, so that a second assignment of it is no other one. */
export function grantRole(name: string, args: GrantArgs, opts: pulumi.CustomResourceOptions): RoleAssignment {
  const { role, scope, subscriptionId, principalId, principalType } = args;
  return new RoleAssignment(
    name,
    {
      scope,
      principalId,
      principalType,
      roleDefinitionId: roleDefinitionId(subscriptionId, role),
      roleAssignmentName: pulumi
        .all([scope, principalId])
        .apply(([on, principal]) => stableUuid(on.toLowerCase(), BUILT_IN_ROLES[role], principal)),
    },
    opts,
  );
}

function roleDefinitionId(subscriptionId: pulumi.Input<string>, role: BuiltInRole): pulumi.Output<string> {
  return pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${BUILT_IN_ROLES[role]}`;
}
