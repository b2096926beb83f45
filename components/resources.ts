import { InputPropertyError } from "./validation.ts";

/** Requests and limits of one container, in Kubernetes quantities such as "250m" and "128Mi". */
export interface ContainerResources {
  requests: { cpu: string; memory: string };
  /** Without a CPU limit a container may use what the node has left, which is what a short burst needs. */
  limits: { cpu?: string; memory: string };
}

const QUANTITY = /^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/;

/** Requests for CPU and memory and a limit for memory must be there, and be quantities. */
export function ensureResources(propertyPath: string, resources: ContainerResources): ContainerResources {
  const wanted: [string, string | undefined, boolean][] = [
    ["requests.cpu", resources.requests?.cpu, true],
    ["requests.memory", resources.requests?.memory, true],
    ["limits.memory", resources.limits?.memory, true],
    ["limits.cpu", resources.limits?.cpu, false],
  ];
  for (const [path, value, required] of wanted) {
    if (value === undefined && !required) continue;
    if (value === undefined || !QUANTITY.test(value)) {
      throw new InputPropertyError(
        `${propertyPath}.${path}`,
        `${value === undefined ? "is missing" : `${JSON.stringify(value)} is no Kubernetes quantity`}; use for example "${path.endsWith("cpu") ? "100m" : "128Mi"}"`,
      );
    }
  }
  return resources;
}
