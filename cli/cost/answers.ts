import { candidatesFor } from "../../components/vmSkuSelection/candidates.ts";
import type { VmPoolRequest } from "../../components/vmSkuSelection.ts";

/** The VM size of a pool, by its name and what it asks for. */
export type ChooseVmSize = (pool: string, request: VmPoolRequest) => string | undefined;

/** An id for whatever no price depends on. */
const id = "00000000-0000-0000-0000-000000000000";
const kubeconfigs = {
  kubeconfigs: [
    { name: "clusterUser", value: Buffer.from("apiVersion: v1\nkind: Config\n").toString("base64") },
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: as loosely typed as the SDK's own mocks.
type Answers = Record<string, (inputs: any) => Record<string, unknown>>;

/**
 * What providers would answer, as far as the program reads it.
 *
 * @param chooseVmSize whose undefined is the first candidate, as if there were quota for everything
 */
export function answers(chooseVmSize: ChooseVmSize): { outputs: Answers; calls: Answers } {
  let keys = 0;
  const named = (key: string) => (inputs: Record<string, unknown>) => ({ name: inputs[key] });
  return {
    outputs: {
      "azure-native:resources:ResourceGroup": named("resourceGroupName"),
      "azure-native:containerregistry:Registry": ({ registryName }) => ({
        name: registryName,
        loginServer: `${registryName}.azurecr.io`,
      }),
      "azure-native:containerregistry:Token": named("tokenName"),
      "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }) => ({
        name: resourceName,
        clientId: id,
        principalId: id,
      }),
      "azure-native:containerservice:ManagedCluster": ({ resourceName }) => ({
        name: resourceName,
        oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer.invalid/" },
        identityProfile: { kubeletidentity: { objectId: id, clientId: id, resourceId: "/kubelet" } },
      }),
      "azure-native:monitor:AzureMonitorWorkspace": () => ({
        metrics: { prometheusQueryEndpoint: "https://metrics.invalid", internalId: id },
      }),
      "azure-native:dbforpostgresql:Server": ({ serverName }) => ({
        name: serverName,
        fullyQualifiedDomainName: "postgresql.invalid",
      }),
      "azure-native:storage:StorageAccount": ({ accountName }) => ({
        name: accountName,
        primaryEndpoints: { blob: "https://storage.invalid/" },
      }),
      "azure-native:dataprotection:BackupVault": ({ vaultName }) => ({
        name: vaultName,
        identity: { principalId: id, tenantId: id, type: "SystemAssigned" },
      }),
      "azure-native:kubernetesconfiguration:Extension": () => ({ aksAssignedIdentity: { principalId: id } }),
      "azure-native:dashboard:Grafana": ({ workspaceName }) => ({
        name: workspaceName,
        identity: { principalId: id, tenantId: id, type: "SystemAssigned" },
        properties: { endpoint: "https://grafana.invalid" },
      }),
      "kubernetes:gateway.networking.k8s.io/v1:Gateway": () => ({
        status: { addresses: [{ type: "IPAddress", value: "203.0.113.1" }] },
      }),
      "docker:index/image:Image": ({ imageName }) => ({
        repoDigest: `${String(imageName).replace(/:[^:]*$/, "")}@sha256:${"0".repeat(64)}`,
      }),
      // No two are the same: a guard refuses two callers with one token.
      "pulumi-nodejs:dynamic/mcpaas:GeneratedKey": () => ({ value: String(++keys).padStart(64, "0") }),
      "pulumi-nodejs:dynamic/mcpaas:TokenPassword": () => ({
        password: "none",
        expiresAt: "2100-01-01T00:00:00Z",
      }),
      "pulumi-nodejs:dynamic/mcpaas:TuningCompletion": ({ image }) => ({
        adapterImage: `${image}@sha256:${"0".repeat(64)}`,
      }),
      "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection": ({ pools }) => ({
        vmSizes: Object.fromEntries(
          Object.entries(pools as Record<string, VmPoolRequest>).map(([pool, request]) => [
            pool,
            chooseVmSize(pool, request) ?? candidatesFor(request)[0]?.vmSize,
          ]),
        ),
        verified: false,
        verdicts: {},
      }),
    },
    calls: {
      "azure-native:authorization:getClientConfig": () => ({
        clientId: id,
        objectId: id,
        subscriptionId: id,
        tenantId: id,
      }),
      "azure-native:containerservice:listManagedClusterUserCredentials": () => kubeconfigs,
      "azure-native:containerservice:listManagedClusterAdminCredentials": () => kubeconfigs,
    },
  };
}
