/** A condition of any object. Source: metav1.Condition of Kubernetes. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** An MCPServer, as far as it matters here. Source: api/v1alpha1 of KMCP 0.3.0. */
export interface McpServerObject {
  metadata: { generation?: number };
  status?: { conditions?: Condition[] };
}

/** Source: Deployment of Kubernetes. */
export interface DeploymentObject {
  metadata: { generation?: number };
  spec: { replicas?: number; template: { metadata?: { annotations?: Record<string, string> } } };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
}

/** Source: ContainerStatus of Kubernetes. */
export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
}

/** Source: Pod of Kubernetes. */
export interface PodObject {
  metadata: { name: string; annotations?: Record<string, string>; deletionTimestamp?: string };
  status?: {
    phase?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

/** What a look at a server sees. */
export interface RolloutObjects {
  server: McpServerObject;
  /** Absent until KMCP has made it. */
  deployment?: DeploymentObject;
  /** Its pods, also those from before. */
  pods: PodObject[];
}

/** The pods' annotation that tells from which spec of the MCPServer they are. */
export const SPEC_ANNOTATION = "mcpaas.dev/spec";
