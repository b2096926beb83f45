import { InputPropertyError } from "../validation.ts";
import type { McpServerDeploymentArgs } from "./args.ts";

/** Everything that McpServerDeploymentArgs has: the type makes sure that none is forgotten. */
const KNOWN_ARGS: ReadonlySet<string> = new Set(
  Object.keys({
    name: 1,
    namespace: 1,
    guard: 1,
    transport: 1,
    image: 1,
    imagePullPolicy: 1,
    imagePullSecrets: 1,
    command: 1,
    args: 1,
    port: 1,
    serverPort: 1,
    path: 1,
    env: 1,
    secretRefs: 1,
    configMapRefs: 1,
    resources: 1,
    runtime: 1,
    replicas: 1,
    autoscaling: 1,
    sessions: 1,
    probes: 1,
    runAsUser: 1,
    readOnlyRootFilesystem: 1,
    tmpSizeLimit: 1,
    clients: 1,
    egress: 1,
    workloadIdentityClientId: 1,
    nodeSelector: 1,
    tolerations: 1,
    affinity: 1,
    timeoutSeconds: 1,
    kubeconfig: 1,
    readyTimeoutMinutes: 1,
  } satisfies Record<keyof McpServerDeploymentArgs, 1>),
);

const PROBES =
  "KMCP sets no probes and removes those that others add; the guard has its own, and probes are an argument with the " +
  'runtime "deployment"';

const RESETS =
  'KMCP resets the number of replicas each time it reconciles; use autoscaling, with the runtime "deployment", which ' +
  "KEDA can do too (autoscaling.keda)";

/** Why KMCP can't do something that people expect of a workload, and what to do instead. */
const REASONS: Record<string, string> = {
  livenessProbe: PROBES,
  readinessProbe: PROBES,
  startupProbe: PROBES,
  hpa: RESETS,
  horizontalPodAutoscaler: RESETS,
  keda: RESETS,
  scaledObject: RESETS,
  sessionAffinity:
    'KMCP\'s Service has no session affinity; use one replica, or sessions "client-ip" with the runtime "deployment"',
  service:
    "KMCP makes the Service, always of type ClusterIP with one port; put a Service of your own beside it",
  strategy: "KMCP's Deployment rolls with Kubernetes' defaults",
  lifecycle: "the MCPServer resource has no field for hooks; handle SIGTERM in the server",
  topologySpreadConstraints: "the MCPServer resource has no field for it; use affinity",
  priorityClassName: "the MCPServer resource has no field for it",
  terminationGracePeriodSeconds: "the MCPServer resource has no field for it; Kubernetes gives 30 seconds",
  envFrom: "the MCPServer resource has no such field; secretRefs adds every key of a Secret as a variable",
  ports: "KMCP's Service has one port; set port",
};

/**
 * Refuses arguments that nothing would act on. Types do so at compile time, this does when they are bypassed.
 */
export function refuseUnsupported(args: object): void {
  for (const key of Object.keys(args)) {
    if (KNOWN_ARGS.has(key)) continue;
    throw new InputPropertyError(key, REASONS[key] ?? "is no argument of McpServerDeployment");
  }
}
