import { type SdkResource, sdkFunction, sdkResource } from "./sdk.ts";
import { functions, type ResourceRow, rows } from "./table.ts";

/** A resource type as the plugin works with it: its row, and what the SDK says. */
export interface ResourceType extends ResourceRow, SdkResource {
  token: string;
  /** The inputs that are parameters of the path, in its order. */
  pathParameters: readonly string[];
  /** The path parameter that names the resource itself. */
  nameParameter: string;
}

/** A getter (`getRegistry`) is a GET of the path, any other function a POST to it. */
export interface FunctionType {
  token: string;
  method: "GET" | "POST";
  path: string;
  apiVersion: string;
  /** Query parameters by the name of the argument. */
  query: Readonly<Record<string, string>>;
  result: SdkResource["outputs"];
}

/** The names in braces in a path, other than the subscription. */
function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] as string)
    .filter((name) => name !== "subscriptionId");
}

/**
 * @param token `azure-native:containerservice:ManagedCluster`, or with a version that overrides the SDK's
 *   default, as in `azure-native:containerservice/v20240901:ManagedCluster`
 * @throws {Error} when the type has no row.
 */
export function resourceType(token: string): ResourceType {
  const { module, name, version } = split(token);
  const row = rows[`${module}:${name}`];
  if (!row) {
    throw new Error(`${unsupported(token, "resource type")} Covered: ${Object.keys(rows).join(", ")}.`);
  }
  const sdk = sdkResource(module, name);
  const pathParameters = parametersOf(row.path);
  return {
    ...row,
    ...sdk,
    token,
    apiVersion: version ?? sdk.apiVersion,
    pathParameters,
    nameParameter: pathParameters.at(-1) as string,
  };
}

/** @throws {Error} when the function has no row. */
export function functionType(token: string): FunctionType {
  const { module, name, version } = split(token);
  const list = functions[`${module}:${name}`];
  const getter = rows[`${module}:${name.replace(/^get/, "")}`];
  if (!list && !(getter && name.startsWith("get"))) {
    throw new Error(unsupported(token, "function"));
  }
  const sdk = sdkFunction(module, name);
  const method = list ? (list.method ?? "POST") : "GET";
  return {
    token,
    method,
    path: list?.path ?? (getter as ResourceRow).path,
    apiVersion: version ?? sdk.apiVersion,
    query: list?.query ?? {},
    result: sdk.result,
  };
}

function unsupported(token: string, what: string): string {
  return `the stand-in for azure-native does not know the ${what} ${token}: add a row to rehearsal/providers/azure-native/table.ts.`;
}

function split(token: string): { module: string; name: string; version?: string } {
  const [, path = "", name = ""] = token.split(":");
  const [module = "", tag] = path.split("/");
  const date = /^v(\d{4})(\d\d)(\d\d)(preview)?$/.exec(tag ?? "");
  const version = date && [...date.slice(1, 4), ...(date[4] ? [date[4]] : [])].join("-");
  return { module, name, ...(version ? { version } : {}) };
}
