import { isObject } from "../../azure/values.ts";
import { propertyChange, refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import type { World } from "../world.ts";
import { ids } from "../world.ts";
import { completeAddOns } from "./clusterAddOns.ts";
import { identityType } from "./managedIdentity.ts";
import { type Write, withDefaults } from "./row.ts";

/** Kubernetes versions that clusters can be made with: newest patch by minor version. */
const kubernetesVersions: Readonly<Record<string, string>> = {
  "1.32": "1.32.9",
  "1.33": "1.33.5",
  "1.34": "1.34.1",
  "1.35": "1.35.4",
};
const defaultVersion = "1.34";

/** Fills in what AKS sets and computes for a cluster; the pools are left to themselves. */
export function completeCluster({ world, path, body, existing }: Write): void {
  const name = path.names[0] ?? "";
  const location = String(body["location"]);
  const asked = body.properties;
  const before = existing?.body.properties;
  const wantedVersion = asked["kubernetesVersion"] ?? before?.["kubernetesVersion"] ?? defaultVersion;
  const version = currentVersion(name, wantedVersion);
  const nodeGroup = String(asked["nodeResourceGroup"] ?? `MC_${path.group}_${name}_${location}`.slice(0, 80));
  const host = `${asked["dnsPrefix"]}-${world.uuid(`host ${path.id}`).slice(0, 8)}`;
  const isPrivate = pick(asked, "apiServerAccessProfile", "enablePrivateCluster") === true;
  const hasIssuer = pick(asked, "oidcIssuerProfile", "enabled") === true;
  body["sku"] = withDefaults((body["sku"] as Properties) ?? {}, { name: "Base", tier: "Free" });
  body["identity"] = completeIdentity(world, path.id, body["identity"]);
  body.properties = {
    ...withDefaults(asked, {
      kubernetesVersion: wantedVersion,
      enableRBAC: true,
      supportPlan: "KubernetesOfficial",
      disableLocalAccounts: false,
      networkProfile:
        before?.["networkProfile"] ?? networkDefaults(pick(asked, "networkProfile", "networkPlugin")),
      servicePrincipalProfile: { clientId: "msi" },
      autoUpgradeProfile: { nodeOSUpgradeChannel: "NodeImage" },
      storageProfile: {
        diskCSIDriver: { enabled: true },
        fileCSIDriver: { enabled: true },
        snapshotController: { enabled: true },
      },
      oidcIssuerProfile: { enabled: false },
      securityProfile: {},
      // A version of the API that doesn't know all of it leaves it as it is, and nobody has to name it again.
      ...(before?.["ingressProfile"] ? { ingressProfile: before["ingressProfile"] } : {}),
      workloadAutoScalerProfile: {},
      metricsProfile: { costAnalysis: { enabled: false } },
    }),
    nodeResourceGroup: nodeGroup,
    currentKubernetesVersion: version,
    maxAgentPools: 100,
    powerState: { code: "Running" },
    resourceUID: world.uuid(`uid ${path.id}`),
    fqdn: `${host}.hcp.${location}.azmk8s.io`,
    azurePortalFQDN: `${host}.portal.hcp.${location}.azmk8s.io`,
    ...(isPrivate
      ? { privateFQDN: `${host}.${world.uuid(`zone ${path.id}`)}.privatelink.${location}.azmk8s.io` }
      : {}),
    identityProfile: { kubeletidentity: kubeletIdentity(world, asked, nodeGroup, name) },
  };
  completeAddOns(world, body.properties, nodeGroup, name);
  if (hasIssuer) {
    body.properties["oidcIssuerProfile"] = {
      enabled: true,
      issuerURL: `https://${location}.oic.prod-aks.azure.com/${ids.tenant}/${world.uuid(`issuer ${path.id}`)}/`,
    };
  }
}

/**
 * Refuses to make a public cluster private, or the reverse, unless its API server is in the cluster's own network.
 * Source: https://learn.microsoft.com/azure/aks/api-server-vnet-integration
 */
export function checkPrivateMode({ body, existing }: Write): void {
  const mode = (value: Record<string, unknown> | undefined, name: string) =>
    pick(value, "properties", "apiServerAccessProfile", name);
  const path = "enablePrivateCluster";
  const asked = mode(body, path);
  const was = mode(existing?.body, path) ?? false;
  const integrated = [body, existing?.body].every((one) => mode(one, "enableVnetIntegration") === true);
  if (existing && asked !== undefined && asked !== was && !integrated) {
    throw propertyChange(`properties.apiServerAccessProfile.${path}`);
  }
}

/** The id of the identity that AKS makes for the nodes of a cluster. */
export function kubeletIdentityId(nodeGroup: string, cluster: string): string {
  return `/subscriptions/${ids.subscription}/resourceGroups/${nodeGroup}/providers/${identityType}/${cluster}-agentpool`;
}

function kubeletIdentity(world: World, asked: Properties, nodeGroup: string, cluster: string): Properties {
  const own = pick(asked, "identityProfile", "kubeletidentity", "resourceId");
  const resourceId = String(own ?? kubeletIdentityId(nodeGroup, cluster));
  const given = world.store.get(resourceId)?.body.properties;
  return {
    resourceId,
    clientId: given?.["clientId"] ?? world.uuid(`client ${resourceId}`),
    objectId: given?.["principalId"] ?? world.uuid(`principal ${resourceId}`),
  };
}

function completeIdentity(world: World, id: string, asked: unknown): Properties {
  const identity = isObject(asked) ? asked : {};
  if (identity["type"] === "SystemAssigned") {
    return { ...identity, principalId: world.uuid(`principal ${id}`), tenantId: ids.tenant };
  }
  const users = Object.keys((identity["userAssignedIdentities"] as object | undefined) ?? {});
  const found = users.map((user) => {
    const properties = world.store.get(user)?.body.properties;
    if (!properties) {
      throw refusal(
        400,
        "ResourceNotFound",
        `The managed identity '${user}' was not found.`,
        "identity.userAssignedIdentities",
      );
    }
    return [user, { principalId: properties["principalId"], clientId: properties["clientId"] }] as const;
  });
  return { ...identity, userAssignedIdentities: Object.fromEntries(found) };
}

function networkDefaults(plugin: unknown): Properties {
  return {
    networkPlugin: plugin ?? "azure",
    networkPolicy: "none",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.0.0.0/16",
    dnsServiceIP: "10.0.0.10",
    outboundType: "loadBalancer",
    loadBalancerSku: "standard",
    ipFamilies: ["IPv4"],
    ...(plugin === undefined ? { networkPluginMode: "overlay" } : {}),
  };
}

function currentVersion(cluster: string, asked: unknown): string {
  const text = String(asked);
  const minor = text.split(".").slice(0, 2).join(".");
  const newest = kubernetesVersions[minor];
  if (!newest) {
    throw refusal(
      400,
      "K8sVersionNotSupported",
      `Managed cluster ${cluster} is on version ${text}, which is not supported in this region. Supported: ${Object.values(kubernetesVersions).join(", ")}. Please use [az aks get-versions] command to get the supported version list in this region.`,
      "properties.kubernetesVersion",
    );
  }
  return text === minor ? newest : text;
}

/** The value at a path of property names. */
export function pick(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value);
}
