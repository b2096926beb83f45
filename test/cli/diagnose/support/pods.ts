import { meta } from "./meta.ts";
import { ago, type Served } from "./snapshots.ts";

type Labels = Record<string, string>;

export interface PodOptions {
  labels?: Labels;
  nodeName?: string;
  phase?: string;
  conditions?: object[];
  containers?: object[];
  init?: object[];
  status?: object;
  spec?: object;
  image?: string;
  gpus?: string;
  metadata?: object;
}

/** A pod; `containers` and `init` are container statuses. */
export function pod(name: string, namespace: string, options: PodOptions = {}): Served {
  const { nodeName, phase = "Pending", conditions = [], containers = [], init = [], gpus } = options;
  const names = (statuses: object[]) =>
    statuses.map((each) => ({
      name: (each as { name: string }).name,
      image: options.image ?? "mcr.microsoft.com/aks/kaito/kaito-base:0.4.0",
      ...(gpus
        ? { resources: { limits: { "nvidia.com/gpu": gpus }, requests: { "nvidia.com/gpu": gpus } } }
        : {}),
    }));
  return {
    metadata: { ...meta(name, namespace), labels: options.labels, ...options.metadata },
    spec: {
      ...(nodeName ? { nodeName } : {}),
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
      containers: containers.length > 0 ? names(containers) : names([{ name: "main" }]),
      initContainers: names(init),
      ...options.spec,
    },
    status: {
      phase,
      conditions,
      containerStatuses: containers,
      initContainerStatuses: init,
      ...options.status,
    },
  };
}

/** A pod of the Workspace phi. */
export function modelPod(options: PodOptions = {}): Served {
  return pod("phi-0", "models", { labels: { "kaito.sh/workspace": "phi" }, gpus: "1", ...options });
}

export const unschedulable = (message: string) => ({
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message,
});

export const waitingFor = (name: string, reason: string, message = "") => ({
  name,
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
});

/** A container that ended, and waits to be started again. */
export const ended = (name: string, exitCode: number, reason = "Error", message?: string) => ({
  name,
  ready: false,
  restartCount: 4,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s restarting failed container" } },
  lastState: { terminated: { exitCode, reason, ...(message ? { message } : {}) } },
});

export const runningNotReady = (name: string, minutes: number) => ({
  name,
  ready: false,
  started: false,
  restartCount: 0,
  state: { running: { startedAt: ago(minutes) } },
});

export const runningReady = (name: string) => ({
  name,
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: ago(15) } },
});

export function event(kind: string, about: Served, reason: string, message: string, count = 3): Served {
  const { name, namespace, uid } = about.metadata;
  return {
    metadata: { name: `${name}.${reason}`, namespace: namespace ?? "default" },
    involvedObject: { kind, name, namespace, uid },
    reason,
    message,
    type: "Warning",
    count,
    lastTimestamp: ago(1),
  };
}
