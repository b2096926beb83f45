import { refusal } from "../errors.ts";
import type { Resource } from "../store.ts";
import { connectionsTo } from "./privateLinks.ts";
import { type TypeRow, withDefaults } from "./row.ts";
import { endpointType } from "./virtualNetworks.ts";

const accountType = "Microsoft.Storage/storageAccounts";
const apiVersions = ["2023-01-01", "2023-05-01", "2024-01-01", "2025-01-01"];
const services = ["blob", "file", "queue", "table"];

/** Storage accounts, their blob service and its containers; blobs themselves are nowhere. */
export const storageTypes: TypeRow[] = [
  {
    type: accountType,
    scope: "group",
    apiVersions,
    name: /^[a-z0-9]{3,24}$/,
    located: true,
    async: true,
    asyncDelete: false,
    rules: [
      {
        path: "sku.name",
        required: true,
        pattern: /^(Standard|Premium)V?2?_(LRS|ZRS|GRS|RAGRS|GZRS|RAGZRS)$/,
      },
      {
        path: "kind",
        required: true,
        oneOf: ["StorageV2", "BlobStorage", "BlockBlobStorage", "FileStorage", "Storage"],
      },
      { path: "properties.minimumTlsVersion", oneOf: ["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"] },
      { path: "properties.publicNetworkAccess", oneOf: ["Enabled", "Disabled", "SecuredByPerimeter"] },
    ],
    immutable: ["properties.isHnsEnabled", "properties.encryption.requireInfrastructureEncryption"],
    complete({ world, path, body, existing }) {
      const name = path.names[0] ?? "";
      // The names are one namespace for all of Azure.
      if (!existing && world.store.ofType(accountType).some((other) => other.name === name)) {
        throw refusal(
          409,
          "StorageAccountAlreadyTaken",
          `The storage account named ${name} is already taken.`,
        );
      }
      body.properties = {
        ...withDefaults(body.properties, {
          accessTier: "Hot",
          allowBlobPublicAccess: false,
          minimumTlsVersion: "TLS1_0",
          supportsHttpsTrafficOnly: true,
          publicNetworkAccess: "Enabled",
          networkAcls: {
            bypass: "AzureServices",
            defaultAction: "Allow",
            ipRules: [],
            virtualNetworkRules: [],
          },
          encryption: { keySource: "Microsoft.Storage" },
        }),
        primaryEndpoints: Object.fromEntries(
          services.map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
        ),
        primaryLocation: body["location"],
        statusOfPrimary: "available",
        creationTime: existing?.created ?? new Date().toISOString(),
      };
    },
    accompany: ({ existing }, account) => (existing ? [] : [blobService(account)]),
    view: (world, { id, body }) => ({
      ...body,
      properties: {
        ...body.properties,
        privateEndpointConnections: connectionsTo(id, world.store.ofType(endpointType)),
      },
    }),
  },
  {
    type: `${accountType}/blobServices`,
    scope: "group",
    apiVersions,
    name: /^default$/,
    stateful: false,
  },
  {
    type: `${accountType}/blobServices/containers`,
    scope: "group",
    apiVersions,
    name: /^(\$root|\$web|\$logs|[a-z0-9](-?[a-z0-9])*)$/,
    stateful: false,
    rules: [{ path: "properties.publicAccess", oneOf: ["None", "Blob", "Container"] }],
    complete({ world, path, body }) {
      const account = world.store.get(path.id.split("/blobServices/")[0]);
      const open = body.properties["publicAccess"] ?? "None";
      if (open !== "None" && account?.body.properties["allowBlobPublicAccess"] !== true) {
        throw refusal(
          409,
          "PublicAccessNotPermitted",
          `Public access is not permitted on this storage account: ${account?.name}.`,
        );
      }
      body.properties = withDefaults(body.properties, {
        publicAccess: "None",
        defaultEncryptionScope: "$account-encryption-key",
        denyEncryptionScopeOverride: false,
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        leaseStatus: "Unlocked",
      });
    },
  },
];

function blobService(account: Resource): Resource {
  return {
    ...account,
    id: `${account.id}/blobServices/default`,
    type: `${accountType}/blobServices`,
    name: "default",
    body: { properties: {} },
    state: "Succeeded",
  };
}
