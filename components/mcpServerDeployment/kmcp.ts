import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { McpServerDeploymentArgs } from "../mcpServerDeployment.ts";
import { mcpServerSpec } from "./manifest.ts";
import type { WorkloadPlace } from "./workload.ts";

/** The MCPServer, and beside a stdio server's the guard's Service: KMCP's own leads to the gateway. */
export function kmcpWorkload(
  name: string,
  args: McpServerDeploymentArgs,
  { address, namespace, podLabels, guard }: WorkloadPlace,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  const server = new CustomResource(
    name,
    {
      apiVersion: "kagent.dev/v1alpha1",
      kind: "MCPServer",
      metadata: {
        name: address.name,
        namespace,
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: mcpServerSpec(args, address, guard),
    },
    options,
  );
  if (address.service !== address.name) {
    new Service(
      `${name}-guard-service`,
      {
        metadata: { name: address.service, namespace },
        spec: {
          selector: podLabels,
          ports: [{ name: "http", protocol: "TCP", port: address.port, targetPort: address.port }],
        },
      },
      { parent: options.parent, dependsOn: [server] },
    );
  }
  return server;
}
