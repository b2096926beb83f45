import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import { clientConfig } from "./azure/clientConfig.ts";
import { grantRole } from "./roles.ts";

/** Arguments of {@link KedaPrometheusIdentity}. */
export interface KedaPrometheusIdentityArgs {
  /** The resource group that holds the identity. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region, for example "eastus". */
  location: pulumi.Input<string>;
  /** Name of the identity, 3 to 128 letters, digits, '-' and '_'. @default - "id-" and the component's name */
  identityName?: string;
  /** The address by which Microsoft Entra checks tokens of the cluster: AksWithGpuPool's `oidcIssuerUrl`. */
  oidcIssuerUrl: pulumi.Input<string>;
  /** ARM id of the Azure Monitor workspace that is queried. */
  workspaceId: pulumi.Input<string>;
  /** The subscription, as a GUID. @default - the one that the Azure provider is configured for */
  subscriptionId?: pulumi.Input<string>;
  /** Tags of the identity. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The ServiceAccount of AKS's add-on KEDA. Source: https://learn.microsoft.com/azure/aks/keda-workload-identity */
const OPERATOR = "system:serviceaccount:kube-system:keda-operator";

/**
 * What KEDA's operator signs in as to query the Prometheus of an Azure Monitor workspace: a managed identity that may
 * read that workspace's data and nothing else, and that trusts the operator's ServiceAccount in this cluster.
 *
 * ScaledObjects name it by a TriggerAuthentication with `podIdentity.identityId`. So the operator's ServiceAccount,
 * which is AKS's, needs no annotation, and the operator no restart: with workload identity on before KEDA, which
 * AksWithGpuPool always has, AKS gives its pods a token. A new credential takes up to ten minutes until it works;
 * autoscalers keep their pods until then. Costs nothing.
 * Source: https://learn.microsoft.com/azure/azure-monitor/containers/integrate-keda
 */
export class KedaPrometheusIdentity extends pulumi.ComponentResource {
  /** The identity's client id, known when it has its role and the operator is trusted. */
  declare readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: KedaPrometheusIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KedaPrometheusIdentity", name, {}, opts);
    const { resourceGroupName, location, workspaceId, tags } = args;
    const identityName = args.identityName ?? `id-${name}`;
    const identity = new UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location, resourceName: identityName, tags },
      { parent: this },
    );
    const credential = new FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: "keda-operator",
        issuer: args.oidcIssuerUrl,
        subject: OPERATOR,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent: this },
    );
    const role = grantRole(
      `${name}-reader`,
      {
        role: "monitoringDataReader",
        scope: workspaceId,
        subscriptionId: args.subscriptionId ?? clientConfig({ parent: this }).subscriptionId,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      },
      { parent: this },
    );
    this.clientId = pulumi.all([identity.clientId, credential.id, role.id]).apply(([clientId]) => clientId);
    this.registerOutputs({ clientId: this.clientId });
  }
}
