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
