import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../disruptionBudget.ts";
import type { GuardSidecar } from "../mcpGuard/sidecar.ts";
import type { ServerAddress } from "./address.ts";
import type { McpServerDeploymentArgs } from "./args.ts";
import { serverAutoscaler } from "./autoscaler.ts";
import { deploymentSpec } from "./deployment.ts";

/** How long a client's address is sent to the same pod, in seconds: the longest that Kubernetes has. */
const STICKY_SECONDS = 86_400;

/** What both runtimes are given. */
export interface WorkloadPlace {
  address: ServerAddress;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  guard?: GuardSidecar;
  /** How long to wait for the pods. */
  timeoutMinutes: number;
}

/**
 * A Deployment of this project's own in KMCP's place, with what KMCP doesn't have: a Service that can stick
 * to pods, an autoscaler, and a budget that lets nodes be drained one pod at a time.
 */
export function ownWorkload(
  name: string,
  args: McpServerDeploymentArgs,
  { address, namespace, podLabels, guard }: WorkloadPlace,
  options: pulumi.CustomResourceOptions,
): Deployment {
  const { autoscaling, sessions } = args;
  const metadata = { name: address.name, namespace };
  const { parent } = options;
  const spec = deploymentSpec(args, address, podLabels, guard);
  const deployment = new Deployment(
    name,
    {
      metadata: {
        ...metadata,
        labels: podLabels,
        // An autoscaler that was, or whoever scales by hand, owns the number: to say another one would be a conflict.
        annotations: autoscaling === undefined ? { "pulumi.com/patchForce": "true" } : undefined,
      },
      spec,
    },
    // Where replicas were said before, to leave them out would mean one pod until the autoscaler has looked.
    autoscaling === undefined ? options : { ...options, ignoreChanges: ["spec.replicas"] },
  );
  new Service(
    `${name}-service`,
    {
      metadata,
      spec: {
        selector: podLabels,
        ports: [{ name: "http", protocol: "TCP", port: address.port, targetPort: address.port }],
        ...(sessions === "client-ip" && {
          sessionAffinity: "ClientIP",
          sessionAffinityConfig: { clientIP: { timeoutSeconds: STICKY_SECONDS } },
        }),
      },
    },
    { parent, dependsOn: [deployment] },
  );
  if (autoscaling !== undefined) {
    const scaled = { name: address.name, namespace };
    serverAutoscaler(name, autoscaling, scaled, { parent, dependsOn: [deployment] });
  }
  // Of one pod alone it would be no use: it may go at any time.
  if ((args.replicas ?? 1) > 1 || autoscaling !== undefined) {
    disruptionBudget(parent, name, { metadata, podLabels });
  }
  return deployment;
}
