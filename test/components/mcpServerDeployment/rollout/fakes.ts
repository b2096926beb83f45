import type {
  ContainerStatus,
  DeploymentObject,
  McpServerObject,
  PodObject,
  RolloutObjects,
} from "../../../../components/mcpServerDeployment/rollout/objects.ts";
import type { Surroundings } from "../../../../components/mcpServerDeployment/rollout/wait.ts";

/** What the pods' annotation is to say. */
export const SPEC = "0123456789abcdef";

export const WAIT = { namespace: "mcp", name: "echo", spec: SPEC, replicas: 1, timeoutMinutes: 10 };

/** An MCPServer with which KMCP is content, at its third generation. */
export function server(status?: McpServerObject["status"]): McpServerObject {
  return { metadata: { generation: 3 }, ...(status && { status }) };
}

/** The Deployment of the new spec, rolled out but for what is said. */
export function deployment(
  status: DeploymentObject["status"] = {},
  { spec = SPEC, replicas = 1 }: { spec?: string; replicas?: number } = {},
): DeploymentObject {
  return {
    metadata: { generation: 7 },
    spec: { replicas, template: { metadata: { annotations: { "mcpaas.dev/spec": spec } } } },
    status: {
      observedGeneration: 7,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
      ...status,
    },
  };
}

/** A new pod with these containers. */
export function pod(
  containerStatuses: ContainerStatus[],
  { name = "echo-new", spec = SPEC, ...more }: { name?: string; spec?: string } & PodObject["status"] = {},
): PodObject {
  return {
    metadata: { name, annotations: { "mcpaas.dev/spec": spec } },
    status: { containerStatuses, ...more },
  };
}

/** A guard that ends as soon as it is started. */
export const CRASHING: ContainerStatus = {
  name: "guard",
  ready: false,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } },
  lastState: { terminated: { exitCode: 1, reason: "Error" } },
};

export const DONE: RolloutObjects = { server: server(), deployment: deployment(), pods: [] };

/** One old pod serves, and the new one crashes. */
export const CRASHED: RolloutObjects = {
  server: server(),
  deployment: deployment({ replicas: 2 }),
  pods: [pod([CRASHING])],
};

/** Surroundings in which time passes only while somebody sleeps; each look sees the next, the last one for ever. */
export function surroundings(...sights: (RolloutObjects | Error)[]) {
  const said: string[] = [];
  let time = 0;
  let closed = false;
  const around: Surroundings = {
    watch: {
      async read() {
        const sight = sights.length > 1 ? sights.shift() : sights[0];
        if (sight instanceof Error) throw sight;
        return sight ?? DONE;
      },
      more: async ({ container, log, events }) =>
        events ? "secret not found" : log && `last words of ${container}, ${log}`,
      close: async () => {
        closed = true;
      },
    },
    log: {
      info: async (message) => void said.push(message),
      warn: async (message) => void said.push(`warning: ${message}`),
    },
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { around, said, closed: () => closed, time: () => time };
}
