import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../disruptionBudget.ts";

/** The port of the Service. */
export const SERVICE_PORT = 80;

/** What the Deployment and the Service are made of. */
export interface ChatWorkload {
  name: string;
  app: string;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  replicas: number;
  /** The old pod must be gone before the new one starts: they'd write one SQLite file, or wait for one disk. */
  alone: boolean;
  pod: input.core.v1.PodSpec;
}

/** Makes the Deployment, the Service, and with several pods a budget that lets nodes be drained one at a time. */
export function chatWorkload(
  { name, app, namespace, podLabels, replicas, alone, pod }: ChatWorkload,
  options: pulumi.CustomResourceOptions,
): Service {
  const { parent } = options;
  const metadata = { name: app, namespace, labels: podLabels };
  const deployment = new Deployment(
    name,
    {
      // Who scales it by hand, as docs/chat-state.md says for restoring, then owns the number: the next update would
      // fail for a conflict. It takes the number back instead.
      metadata: { ...metadata, annotations: { "pulumi.com/patchForce": "true" } },
      spec: {
        replicas,
        selector: { matchLabels: podLabels },
        strategy: alone
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels: podLabels }, spec: pod },
      },
    },
    options,
  );
  if (replicas > 1) {
    disruptionBudget(parent, name, { metadata, podLabels });
  }
  return new Service(
    `${name}-service`,
    {
      // Its pods have been waited for; pulumi-kubernetes would wait ten seconds more, until no endpoint changes.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        selector: podLabels,
        ports: [{ name: "http", protocol: "TCP", port: SERVICE_PORT, targetPort: "http" }],
      },
    },
    { parent, dependsOn: [deployment] },
  );
}
