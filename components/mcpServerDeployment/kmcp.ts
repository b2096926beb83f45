import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { McpServerDeploymentArgs } from "./args.ts";
import { mcpServerSpec } from "./manifest.ts";
import { SPEC_ANNOTATION } from "./rollout/objects.ts";
import { McpRollout } from "./rollout.ts";
import { specHash } from "./specHash.ts";
import type { WorkloadPlace } from "./workload.ts";

/**
 * The MCPServer, and beside a stdio server's the guard's Service: KMCP's own leads to the gateway.
 *
 * @returns what is there when the pods run
 */
export function kmcpWorkload(
  name: string,
  args: McpServerDeploymentArgs,
  { address, namespace, podLabels, guard, timeoutMinutes }: WorkloadPlace,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const spec = mcpServerSpec(args, address, guard);
  const hash = specHash(spec);
  const annotations = { ...spec.deployment.annotations, [SPEC_ANNOTATION]: hash };
  const { parent } = options;
  const server = new CustomResource(
    name,
    {
      apiVersion: "kagent.dev/v1alpha1",
      kind: "MCPServer",
      metadata: {
        name: address.name,
        namespace,
        // One wait is enough: Ready comes late after a start, and too early after an update.
        ...(args.kubeconfig === undefined && { annotations: { "pulumi.com/waitFor": "condition=Ready" } }),
      },
      spec: { ...spec, deployment: { ...spec.deployment, annotations } },
    },
    options,
  );
  if (address.service !== address.name) {
    new Service(
      `${name}.guard-service`,
      {
        metadata: { name: address.service, namespace },
        spec: {
          selector: podLabels,
          ports: [{ name: "http", protocol: "TCP", port: address.port, targetPort: address.port }],
        },
      },
      { parent, dependsOn: [server] },
    );
  }
  if (args.kubeconfig === undefined) return server;
  return new McpRollout(
    `${name}.rollout`,
    {
      kubeconfig: args.kubeconfig,
      namespace,
      name: address.name,
      spec: hash,
      replicas: spec.deployment.replicas,
      // Made anew, or put right after somebody else has changed it, it is the same spec and other pods.
      trigger: server.metadata.apply((it) => `${it?.uid ?? ""}/${it?.generation ?? ""}`),
      timeoutMinutes,
    },
    { parent, dependsOn: [server] },
  );
}
