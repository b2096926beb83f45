import type { Properties } from "../plugin/values.ts";
import { armId } from "./ids.ts";
import { functionType } from "./resources.ts";
import type { Configured } from "./settings.ts";
import { outputsOf } from "./shape.ts";

/**
 * Runs a function. As in azure-native the result is never marked secret, credentials included: whoever calls
 * `listManagedClusterUserCredentials` has to wrap it in `pulumi.secret`, here as there.
 *
 * @param token for example `azure-native:containerregistry:getRegistry`
 * @throws {Error} when the function is unknown or what it asks for isn't there.
 */
export async function invoke(configured: Configured, token: string, args: Properties): Promise<Properties> {
  switch (token.replace(/\/v\w+:/, ":")) {
    case "azure-native:authorization:getClientConfig":
      return clientConfig(configured);
    case "azure-native:authorization:getClientToken":
      return { token: await accessToken(configured, scopes(configured, args["endpoint"])) };
    default:
      return request(configured, token, args);
  }
}

async function request({ arm }: Configured, token: string, args: Properties): Promise<Properties> {
  const type = functionType(token);
  const id = armId(type.path, arm.subscriptionId, args);
  if (type.method === "POST") {
    const query = Object.entries(type.query).filter(([argument]) => args[argument] !== undefined);
    const parameters = Object.fromEntries(query.map(([argument, name]) => [name, String(args[argument])]));
    return outputsOf(await arm.post(id, type.apiVersion, parameters), type.result);
  }
  const response = await arm.get(id, type.apiVersion);
  if (!response) {
    throw new Error(`request failed ${id}: there is no such resource`);
  }
  return { ...outputsOf(response, type.result), azureApiVersion: type.apiVersion };
}

async function clientConfig(configured: Configured): Promise<Properties> {
  const { environment, arm } = configured;
  const token = await accessToken(configured, arm.session.scopes);
  return {
    clientId: environment["ARM_CLIENT_ID"] ?? "",
    objectId: objectId(token),
    subscriptionId: arm.subscriptionId,
    tenantId: environment["ARM_TENANT_ID"] ?? "",
  };
}

async function accessToken({ arm }: Configured, scope: string[]): Promise<string> {
  const token = await arm.token(scope);
  if (!token) {
    throw new Error(`no token could be had for ${scope.join(", ")}`);
  }
  return token.token;
}

/** The caller's object id stands in the token: no directory has to be asked. */
function objectId(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return String(claims.oid ?? "");
  } catch {
    return "";
  }
}

function scopes({ arm }: Configured, endpoint: unknown): string[] {
  return typeof endpoint === "string" && endpoint ? [`${endpoint}/.default`] : arm.session.scopes;
}
