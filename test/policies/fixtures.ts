type Fields = Record<string, unknown>;

/** Resources that satisfy the pack. */
export const enough = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { memory: "256Mi" },
};

/** A container that satisfies the pack, with changes. */
export function container(changes: Fields = {}): Fields {
  return { name: "app", image: "registry.example/app:1.2.3", resources: enough, ...changes };
}

/** A resource of the given kind around a pod spec: its Pulumi type and its inputs. */
export function workload(kind: string, podSpec: unknown): [type: string, props: Fields] {
  const template = { metadata: { labels: { app: "x" } }, spec: podSpec };
  const wrapped: Record<string, [string, Fields]> = {
    Pod: ["core/v1", { spec: podSpec }],
    PodTemplate: ["core/v1", { template }],
    ReplicationController: ["core/v1", { spec: { template } }],
    Deployment: ["apps/v1", { spec: { replicas: 1, template } }],
    StatefulSet: ["apps/v1", { spec: { template } }],
    DaemonSet: ["apps/v1", { spec: { template } }],
    ReplicaSet: ["apps/v1", { spec: { template } }],
    Job: ["batch/v1", { spec: { template } }],
    CronJob: ["batch/v1", { spec: { jobTemplate: { spec: { template } } } }],
  };
  const [version, props] = wrapped[kind] ?? ["", {}];
  return [`kubernetes:${version}:${kind}`, { metadata: { name: "x" }, ...props }];
}

export const workloadKinds = [
  "Pod",
  "PodTemplate",
  "ReplicationController",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
];

/** An MCPServer: its Pulumi type and its inputs. */
export function mcpServer(deployment: unknown, transportType: unknown = "http"): [string, Fields] {
  return [
    "kubernetes:kagent.dev/v1alpha1:MCPServer",
    { metadata: { name: "x" }, spec: { transportType, deployment } },
  ];
}

/** A security context with which a container satisfies the pack. */
export const closed = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** A container about which no rule has anything to say, with changes. */
export function goodContainer(changes: Fields = {}): Fields {
  return container({
    image: "mcr.microsoft.com/app:1.2.3",
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    securityContext: closed,
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
    ...changes,
  });
}

/** A pod about which no rule has anything to say, with changes. */
export function goodPod(changes: Fields = {}): Fields {
  return { automountServiceAccountToken: false, containers: [goodContainer()], ...changes };
}

/**
 * A Deployment about which no rule has anything to say: it is recreated, so it may have one pod.
 *
 * @param name of the resource, and of the object
 * @param pod changes of its pod
 */
export function goodDeployment(name: string, pod: Fields = {}, metadata: Fields = {}) {
  return {
    name,
    type: "kubernetes:apps/v1:Deployment",
    props: {
      metadata: { name, ...metadata },
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: goodPod(pod) },
      },
    },
  };
}

/** A Deployment of one container, which is good but for `changes`. */
export function deploymentOf(name: string, changes: Fields) {
  return goodDeployment(name, { containers: [goodContainer(changes)] });
}
