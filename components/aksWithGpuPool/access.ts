import { listManagedClusterAdminCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterAdminCredentials.js";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type GrantArgs, grantRole } from "../roles.ts";
import { administratorsOf, type EntraArgs, localAccounts } from "./entra.ts";
import { decodeKubeconfig, withLogin } from "./kubeconfig.ts";

/** The role assignments without which nobody could use the cluster's API, or none when they aren't needed. */
export function administratorRoles(
  parent: pulumi.Resource,
  name: string,
  entra: EntraArgs | undefined,
  cluster: Pick<GrantArgs, "scope" | "subscriptionId">,
  deployerObjectId: pulumi.Input<string>,
): pulumi.CustomResource[] {
  const role = "aksRbacClusterAdmin";
  const administrators = administratorsOf(entra);
  if (administrators === "deployer") {
    return [grantRole(`${name}-deployer`, { ...cluster, role, principalId: deployerObjectId }, { parent })];
  }
  return administrators.map(({ objectId, principalType }) =>
    grantRole(
      `${name}-administrator-${objectId.toLowerCase()}`,
      { ...cluster, role, principalId: objectId, principalType },
      { parent },
    ),
  );
}

/**
 * The kubeconfig with which the program works, as a secret. Without Entra ID a user's credentials are
 * a certificate; with it an administrator's are, as long as local accounts are on; else `kubelogin` signs in.
 */
export function kubeconfigOf(
  parent: pulumi.Resource,
  resourceGroupName: pulumi.Input<string>,
  resourceName: pulumi.Input<string>,
  entra: EntraArgs | undefined,
): pulumi.Output<string> {
  const cluster = { resourceGroupName, resourceName };
  if (entra === undefined) {
    return pulumi.secret(
      listManagedClusterUserCredentialsOutput(cluster, { parent }).apply(decodeKubeconfig),
    );
  }
  if (localAccounts(entra)) {
    return pulumi.secret(
      listManagedClusterAdminCredentialsOutput(cluster, { parent }).apply(decodeKubeconfig),
    );
  }
  return pulumi.secret(
    listManagedClusterUserCredentialsOutput({ ...cluster, format: "exec" }, { parent }).apply((credentials) =>
      withLogin(decodeKubeconfig(credentials), entra.login ?? "azurecli"),
    ),
  );
}

/** The provider for resources in the cluster. */
export function kubernetesProvider(
  parent: pulumi.Resource,
  name: string,
  kubeconfig: pulumi.Output<string>,
  clusterId: pulumi.Output<string>,
): Provider {
  return new Provider(
    name,
    {
      kubeconfig,
      // New credentials of the same cluster are an update of the provider, never a replacement of what it made.
      clusterIdentifier: clusterId,
      // Fields that controllers own stay theirs.
      enableServerSideApply: true,
      // A cluster that can't be reached for a moment must not lose its resources from the state. After a cluster
      // was deleted by hand, PULUMI_K8S_DELETE_UNREACHABLE=true says so for one run.
      deleteUnreachable: false,
    },
    { parent },
  );
}
