import { refusal } from "../errors.ts";
import {
  completeRegistry,
  listCredentials,
  registryType,
  systemScopeMaps,
  viewOfRegistry,
} from "./registry.ts";
import { type TypeRow, withDefaults } from "./row.ts";
import { acceptCredentials, generateCredentials } from "./tokenPasswords.ts";

// azure-native asks for a different version per type, the SDK for another again.
const apiVersions = [
  ...["2022-12-01", "2023-01-01-preview", "2023-06-01-preview", "2023-07-01", "2023-08-01-preview"],
  ...["2023-11-01-preview", "2024-11-01-preview", "2025-03-01-preview", "2025-04-01", "2025-11-01"],
];
const schema = "acr-schema" as const;

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
    view: viewOfRegistry,
    actions: { listcredentials: listCredentials },
    longActions: { generatecredentials: generateCredentials },
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
        ...withDefaults(body.properties, { status: "enabled" }),
        credentials: acceptCredentials(body.properties["credentials"], existing),
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
