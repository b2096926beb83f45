import { randomBytes } from "node:crypto";
import { ArmError, refusal } from "../errors.ts";
import type { Resource } from "../store.ts";
import type { World } from "../world.ts";
import { type Action, type TypeRow, type Write, withDefaults } from "./row.ts";

/** ARM type of registries. */
export const registryType = "Microsoft.ContainerRegistry/registries";

// azure-native asks for a different version per type, the SDK for another again.
const apiVersions = [
  ...["2022-12-01", "2023-01-01-preview", "2023-06-01-preview", "2023-07-01", "2023-08-01-preview"],
  ...["2023-11-01-preview", "2024-11-01-preview", "2025-03-01-preview", "2025-04-01", "2025-11-01"],
];
const schema = "acr-schema" as const;
/** Names that others in the world hold already. */
const takenNames = new Set(["azure", "microsoft", "mcpaas", "contoso", "kaito"]);

/** Container registries. */
export const containerRegistryTypes: TypeRow[] = [
  {
    type: registryType,
    scope: "group",
    apiVersions,
    name: /^[a-zA-Z0-9]{5,50}$/,
    async: true,
    located: true,
    model: { schema, model: "Registry" },
    rules: [
      { path: "sku.name", required: true, oneOf: ["Basic", "Standard", "Premium"] },
      { path: "properties.publicNetworkAccess", oneOf: ["Enabled", "Disabled"] },
      { path: "properties.policies.retentionPolicy.days", min: 0, max: 365 },
    ],
    immutable: ["properties.zoneRedundancy"],
    complete: completeRegistry,
    actions: { listcredentials: listCredentials, generatecredentials: generateCredentials },
    accompany: systemScopeMaps,
  },
  {
    type: `${registryType}/scopeMaps`,
    scope: "group",
    apiVersions,
    name: /^[-_a-zA-Z0-9]{5,50}$/,
    async: true,
    model: { schema, model: "ScopeMap" },
    rules: [
      { path: "properties.actions", required: true },
      {
        path: "properties.actions[]",
        pattern:
          /^(repositories\/.+\/(content\/(read|write|delete)|metadata\/(read|write))|gateway\/.+\/config\/(read|write)|gateway\/.+\/message\/(read|write))$/,
      },
    ],
    complete({ body, existing }) {
      body.properties = {
        ...withDefaults(body.properties, { description: "" }),
        type: "UserDefined",
        creationDate: existing?.created ?? new Date().toISOString(),
      };
    },
  },
  {
    type: `${registryType}/tokens`,
    scope: "group",
    apiVersions,
    name: /^[-a-zA-Z0-9]{5,50}$/,
    async: true,
    model: { schema, model: "Token" },
    rules: [
      { path: "properties.scopeMapId", required: true },
      { path: "properties.status", oneOf: ["enabled", "disabled"] },
    ],
    complete({ world, body, existing }) {
      const map = String(body.properties["scopeMapId"]);
      if (!world.store.get(map)) {
        throw refusal(400, "ScopeMapNotFound", `The scope map '${map}' does not exist.`, "scopeMapId");
      }
      body.properties = {
        ...withDefaults(body.properties, { status: "enabled", credentials: { passwords: [] } }),
        creationDate: existing?.created ?? new Date().toISOString(),
      };
    },
  },
  {
    type: `${registryType}/replications`,
    scope: "group",
    apiVersions,
    name: /^[a-zA-Z0-9]{5,50}$/,
    async: true,
    located: true,
    model: { schema, model: "Replication" },
    complete({ world, path, body }) {
      const sku = world.store.get(path.parent)?.body["sku"] as { name?: string } | undefined;
      if (sku?.name !== "Premium") {
        throw refusal(
          400,
          "ReplicationNotSupported",
          "The replication operation is not supported for a registry of this SKU; it needs Premium.",
        );
      }
      body.properties = withDefaults(body.properties, {
        regionEndpointEnabled: true,
        zoneRedundancy: "Disabled",
        status: { displayStatus: "Ready" },
      });
    },
  },
];

/** Whether a registry of that name exists anywhere: the names are one namespace for all of Azure. */
export function registryNameTaken(world: World, name: string): boolean {
  const wanted = name.toLowerCase();
  return (
    takenNames.has(wanted) ||
    world.store.ofType(registryType).some((other) => other.name.toLowerCase() === wanted)
  );
}

function completeRegistry({ world, path, body, existing }: Write): void {
  const name = path.names[0] ?? "";
  if (!existing && registryNameTaken(world, name)) {
    throw refusal(
      409,
      "AlreadyInUse",
      `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability`,
    );
  }
  const { name: sku } = body["sku"] as { name: string };
  body["sku"] = { name: sku, tier: sku };
  body.properties = {
    ...withDefaults(body.properties, {
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: false,
      publicNetworkAccess: "Enabled",
      networkRuleBypassOptions: "AzureServices",
      zoneRedundancy: "Disabled",
      encryption: { status: "disabled" },
      policies: {
        quarantinePolicy: { status: "disabled" },
        trustPolicy: { type: "Notary", status: "disabled" },
        retentionPolicy: { days: 7, status: "disabled" },
        exportPolicy: { status: "enabled" },
      },
    }),
    dataEndpointHostNames: [],
    privateEndpointConnections: [],
    loginServer: `${name.toLowerCase()}.azurecr.io`,
    creationDate: existing?.created ?? new Date().toISOString(),
  };
}

// Azure makes these with every registry; a token may name one of them.
function systemScopeMaps({ existing }: Write, registry: Resource): Resource[] {
  if (existing) {
    return [];
  }
  const maps: Record<string, string[]> = {
    _repositories_pull: ["content/read"],
    _repositories_push: ["content/read", "content/write"],
    _repositories_admin: [
      "content/read",
      "content/write",
      "content/delete",
      "metadata/read",
      "metadata/write",
    ],
  };
  return Object.entries(maps).map(([name, actions]) => ({
    id: `${registry.id}/scopeMaps/${name}`,
    type: `${registryType}/scopeMaps`,
    name,
    body: {
      properties: {
        type: "SystemDefined",
        description: "",
        actions: actions.map((action) => `repositories/*/${action}`),
        creationDate: registry.created,
      },
    },
    state: registry.state,
    etag: registry.etag,
    created: registry.created,
  }));
}

function listCredentials({ world, resource }: Action): unknown {
  if (resource.body.properties["adminUserEnabled"] !== true) {
    throw refusal(
      400,
      "UnAuthorizedForCredentialOperations",
      `Cannot perform credential operations for ${resource.id} as admin user is disabled. Kindly enable the admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account`,
    );
  }
  return {
    username: resource.name,
    passwords: ["password", "password2"].map((name) => ({
      name,
      value: world.uuid(`admin ${name} ${resource.id}`),
    })),
  };
}

function generateCredentials({ world, resource, body }: Action): unknown {
  const token = world.store.get(String(body["tokenId"] ?? ""));
  if (!token?.id.toLowerCase().startsWith(`${resource.id.toLowerCase()}/tokens/`)) {
    throw new ArmError(404, "ResourceNotFound", `The token '${body["tokenId"]}' was not found.`);
  }
  const names = body["name"] ? [String(body["name"])] : ["password1", "password2"];
  const passwords = names.map((name) => ({
    name,
    creationTime: new Date().toISOString(),
    ...(body["expiry"] ? { expiry: body["expiry"] } : {}),
  }));
  // The registry shows that there are passwords, never their values.
  token.body.properties["credentials"] = { passwords };
  return {
    username: token.name,
    passwords: passwords.map((one) => ({ ...one, value: randomBytes(24).toString("base64url") })),
  };
}
