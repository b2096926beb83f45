import { azureType } from "../lib/azure.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `role-assignments`. */
export interface RoleAssignmentsConfig {
  /** Ids of roles that nobody is given. @default - those that may change all, or give rights */
  refusedRoles: string[];
  /** Ids of roles that may be given on a subscription or management group. @default - Reader */
  wideRoles: string[];
  /** Roles that are given in spite of `refusedRoles`, on scopes that hold nothing else. @default [] */
  allowed: { role: string; scope: string; reason: string }[];
}

/**
 * Built-in roles with rights on everything, or with which rights are given away; the ids are the same in every tenant.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const WIDE: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
};
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/** Roles in Azure are no wider than needed. */
export const roleAssignments = rule<RoleAssignmentsConfig>({
  name: "role-assignments",
  displayName: "Azure roles no wider than needed",
  severity: "critical",
  demands:
    "Nobody is given Owner, Contributor or the right to give rights, no role of one's own is as wide, and nothing but Reader is given on a whole " +
    "subscription.",
  why: "An identity of a cluster is in the hands of whoever gets into a pod there; what it may do, they may do.",
  fix:
    "Give a role that says what is done (AcrPull, Network Contributor, Storage Blob Data Contributor), on the " +
    "resource that it is done to.",
  config: {
    refusedRoles: {
      type: "array",
      items: { type: "string" },
      default: Object.keys(WIDE),
      description:
        "Ids of roles that nobody is given; by default Owner, Contributor, User Access Administrator and Role Based " +
        "Access Control Administrator.",
    },
    wideRoles: {
      type: "array",
      items: { type: "string" },
      default: [READER],
      description: "Ids of roles that may be given on a subscription or management group; by default Reader.",
    },
    allowed: {
      type: "array",
      items: {
        type: "object",
        properties: {
          role: { type: "string" },
          scope: { type: "string", minLength: 1 },
          reason: { type: "string", minLength: 20 },
        },
        required: ["role", "scope", "reason"],
        additionalProperties: false,
      },
      default: [],
      description:
        "Roles that are given in spite of refusedRoles: role (its id or name), scope (the end of the scope's id, such as " +
        '"/resourceGroups/snapshots"; never a subscription), and reason.',
    },
  },
  applies: azureType("authorization", "RoleAssignment", "RoleDefinition"),
  check({ type, props }, config, found) {
    if (type.endsWith(":RoleDefinition")) return checkDefinition(props, found);
    const definition = dig(props, "roleDefinitionId");
    const scope = dig(props, "scope");
    const role = definition instanceof Unknown ? undefined : idOf(String(definition ?? ""));
    if (definition instanceof Unknown) found.unknown(definition);
    if (role !== undefined && has(config.refusedRoles, role)) checkRefused(role, scope, config, found);
    if (scope instanceof Unknown) return found.unknown(scope);
    const wide = wideScope(String(scope ?? ""));
    if (wide !== undefined && role !== undefined && !has(config.wideRoles, role)) {
      found.violation(`The role ${nameOf(role)} is given on ${wide} (scope is ${scope}).`);
    }
  },
});

function checkRefused(role: string, scope: unknown, { allowed }: RoleAssignmentsConfig, found: Findings) {
  const forRole = allowed.filter((each) => isRole(each.role, role));
  // That it isn't known is told with the scope's own judgement.
  if (forRole.length > 0 && scope instanceof Unknown) return;
  const place = String(scope ?? "").toLowerCase();
  const fits = forRole.some((each) => place.endsWith(each.scope.toLowerCase()));
  if (fits && wideScope(place) === undefined) return;
  found.violation(`The role ${nameOf(role)} is given (roleDefinitionId).`);
}

/** Rights on everything, or with which rights are given away, in the way that Azure writes actions. */
const WIDE_ACTION =
  /^(\*|\*\/write|microsoft\.authorization\/(\*|\*\/write|(roleassignments|roledefinitions)\/(\*|write)))$/i;

/** A role of one's own that is what the refused ones are. */
function checkDefinition(props: unknown, found: Findings) {
  for (const permission of listed(dig(props, "permissions"), found)) {
    const wide = listed(dig(permission, "actions"), found).find((each) => WIDE_ACTION.test(String(each)));
    if (wide !== undefined) {
      found.violation(`The role allows ${wide} (permissions.actions): all, or to give rights away.`);
    }
  }
}

/** What of a list is known; what isn't is told. */
function listed(list: unknown, found: Findings): unknown[] {
  const members = Array.isArray(list) ? list : [list];
  for (const each of members) if (each instanceof Unknown) found.unknown(each);
  return members.filter((each) => each !== undefined && !(each instanceof Unknown));
}

/** What a scope is when it is wider than a resource group. */
function wideScope(scope: string): string | undefined {
  const id = scope.toLowerCase().replace(/\/+$/, "");
  if (id === "") return "everything";
  if (/^\/subscriptions\/[^/]+$/.test(id)) return "a whole subscription";
  return /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/.test(id)
    ? "a management group"
    : undefined;
}

const idOf = (definition: string) => (definition.replace(/\/+$/, "").split("/").at(-1) ?? "").toLowerCase();
const has = (roles: string[], role: string) => roles.some((each) => isRole(each, role));

/** Whether a role of the configuration, an id or the name of a wide one, is the one with this id. */
function isRole(configured: string, role: string): boolean {
  return [role, WIDE[role]?.toLowerCase()].includes(configured.toLowerCase());
}
const nameOf = (role: string) => WIDE[role] ?? role;
