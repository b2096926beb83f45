import { readFile } from "node:fs/promises";
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";

/** How to reach Azure Resource Manager as the azure-native provider would. */
export interface AzureSession {
  credential: TokenCredential;
  /** Resource Manager's base URL, for example `https://management.azure.com`. */
  endpoint: string;
  /** The scopes to ask a token for. */
  scopes: string[];
}

/** The settings that decide a session: the variables that the azure-native provider reads. */
export type AzureEnvironment = Readonly<Record<string, string | undefined>>;

interface Cloud {
  endpoint: string;
  authorityHost: string;
  audience: string;
  /** A cloud that is not Microsoft's own is unknown to its instance discovery. */
  custom: boolean;
}

const clouds: Record<string, Cloud> = {
  public: cloud("https://management.azure.com", "https://login.microsoftonline.com"),
  usgovernment: cloud("https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
  china: cloud("https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
};

/**
 * Reads the same variables as the azure-native provider, in its order of preference: a service
 * principal (`ARM_CLIENT_ID`, `ARM_CLIENT_SECRET`), OIDC (`ARM_USE_OIDC`), a managed identity
 * (`ARM_USE_MSI`), then the Azure CLI's login. `ARM_METADATA_HOSTNAME` names a cloud of one's own,
 * `ARM_ENVIRONMENT` one of Microsoft's (`public` by default).
 *
 * @throws {Error} when the environment names no known cloud or the metadata host doesn't answer.
 */
export async function azureSession(env: AzureEnvironment = process.env): Promise<AzureSession> {
  const target = env["ARM_METADATA_HOSTNAME"]
    ? await cloudFromMetadata(env["ARM_METADATA_HOSTNAME"])
    : knownCloud(env["ARM_ENVIRONMENT"] ?? "public");
  return {
    credential: credentialFor(target, env),
    endpoint: target.endpoint,
    scopes: [`${target.audience.replace(/\/$/, "")}/.default`],
  };
}

function cloud(endpoint: string, authorityHost: string): Cloud {
  return { endpoint, authorityHost, audience: endpoint, custom: false };
}

function knownCloud(name: string): Cloud {
  const known = clouds[name.toLowerCase()];
  if (!known) {
    throw new Error(`ARM_ENVIRONMENT is "${name}"; allowed: ${Object.keys(clouds).join(", ")}`);
  }
  return known;
}

interface CloudMetadata {
  resourceManager: string;
  authentication: { loginEndpoint: string; audiences: string[] };
}

async function cloudFromMetadata(host: string): Promise<Cloud> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  let metadata: CloudMetadata;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) {
      throw new Error(`HTTP ${response.status}`);
    }
    metadata = (await response.json()) as CloudMetadata;
  } catch (error) {
    const cause =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : error;
    throw new Error(`ARM_METADATA_HOSTNAME: ${url} does not answer as Azure's metadata endpoint (${cause})`);
  }
  return {
    endpoint: metadata.resourceManager.replace(/\/$/, ""),
    authorityHost: metadata.authentication.loginEndpoint,
    audience: metadata.authentication.audiences[0] ?? metadata.resourceManager,
    custom: true,
  };
}

function credentialFor(target: Cloud, env: AzureEnvironment): TokenCredential {
  const tenant = env["ARM_TENANT_ID"];
  const client = env["ARM_CLIENT_ID"];
  const authority = { authorityHost: target.authorityHost, disableInstanceDiscovery: target.custom };
  if (tenant && client && env["ARM_CLIENT_SECRET"]) {
    return new ClientSecretCredential(tenant, client, env["ARM_CLIENT_SECRET"], authority);
  }
  if (tenant && client && env["ARM_USE_OIDC"] === "true") {
    return new ClientAssertionCredential(tenant, client, () => oidcToken(env), authority);
  }
  if (env["ARM_USE_MSI"] === "true") {
    return client ? new ManagedIdentityCredential({ clientId: client }) : new ManagedIdentityCredential();
  }
  return new AzureCliCredential(tenant ? { tenantId: tenant } : {});
}

async function oidcToken(env: AzureEnvironment): Promise<string> {
  if (env["ARM_OIDC_TOKEN"]) {
    return env["ARM_OIDC_TOKEN"];
  }
  if (env["ARM_OIDC_TOKEN_FILE_PATH"]) {
    return (await readFile(env["ARM_OIDC_TOKEN_FILE_PATH"], "utf8")).trim();
  }
  const url = env["ARM_OIDC_REQUEST_URL"] ?? env["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const token = env["ARM_OIDC_REQUEST_TOKEN"] ?? env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (!url || !token) {
    throw new Error(
      "ARM_USE_OIDC is true, but none of ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH or ARM_OIDC_REQUEST_URL with ARM_OIDC_REQUEST_TOKEN is set",
    );
  }
  const response = await fetch(`${url}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(`the OIDC token endpoint answered HTTP ${response.status}`);
  }
  return ((await response.json()) as { value: string }).value;
}
