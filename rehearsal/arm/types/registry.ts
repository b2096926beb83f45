import { refusal } from "../errors.ts";
import type { Body, Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import { connectionsTo } from "./privateLinks.ts";
import { type Action, type Write, withDefaults } from "./row.ts";
import { endpointType } from "./virtualNetworks.ts";

/** ARM type of registries. */
export const registryType = "Microsoft.ContainerRegistry/registries";
// Names that others in the world hold already.
const takenNames = new Set(["azure", "microsoft", "mcpaas", "contoso", "kaito"]);

/** Whether a registry of that name exists anywhere: the names are one namespace for all of Azure. */
export function registryNameTaken(world: World, name: string): boolean {
  const wanted = name.toLowerCase();
  return (
    takenNames.has(wanted) ||
    world.store.ofType(registryType).some((other) => other.name.toLowerCase() === wanted)
  );
}

/** The registry with this host, or this name. */
export function registryAt(world: World, loginServer: string): Resource | undefined {
  const name = loginServer.toLowerCase().split(".")[0];
  return world.store.ofType(registryType).find((one) => one.name.toLowerCase() === name);
}

/** Refuses a name that is taken, and fills in what the registry computes. */
export function completeRegistry({ world, path, body, existing }: Write): void {
  const name = path.names[0] ?? "";
  if (!existing && registryNameTaken(world, name)) {
    throw refusal(
      409,
      "AlreadyInUse",
      `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability`,
    );
  }
  const { name: sku } = body["sku"] as { name: string };
  checkPremium(sku, body.properties);
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
    loginServer: `${name.toLowerCase()}.azurecr.io`,
    creationDate: existing?.created ?? new Date().toISOString(),
  };
}

/** What only the Premium SKU has. Source: https://learn.microsoft.com/azure/container-registry/container-registry-skus */
function checkPremium(sku: string, properties: Properties): void {
  const features: Record<string, unknown> = {
    networkRuleSet: pick(properties, "networkRuleSet", "defaultAction") === "Deny",
    publicNetworkAccess: properties["publicNetworkAccess"] === "Disabled",
    dataEndpointEnabled: properties["dataEndpointEnabled"] === true,
    "policies.retentionPolicy": pick(properties, "policies", "retentionPolicy", "status") === "enabled",
  };
  const wanted = Object.entries(features).find(([, on]) => on);
  if (wanted && sku !== "Premium") {
    throw refusal(
      400,
      "SkuNotSupported",
      `${wanted[0]} needs a registry of the Premium SKU, and this one is ${sku}.`,
      `properties.${wanted[0]}`,
    );
  }
}

/** A registry with the private endpoints that are connected to it. */
export function viewOfRegistry(world: World, { id, body }: Resource): Body {
  const privateEndpointConnections = connectionsTo(id, world.store.ofType(endpointType));
  return { ...body, properties: { ...body.properties, privateEndpointConnections } };
}

/** The scope maps that Azure makes with every registry; a token may name one of them. */
export function systemScopeMaps({ existing }: Write, registry: Resource): Resource[] {
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

/** The admin user's passwords, while there is one. */
export function listCredentials({ world, resource }: Action): unknown {
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
