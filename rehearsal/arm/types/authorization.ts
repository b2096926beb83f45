import { ArmError } from "../errors.ts";
import { lockType } from "../locks.ts";
import { builtinRole } from "../roles.ts";
import type { World } from "../world.ts";
import { ids } from "../world.ts";
import type { TypeRow, Write } from "./row.ts";

const assignmentType = "Microsoft.Authorization/roleAssignments";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Access control. */
export const authorizationTypes: TypeRow[] = [
  {
    type: lockType,
    scope: "any",
    apiVersions: ["2016-09-01", "2017-04-01", "2020-05-01"],
    name: /^[^<>%&\\?/]{1,260}$/,
    stateful: false,
    rules: [{ path: "properties.level", required: true, oneOf: ["CanNotDelete", "ReadOnly"] }],
  },
  {
    type: assignmentType,
    scope: "any",
    apiVersions: ["2020-08-01-preview", "2020-10-01-preview", "2022-04-01"],
    name: guid,
    stateful: false,
    rules: [
      { path: "properties.principalId", required: true, pattern: guid },
      { path: "properties.roleDefinitionId", required: true },
      {
        path: "properties.principalType",
        oneOf: ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"],
      },
    ],
    complete(write) {
      checkAssignment(write);
      const now = new Date().toISOString();
      write.body.properties = {
        principalType: "ServicePrincipal",
        condition: null,
        conditionVersion: null,
        ...write.body.properties,
        scope: write.path.scope || "/",
        createdOn: write.existing?.created ?? now,
        updatedOn: now,
        createdBy: ids.principal,
        updatedBy: ids.principal,
      };
    },
  },
];

function checkAssignment({ world, path, body, existing }: Write): void {
  const { roleDefinitionId, principalId, principalType } = body.properties as Record<string, string>;
  const role = roleGuid(roleDefinitionId);
  if (!builtinRole(role)) {
    throw new ArmError(
      404,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${role}' does not exist.`,
    );
  }
  if (existing) {
    const was = existing.body.properties;
    if (was["principalId"] !== principalId || roleGuid(was["roleDefinitionId"]) !== role) {
      throw new ArmError(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      );
    }
    return;
  }
  // Azure looks the principal up only when the request doesn't say what it is.
  if (!principalType && !principals(world).has(String(principalId))) {
    throw new ArmError(
      400,
      "PrincipalNotFound",
      `Principal ${principalId} does not exist in the directory ${ids.tenant}.`,
    );
  }
  const twin = world.store
    .ofType(assignmentType)
    .find(
      (other) =>
        other.id.toLowerCase().startsWith(`${path.scope.toLowerCase()}/providers/microsoft.authorization/`) &&
        other.body.properties["principalId"] === principalId &&
        roleGuid(other.body.properties["roleDefinitionId"]) === role,
    );
  if (twin) {
    throw new ArmError(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the conflicting role assignment is ${twin.name.replaceAll("-", "")}.`,
    );
  }
}

function roleGuid(definition: unknown): string {
  return String(definition).toLowerCase().split("/").at(-1) ?? "";
}

/** Object ids that the directory knows: the caller, and every identity that exists. */
function principals(world: World): Set<string> {
  const found = new Set<string>([ids.principal]);
  for (const { body } of world.store.all()) {
    const identity = body["identity"] as { principalId?: string } | undefined;
    for (const id of [identity?.principalId, body.properties["principalId"]]) {
      if (typeof id === "string" && body.properties["roleDefinitionId"] === undefined) {
        found.add(id);
      }
    }
  }
  return found;
}
