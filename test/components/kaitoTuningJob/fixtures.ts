import type {
  Condition,
  ContainerStatus,
  EventObject,
  JobObject,
  PodObject,
  TuningObjects,
  WorkspaceObject,
} from "../../../components/kaitoTuningJob/objects.ts";

// The objects have the form that KAITO 0.11.0's controller, Kubernetes' job controller and scheduler gave them for a
// tuning Workspace "tune" with a URL as input and an image as output; container states are those of a kubelet.

export const JOB = { namespace: "models", name: "tune" };
const WORKSPACE_UID = "483dec2c-6507-4dfd-86d9-e35fee313cd7";
const JOB_UID = "4fe6e50a-65bb-4281-8d3d-f9acf57bac9f";

const condition = (type: string, status: string, reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
});

const NODES_READY = condition("NodesReady", "True", "NodesReady", "Enough Nodes are ready");
const RESOURCE_READY = condition(
  "ResourceReady",
  "True",
  "workspaceResourceStatusSuccess",
  "workspace resource is ready",
);

/** A Workspace whose Job is there. KAITO says "started" and "Running" from the pod's creation on. */
export function workspace(conditions: Condition[] = started()): WorkspaceObject {
  return { metadata: { name: "tune", uid: WORKSPACE_UID }, status: { conditions, state: "Running" } };
}

function started(): Condition[] {
  return [
    NODES_READY,
    RESOURCE_READY,
    condition("JobStarted", "True", "WorkspaceTuningJobStatusStarted", "Tuning job has started"),
    condition(
      "WorkspaceSucceeded",
      "False",
      "workspacePending",
      "workspace has not completed yet, tuning job is running",
    ),
  ];
}

/** Conditions before there is a Job. */
export const WITHOUT_JOB = {
  noNode: [
    condition("NodesReady", "False", "NodeNotReady", "Not enough Nodes are ready"),
    condition("ResourceReady", "False", "workspaceResourceStatusNotReady", "node status condition not ready"),
  ],
  noNodeClaim: [
    condition(
      "NodeClaimReady",
      "False",
      "NodeClaimNotReady",
      "Ready NodeClaims are not enough (TargetNodeClaims: 1, CurrentReadyNodeClaims: 0)",
    ),
    condition("NodesReady", "False", "NodeNotReady", "Not enough Nodes are ready"),
    condition("ResourceReady", "False", "workspaceResourceStatusNotReady", "node status condition not ready"),
  ],
  refused: [
    NODES_READY,
    RESOURCE_READY,
    condition(
      "JobStarted",
      "False",
      "WorkspaceTuningJobStatusPending",
      "Tuning job has not started (last reconcile error: invalid value: Unsupported SKU '' for cloud provider: sku)",
    ),
  ],
  /** KAITO's word for good, once one pod has failed. */
  failed: [
    NODES_READY,
    RESOURCE_READY,
    condition("JobStarted", "False", "WorkspaceTuningJobStatusFailed", "tuning job failed"),
    condition("WorkspaceSucceeded", "False", "workspaceFailed", "tuning job failed"),
  ],
  succeeded: [
    NODES_READY,
    RESOURCE_READY,
    condition("WorkspaceSucceeded", "True", "workspaceSucceeded", "workspace succeeds"),
  ],
};

export function job(conditions: Condition[] = [], failed = 0): JobObject {
  return {
    metadata: { name: "tune", uid: JOB_UID, ownerReferences: [{ uid: WORKSPACE_UID }] },
    spec: { backoffLimit: 6 },
    status: { conditions, failed },
  };
}

export const JOB_COMPLETE = [
  condition("SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods"),
  condition("Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods"),
];

export const JOB_FAILED = [
  condition("FailureTarget", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
  condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
];

const INIT = ["model-weights-downloader", "data-downloader"];
const MAIN = ["tune", "pusher", "pause"];

export interface PodOptions {
  name?: string;
  /** The later, the newer. */
  age?: number;
  phase?: string;
  node?: string | null;
  /** Containers of the pod; without "pusher" the output is a volume. */
  containers?: string[];
  conditions?: Condition[];
  status?: Partial<PodObject["status"]>;
}

type States = Record<string, NonNullable<ContainerStatus["state"]>>;

export const RUNNING = { running: { startedAt: "2026-11-23T05:10:00Z" } };
export const DONE = { terminated: { exitCode: 0, reason: "Completed" } };
export const INITIALIZING = { waiting: { reason: "PodInitializing" } };
export const exited = (exitCode: number, reason = "Error") => ({ terminated: { exitCode, reason } });
export const waits = (reason: string, message?: string) => ({ waiting: { reason, message } });

/** A pod, with the states of those containers that have one; the others wait as a kubelet says. */
export function pod(states: States | undefined, options: PodOptions = {}): PodObject {
  const { name = "tune-hf576", age = 0, phase = "Running", node = "gpu0", containers = MAIN } = options;
  const status = (container: string): ContainerStatus => ({
    name: container,
    state: states?.[container] ?? INITIALIZING,
  });
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: new Date(Date.UTC(2026, 10, 23, 5, 7 + age)).toISOString(),
      ownerReferences: [{ uid: JOB_UID }],
    },
    spec: {
      ...(node === null ? {} : { nodeName: node }),
      initContainers: [
        { name: "model-weights-downloader", image: "mcr.microsoft.com/oss/v2/oras-project/oras:v1.2.3" },
        { name: "data-downloader", image: "curlimages/curl" },
      ],
      containers: containers.map((each) => ({
        name: each,
        image: each === "tune" ? "mcr.microsoft.com/aks/kaito/kaito-base:0.4.2" : `example/${each}:1`,
      })),
    },
    status: {
      phase,
      conditions: options.conditions,
      ...(states === undefined
        ? {}
        : {
            initContainerStatuses: INIT.map(status),
            // By name, as a kubelet sorts them.
            containerStatuses: [...containers].sort().map(status),
          }),
      ...options.status,
    },
  };
}

/** Both init containers done. */
export const INITIALIZED: States = { "model-weights-downloader": DONE, "data-downloader": DONE };

export const TRAINING: States = { ...INITIALIZED, tune: RUNNING, pusher: RUNNING, pause: RUNNING };

export function event(reason: string, message: string, minute = 0, type = "Normal"): EventObject {
  return {
    type,
    reason,
    message,
    lastTimestamp: new Date(Date.UTC(2026, 10, 23, 5, 10 + minute)).toISOString(),
  };
}

/** Everything about a job with these pods. */
export function objects(pods: PodObject[], more: Partial<TuningObjects> = {}): TuningObjects {
  return { workspace: workspace(), job: job(), pods, events: [], ...more };
}
