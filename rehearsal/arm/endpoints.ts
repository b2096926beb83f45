import { normalizeLocation } from "../azure/values.ts";
import { regions } from "./catalog.ts";
import { skuRows, subscription, usageRows } from "./compute.ts";
import { ArmError } from "./errors.ts";
import { builtinRole, builtinRoles, roleDefinition } from "./roles.ts";
import { types } from "./types/index.ts";
import { registryNameTaken } from "./types/registry.ts";
import { ids, type World } from "./world.ts";

/** A request for something that is no resource of the table. */
export interface EndpointCall {
  world: World;
  /** Groups of the endpoint's pattern. */
  match: RegExpExecArray;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

/** A path outside the table. */
export interface Endpoint {
  method: "GET" | "POST";
  /** Matched against the whole path, without regard to case. */
  path: RegExp;
  /** Versions that it answers to. */
  apiVersions: RegExp;
  /** Rows on one page, when the answer is a list. */
  page?: number;
  answer(call: EndpointCall): unknown;
}

const dated = /^20\d\d-\d\d-\d\d(-preview)?$/;
const computeVersions = /^20(19|2[1-9])-\d\d-\d\d$/;
const sub = "^/subscriptions/([^/]+)";
const compute = `${sub}/providers/Microsoft\\.Compute`;
const roles = "^(.*)/providers/Microsoft\\.Authorization/roleDefinitions";

/** What the project's clients ask Azure for besides resources. */
export const endpoints: readonly Endpoint[] = [
  get(
    "^/tenants$",
    () => [{ id: `/tenants/${ids.tenant}`, tenantId: ids.tenant, displayName: "Rehearsal" }],
    100,
  ),
  get("^/subscriptions$", () => [subscription()], 100),
  get(`${sub}$`, () => subscription()),
  get(
    `${sub}/locations$`,
    ({ match }) =>
      Object.entries(regions).map(([name, displayName]) => ({
        id: `/subscriptions/${match[1]}/locations/${name}`,
        name,
        displayName,
        regionalDisplayName: displayName,
      })),
    100,
  ),
  get(`${sub}/providers$`, () => namespaces().map(provider), 100),
  get(`${sub}/providers/([^/]+)$`, ({ match }) => provider(match[2] ?? "")),
  post(`${sub}/providers/([^/]+)/register$`, ({ match }) => provider(match[2] ?? "")),
  {
    ...get(`${compute}/skus$`, ({ world, query }) => skuRows(world, locationFilter(query)), 500),
    apiVersions: computeVersions,
  },
  {
    ...get(
      `${compute}/locations/([^/]+)/usages$`,
      ({ world, match }) => usageRows(world, knownLocation(match[2])),
      500,
    ),
    apiVersions: computeVersions,
  },
  get(`${roles}$`, ({ match, query }) => filteredRoles(match[1] ?? "", query.get("$filter")), 100),
  get(`${roles}/([^/]+)$`, ({ match }) => {
    const role = builtinRole(match[2] ?? "");
    if (!role) {
      throw new ArmError(
        404,
        "RoleDefinitionDoesNotExist",
        `The specified role definition with ID '${match[2]}' does not exist.`,
      );
    }
    return roleDefinition(role, match[1] ?? "");
  }),
  post(`${sub}/providers/Microsoft\\.ContainerRegistry/checkNameAvailability$`, ({ world, body }) =>
    registryNameTaken(world, String(body["name"]))
      ? {
          nameAvailable: false,
          reason: "AlreadyExists",
          message: `The registry ${body["name"]} is already in use.`,
        }
      : { nameAvailable: true },
  ),
];

function get(path: string, answer: Endpoint["answer"], page?: number): Endpoint {
  const endpoint = { method: "GET" as const, path: new RegExp(path, "i"), apiVersions: dated, answer };
  return page === undefined ? endpoint : { ...endpoint, page };
}

function post(path: string, answer: Endpoint["answer"]): Endpoint {
  return { method: "POST", path: new RegExp(path, "i"), apiVersions: dated, answer };
}

function locationFilter(query: URLSearchParams): string | undefined {
  const filter = query.get("$filter");
  if (!filter) {
    return undefined;
  }
  const found = /^\s*location\s+eq\s+'([^']*)'\s*$/i.exec(filter)?.[1];
  if (found === undefined) {
    throw new ArmError(
      400,
      "InvalidFilter",
      `The filter '${filter}' is not supported: only location eq '…' is.`,
    );
  }
  return normalizeLocation(found);
}

function knownLocation(asked: string | undefined): string {
  const location = normalizeLocation(asked);
  if (!regions[location]) {
    throw new ArmError(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '${asked}'. The supported locations are '${Object.keys(regions).join(", ")}'.`,
    );
  }
  return location;
}

function filteredRoles(scope: string, filter: string | null): unknown[] {
  const name = /roleName eq '([^']*)'/i.exec(filter ?? "")?.[1]?.toLowerCase();
  return builtinRoles
    .filter((role) => name === undefined || role.name.toLowerCase() === name)
    .map((role) => roleDefinition(role, scope));
}

function namespaces(): string[] {
  const owners = [...types.values()].map((row) => row.type.split("/")[0] ?? "");
  return [...new Set([...owners, "Microsoft.Compute", "Microsoft.Network", "Microsoft.Storage"])];
}

function provider(namespace: string): unknown {
  const name = namespaces().find((known) => known.toLowerCase() === namespace.toLowerCase());
  if (!name) {
    throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }
  return {
    id: `/subscriptions/${ids.subscription}/providers/${name}`,
    namespace: name,
    registrationState: "Registered",
    registrationPolicy: "RegistrationRequired",
    resourceTypes: [...types.values()]
      .filter((row) => row.type.startsWith(`${name}/`))
      .map((row) => ({
        resourceType: row.type.slice(name.length + 1),
        locations: Object.values(regions),
        apiVersions: row.apiVersions,
      })),
  };
}
