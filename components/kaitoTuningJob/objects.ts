/** What the stage of a job is found from, as the Kubernetes API answers it, so far as it is looked at. */
export interface TuningObjects {
  workspace: WorkspaceObject;
  job?: JobObject;
  /** The pods with the Workspace's label. */
  pods: PodObject[];
  /** Events of the job's current pod, or of the job while it has none. */
  events: EventObject[];
}

interface Metadata {
  name: string;
  uid?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  ownerReferences?: { uid: string }[];
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** Source: WorkspaceStatus in api/v1beta1/workspace_types.go. */
export interface WorkspaceObject {
  metadata: Metadata;
  status?: { conditions?: Condition[]; state?: string };
}

export interface JobObject {
  metadata: Metadata;
  spec?: { backoffLimit?: number };
  status?: { conditions?: Condition[]; failed?: number };
}

export interface PodObject {
  metadata: Metadata;
  spec?: {
    nodeName?: string;
    initContainers?: { name: string; image?: string }[];
    containers?: { name: string; image?: string }[];
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface ContainerStatus {
  name: string;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: object;
    terminated?: Termination;
  };
}

export interface Termination {
  exitCode: number;
  reason?: string;
  message?: string;
}

export interface EventObject {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  involvedObject?: { kind?: string; name?: string };
}

/** Those that belong together: a Job that an earlier Workspace of this name left isn't of this one. */
export function ownedBy<T extends { metadata: Metadata }>(
  owner: { metadata: Metadata } | undefined,
  objects: readonly T[],
): T[] {
  return objects.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === owner?.metadata.uid),
  );
}

/** A condition that is True. */
export function holds(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === "True");
}
