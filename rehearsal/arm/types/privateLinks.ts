import { refusal } from "../errors.ts";
import type { Resource } from "../store.ts";
import { pick } from "./clusterDefaults.ts";

/** What a private endpoint can reach of a resource. */
export interface PrivateLink {
  groups: {
    /** A member of the connection's `groupIds`. */
    id: string;
    /** Names that have an address of their own behind the endpoint. */
    hosts: string[];
  }[];
  /** Refuses a resource that can't have one. */
  check?(resource: Resource): void;
}

/**
 * By type, the private links that are covered here. Source:
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource
 */
const links: Readonly<Record<string, (resource: Resource) => PrivateLink>> = {
  "Microsoft.ContainerRegistry/registries": ({ name, body }) => ({
    groups: [
      {
        id: "registry",
        hosts: [
          `${name.toLowerCase()}.azurecr.io`,
          `${name.toLowerCase()}.${body["location"]}.data.azurecr.io`,
        ],
      },
    ],
    check({ id }) {
      const sku = pick(body, "sku", "name");
      if (sku !== "Premium") {
        throw refusal(
          400,
          "PrivateEndpointNotSupported",
          `Private endpoints need a registry of the Premium SKU; ${id} is ${sku}.`,
        );
      }
    },
  }),
  "Microsoft.DBforPostgreSQL/flexibleServers": ({ name, id, body }) => ({
    groups: [{ id: "postgresqlServer", hosts: [`${name.toLowerCase()}.postgres.database.azure.com`] }],
    check() {
      if (pick(body.properties, "network", "delegatedSubnetResourceId") !== undefined) {
        throw refusal(
          400,
          "PrivateEndpointNotSupported",
          `${id} is in a delegated subnet, and can't have private endpoints.`,
        );
      }
    },
  }),
  "Microsoft.Storage/storageAccounts": ({ name }) => ({
    groups: ["blob", "file", "queue", "table"].map((id) => ({
      id,
      hosts: [`${name}.${id}.core.windows.net`],
    })),
  }),
};

/** What a private endpoint can reach of a resource; nothing when it has no private link here. */
export function privateLinkOf(resource: Resource): PrivateLink | undefined {
  return links[resource.type]?.(resource);
}

/** The endpoints that are connected to a resource, as the resource shows them. */
export function connectionsTo(id: string, endpoints: readonly Resource[]): unknown[] {
  return endpoints
    .filter(({ body }) =>
      (body.properties["privateLinkServiceConnections"] as unknown[]).some(
        (connection) =>
          String(pick(connection, "properties", "privateLinkServiceId")).toLowerCase() === id.toLowerCase(),
      ),
    )
    .map((endpoint) => ({
      id: `${id}/privateEndpointConnections/${endpoint.name}`,
      name: endpoint.name,
      properties: {
        privateEndpoint: { id: endpoint.id },
        privateLinkServiceConnectionState: {
          status: "Approved",
          description: "Auto-Approved",
          actionsRequired: "None",
        },
        provisioningState: "Succeeded",
      },
    }));
}
