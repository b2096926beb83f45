import { QUANTITY } from "./forms.ts";
import { ensure, InputPropertyError, matches } from "./validation.ts";

/** Requests and limits of one container, in Kubernetes quantities such as "250m" and "128Mi". */
export interface ContainerResources {
  /** What is kept free for it on its node. */
  requests: { cpu: string; memory: string };
  /** Without a CPU limit a container may use what the node has left, which is what a short burst needs. */
  limits: { cpu?: string; memory: string };
}

/** Requests for CPU and memory and a limit for memory must be there, and be quantities. */
export function ensureResources(propertyPath: string, resources: ContainerResources): ContainerResources {
  const wanted: [string, string | undefined, boolean][] = [
    ["requests.cpu", resources.requests?.cpu, true],
    ["requests.memory", resources.requests?.memory, true],
    ["limits.memory", resources.limits?.memory, true],
    ["limits.cpu", resources.limits?.cpu, false],
  ];
  for (const [path, value, required] of wanted) {
    const place = `${propertyPath}.${path}`;
    if (value !== undefined) ensure(place, value, matches(QUANTITY));
    else if (required)
      throw new InputPropertyError(
        place,
        `is missing; it must be ${QUANTITY.words}, for example "${QUANTITY.example}"`,
      );
  }
  return resources;
}
