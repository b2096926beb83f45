import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { listManagedClusterAdminCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterAdminCredentials.js";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js";
import * as pulumi from "@pulumi/pulumi";
import { stableUuid } from "../names.ts";
import { BUILT_IN_ROLES, roleDefinitionId } from "../roles.ts";
import type { EntraArgs } from "./clusterArgs.ts";
import { decodeKubeconfig, withLogin } from "./kubeconfig.ts";

/** Whether whoever runs the program must be given a role in the cluster before it can use it. */
export function needsDeployerRole(entra: EntraArgs | undefined): boolean {
  return entra !== undefined && !localAccounts(entra) && (entra.azureRbac ?? true);
}

/** With local accounts off, whoever runs the program needs a role in the cluster before it can go on. */
export function deployerRole(
  parent: pulumi.Resource,
  name: string,
  clusterId: pulumi.Output<string>,
  subscriptionId: pulumi.Output<string>,
  objectId: pulumi.Output<string>,
): RoleAssignment {
  const roleAssignmentName = pulumi
    .all([clusterId, objectId])
    .apply(([scope, principal]) =>
      stableUuid(scope.toLowerCase(), BUILT_IN_ROLES.aksRbacClusterAdmin, principal),
    );
  return new RoleAssignment(
    `${name}-deployer`,
    {
      scope: clusterId,
      principalId: objectId,
      roleDefinitionId: roleDefinitionId(subscriptionId, "aksRbacClusterAdmin"),
      roleAssignmentName,
    },
    { parent },
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

function localAccounts(entra: EntraArgs): boolean {
  return entra.disableLocalAccounts === false;
}

/** What AKS always reports of a cluster that it has made, although its API calls it optional. */
export function reported(value: string | undefined, what: string): string {
  if (value) return value;
  // A preview knows of such a property only what the program put into it.
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
  throw new Error(`AKS did not report the cluster's ${what}`);
}
