import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { MANAGEMENT_PORT } from "../mcpGuard/config.ts";
import type { GuardSidecar } from "../mcpGuard/sidecar.ts";
import { ensure, InputPropertyError, wholeNumber } from "../validation.ts";
import type { ServerAddress } from "./address.ts";
import type { McpServerDeploymentArgs } from "./args.ts";
import { endingOf, terminationSeconds } from "./ending.ts";
import { serverPod } from "./pod.ts";
import { configMapForm, references } from "./references.ts";

/** How Kubernetes sees that a server is up; a `Probe` of Kubernetes each. */
export interface McpProbes {
  /** When the others begin. @default - none */
  startup?: input.core.v1.Probe;
  /** Whether it gets calls. @default - none */
  readiness?: input.core.v1.Probe;
  /** Whether it is restarted. @default - none */
  liveness?: input.core.v1.Probe;
}

/**
 * The spec of a Deployment with the pod that KMCP would make of an http server: ConfigMaps at
 * /configmaps/<name>, Secrets as variables, the guard beside it. Unlike KMCP's it has probes, and leaves
 * `replicas` to an autoscaler.
 */
export function deploymentSpec(
  args: McpServerDeploymentArgs,
  address: ServerAddress,
  podLabels: Record<string, string>,
  guard?: GuardSidecar,
): input.apps.v1.DeploymentSpec {
  const pod = serverPod(args, address, guard);
  const named = references("configMapRefs", args.configMapRefs, configMapForm(args.runtime)) ?? [];
  const configMaps = named.map(({ name }, i) => ({ name, volume: `configmap-${i}` }));
  const probes = checkedProbes(args, guard !== undefined);
  const ending = args.guard === "none" ? undefined : endingOf(args.guard);
  return {
    replicas: args.autoscaling ? undefined : ensure("replicas", args.replicas ?? 1, wholeNumber(1, 100)),
    selector: { matchLabels: podLabels },
    // Not one pod less while the new ones come up.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: { ...pod.labels, ...podLabels }, annotations: pod.annotations },
      spec: {
        serviceAccountName: address.name,
        terminationGracePeriodSeconds: ending && terminationSeconds(ending),
        automountServiceAccountToken: false,
        securityContext: pod.podSecurityContext,
        imagePullSecrets: references("imagePullSecrets", args.imagePullSecrets),
        nodeSelector: args.nodeSelector,
        tolerations: args.tolerations,
        affinity: args.affinity,
        topologySpreadConstraints: spread(podLabels),
        containers: [
          {
            name: "mcp-server",
            image: pod.image,
            imagePullPolicy: args.imagePullPolicy,
            command: args.command === undefined ? undefined : [args.command],
            args: args.args,
            env: Object.entries(pod.env).map(([name, value]) => ({ name, value })),
            envFrom: references("secretRefs", args.secretRefs)?.map((secretRef) => ({ secretRef })),
            ports: guard ? undefined : [{ name: "mcp", containerPort: address.port, protocol: "TCP" }],
            resources: pod.resources,
            securityContext: pod.securityContext,
            startupProbe: probes.startup,
            readinessProbe: probes.readiness,
            livenessProbe: probes.liveness,
            // The pod's containers are told to end all at once: the server stays until its guard has no more calls.
            lifecycle: guard && { preStop: { httpGet: { path: "/drained", port: MANAGEMENT_PORT } } },
            volumeMounts: [
              ...pod.volumeMounts,
              ...configMaps.map(({ name, volume }) => ({
                name: volume,
                mountPath: pulumi.interpolate`/configmaps/${name}`,
                readOnly: true,
              })),
            ],
          },
          ...(pod.sidecars ?? []),
        ],
        volumes: [
          ...pod.volumes,
          ...configMaps.map(({ name, volume }) => ({ name: volume, configMap: { name } })),
        ],
      },
    },
  };
}

/** Over nodes and zones, where there are several; where there aren't, all the same. */
function spread(podLabels: Record<string, string>): input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: podLabels },
  }));
}

/** The kubelet comes from outside of the pod: it can't reach a server that listens on loopback. */
function checkedProbes({ probes = {}, env = {} }: McpServerDeploymentArgs, guarded: boolean): McpProbes {
  if (!guarded || env["HOST"] !== undefined) return probes;
  for (const [name, probe] of Object.entries(probes)) {
    if (!probe || "exec" in probe) continue;
    throw new InputPropertyError(
      `probes.${name}`,
      "must be an exec probe: behind a guard the server is told to listen on loopback (HOST=127.0.0.1), where the " +
        "kubelet can't ask it; the guard's own readiness asks the server, and env.HOST can say 0.0.0.0, which the " +
        "NetworkPolicy closes to others",
    );
  }
  return probes;
}
