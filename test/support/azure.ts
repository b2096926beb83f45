import type { Answers } from "./mocks.ts";

export const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
export const KUBELET_OBJECT_ID = "aaaaaaaa-0000-0000-0000-000000000001";
export const DEPLOYER_OBJECT_ID = "bbbbbbbb-0000-0000-0000-000000000002";
/** What Docker tells of whatever it has pushed. */
export const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
export const TOKEN_PASSWORD = "password-of-token";
/** Where PromQL is asked. */
export const QUERY_ENDPOINT = "https://amw.eastus.prometheus.monitor.azure.com";
export const VAULT_OBJECT_ID = "dddddddd-0000-0000-0000-000000000004";
export const EXTENSION_OBJECT_ID = "eeeeeeee-0000-0000-0000-000000000005";
export const GRAFANA_OBJECT_ID = "cccccccc-0000-0000-0000-000000000003";
/** Where the outside finds the Gateway. */
export const GATEWAY_ADDRESS = "203.0.113.10";
export const KUBECONFIG = "apiVersion: v1\nkind: Config\nusers:\n- user: {client-key-data: very-private}\n";

const credentials = () => ({
  kubeconfigs: [{ name: "clusterUser", value: Buffer.from(KUBECONFIG).toString("base64") }],
});

let keys = 0;

/** What Azure would answer to the program, as far as the components read it. */
export const azure: Answers = {
  outputs: {
    "azure-native:resources:ResourceGroup": (i) => ({ name: i.resourceGroupName }),
    "azure-native:containerregistry:Registry": (i) => ({
      name: i.registryName,
      loginServer: `${i.registryName}.azurecr.io`,
    }),
    "azure-native:containerregistry:Token": (i) => ({ name: i.tokenName }),
    "azure-native:managedidentity:UserAssignedIdentity": (i) => ({
      name: i.resourceName,
      clientId: "client-of-control-plane",
      principalId: "object-of-control-plane",
    }),
    "azure-native:containerservice:ManagedCluster": (i) => ({
      name: i.resourceName,
      oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer.example/" },
      identityProfile: {
        kubeletidentity: {
          objectId: KUBELET_OBJECT_ID,
          clientId: "client-of-kubelet",
          resourceId: "/kubelet",
        },
      },
    }),
    "azure-native:monitor:AzureMonitorWorkspace": (i) => ({
      name: i.azureMonitorWorkspaceName,
      metrics: { prometheusQueryEndpoint: QUERY_ENDPOINT, internalId: "mac" },
    }),
    "azure-native:operationalinsights:Workspace": (i) => ({
      name: i.workspaceName,
      customerId: "customer-of-logs",
    }),
    "azure-native:network:VirtualNetwork": (i) => ({ name: i.virtualNetworkName }),
    "azure-native:network:PrivateEndpoint": (i) => ({ name: i.privateEndpointName }),
    "azure-native:privatedns:PrivateZone": (i) => ({ name: i.privateZoneName }),
    "azure-native:dbforpostgresql:Server": (i) => ({
      name: i.serverName,
      fullyQualifiedDomainName: `${i.serverName}.postgres.database.azure.com`,
    }),
    "azure-native:storage:StorageAccount": (i) => ({
      name: i.accountName,
      primaryEndpoints: { blob: `https://${i.accountName}.blob.core.windows.net/` },
    }),
    "azure-native:storage:BlobContainer": (i) => ({ name: i.containerName }),
    "azure-native:dataprotection:BackupVault": (i) => ({
      name: i.vaultName,
      identity: { ...i.identity, principalId: VAULT_OBJECT_ID },
    }),
    "azure-native:dataprotection:BackupInstance": (i) => ({ name: i.backupInstanceName }),
    "azure-native:kubernetesconfiguration:Extension": () => ({
      aksAssignedIdentity: { principalId: EXTENSION_OBJECT_ID },
    }),
    "azure-native:dashboard:Grafana": (i) => ({
      name: i.workspaceName,
      identity: { ...i.identity, principalId: GRAFANA_OBJECT_ID },
      properties: { ...i.properties, endpoint: "https://graf.example" },
    }),
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": () => ({
      status: { addresses: [{ type: "IPAddress", value: GATEWAY_ADDRESS }] },
    }),
    "docker:index/image:Image": (i) => ({ repoDigest: i.imageName.replace(/:[^:]*$/, `@${DIGEST}`) }),
    // No two are the same, as a guard refuses two callers with one token.
    "pulumi-nodejs:dynamic/mcpaas:GeneratedKey": () => ({ value: String(++keys).padStart(64, "0") }),
    "pulumi-nodejs:dynamic/mcpaas:TokenPassword": () => ({
      password: TOKEN_PASSWORD,
      expiresAt: "2027-01-22T10:00:00Z",
    }),
    "pulumi-nodejs:dynamic/mcpaas:TuningCompletion": (i) => ({
      adapterImage: `${i.image}@sha256:${"0".repeat(64)}`,
    }),
    "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection": (i) => ({
      vmSizes: Object.fromEntries(
        Object.entries<{ gpus?: number; vmSize?: string }>(i.pools).map(([pool, request]) => [
          pool,
          request.vmSize ?? (request.gpus ? "Standard_NC24ads_A100_v4" : "Standard_D2as_v5"),
        ]),
      ),
      verified: true,
      verdicts: {},
    }),
  },
  calls: {
    "azure-native:authorization:getClientConfig": () => ({
      clientId: "client-of-deployer",
      objectId: DEPLOYER_OBJECT_ID,
      subscriptionId: SUBSCRIPTION,
      tenantId: "tenant",
    }),
    "azure-native:containerservice:listManagedClusterUserCredentials": credentials,
    "azure-native:containerservice:listManagedClusterAdminCredentials": credentials,
  },
  // The selection decides while its inputs are checked, which a preview does.
  knownInPreview: ["pulumi-nodejs:dynamic/mcpaas:VmSkuSelection"],
  // The first preview has no cluster, so no kubeconfig.
  nothingInPreview: /^kubernetes:/,
};
