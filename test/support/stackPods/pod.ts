import type { Pod } from "../networkPolicy.ts";

/** A container, so far as policies and pod security look at it. */
export interface Container {
  name?: string;
  image?: string;
  ports?: { name?: string; containerPort: number; protocol?: string; hostPort?: number }[];
  securityContext?: Record<string, unknown>;
  [other: string]: unknown;
}

/** A pod's spec, likewise. */
export interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  securityContext?: Record<string, unknown>;
  volumes?: Record<string, unknown>[];
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  hostUsers?: boolean;
  os?: { name?: string };
  [other: string]: unknown;
}

/** A pod of a stack or of a cluster. */
export interface StackPod extends Pod {
  /** Its workload's. */
  name: string;
  /** Unknown for pods of which only the labels are known. */
  spec?: PodSpec;
}

/** A pod by its template. */
export function templatePod(
  namespace: string,
  name: string,
  template: { metadata?: { labels?: Record<string, string> }; spec?: PodSpec },
): StackPod {
  const spec = template.spec ?? {};
  return {
    namespace,
    name,
    labels: template.metadata?.labels ?? {},
    ports: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap(({ ports }) => ports ?? []),
    hostNetwork: spec.hostNetwork ?? false,
    spec,
  };
}
