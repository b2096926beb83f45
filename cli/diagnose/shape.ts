import { plainUrl, redact } from "./redact.ts";

/**
 * What is kept of a value: `true` is all of it, a function makes something else of it, and an object names the
 * fields that are kept, of each item where the value is an array.
 */
export type Shape = true | ((value: unknown) => unknown) | { readonly [field: string]: Shape };

/** A value with only what its shape keeps. */
export function keep(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null || shape === true) return value;
  if (typeof shape === "function") return shape(value);
  if (Array.isArray(value)) return value.map((item) => keep(shape, item));
  if (typeof value !== "object") return undefined;
  const fields = Object.entries(shape)
    .filter(([field]) => field in value)
    .map(([field, inner]) => [field, keep(inner, (value as Record<string, unknown>)[field])] as const);
  return Object.fromEntries(fields.filter(([, kept]) => kept !== undefined));
}

/** Text in which a secret could be. */
export const text: Shape = (value) => (typeof value === "string" ? redact(value) : undefined);
export const url: Shape = (value) => (typeof value === "string" ? plainUrl(value) : undefined);
export const urls: Shape = (value) =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string").map(plainUrl) : undefined;

const OWN_ANNOTATIONS = /^(kaito\.sh|(workspace|inferenceset|ragengine)\.kaito\.io)\//;
/** The flags that say how a controller of KAITO or KMCP works. */
const MODE_FLAGS = /^--(feature-gates|node-provisioner|watch-namespaces)=/;

export const metadata: Shape = {
  name: true,
  namespace: true,
  uid: true,
  generation: true,
  labels: true,
  annotations: (value) =>
    Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => OWN_ANNOTATIONS.test(key))),
  creationTimestamp: true,
  deletionTimestamp: true,
  finalizers: true,
  ownerReferences: { kind: true, name: true, uid: true, controller: true },
};

export const conditions: Shape = {
  type: true,
  status: true,
  reason: true,
  message: text,
  observedGeneration: true,
  lastTransitionTime: true,
};

export const volume: Shape = {
  name: true,
  secret: { secretName: true, optional: true },
  configMap: { name: true, optional: true },
  persistentVolumeClaim: { claimName: true },
  hostPath: { path: true },
  projected: { sources: { secret: { name: true, optional: true } } },
};

const container: Shape = {
  name: true,
  image: true,
  args: (value) => (Array.isArray(value) ? value.filter((arg) => MODE_FLAGS.test(String(arg))) : []),
  resources: { requests: true, limits: true },
  startupProbe: { failureThreshold: true, periodSeconds: true, initialDelaySeconds: true },
};

export const podSpec: Shape = {
  nodeName: true,
  nodeSelector: true,
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: true } },
  },
  tolerations: true,
  imagePullSecrets: { name: true },
  initContainers: container,
  containers: container,
  volumes: volume,
};

const state: Shape = {
  waiting: { reason: true, message: text },
  running: { startedAt: true },
  terminated: {
    exitCode: true,
    signal: true,
    reason: true,
    message: text,
    startedAt: true,
    finishedAt: true,
  },
};

export const containerStatus: Shape = {
  name: true,
  ready: true,
  started: true,
  restartCount: true,
  image: true,
  state,
  lastState: state,
};
