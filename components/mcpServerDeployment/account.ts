import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import type { McpServerDeploymentArgs } from "./args.ts";

/** The account of a server's pods, without a token: none of what callers choose needs the Kubernetes API. */
export function serverAccount(
  name: string,
  { namespace, workloadIdentityClientId: identity }: McpServerDeploymentArgs,
  serverName: string,
  parent: pulumi.Resource,
): ServiceAccount {
  return new ServiceAccount(
    `${name}-account`,
    {
      metadata: {
        name: serverName,
        namespace,
        annotations: identity === undefined ? undefined : { "azure.workload.identity/client-id": identity },
      },
      automountServiceAccountToken: false,
    },
    { parent },
  );
}
