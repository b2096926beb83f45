import { deploymentPods, owned } from "./belongings.ts";
import type { Cluster } from "./cluster.ts";
import { type ControllerId, controllerIds, controllers, deploymentsOf } from "./controllers.ts";
import { gpuNodes } from "./gpuNodes.ts";
import { emptySubject, type Subject } from "./subject.ts";

/** The parts of the platform that others depend on, as far as they are used. */
export function components(cluster: Cluster): Subject[] {
  const found = controllerIds.flatMap((id) => {
    const deployments = deploymentsOf(cluster, id);
    const used = controllers[id].kinds.some((kind) => cluster.seen(kind).length > 0);
    return used || (deployments ?? []).length > 0 ? [componentSubject(cluster, id)] : [];
  });
  const nodes = gpuNodes(cluster);
  const pool: Subject = {
    ...emptySubject("component", "gpu-nodes", "gpu-nodes", ""),
    exists: true,
    nodes,
    needsGpu: true,
  };
  return (nodes ?? []).length > 0 ? [...found, pool] : found;
}

/** A controller as a subject, whether it is there or not. */
export function componentSubject(cluster: Cluster, id: ControllerId): Subject {
  const deployments = deploymentsOf(cluster, id);
  const [deployment] = deployments ?? [];
  return {
    ...emptySubject("component", "controller", id, deployment?.metadata.namespace ?? ""),
    exists: deployment !== undefined,
    controller: id,
    workload: owned("Deployment", deployments === undefined ? undefined : (deployment ?? null)),
    pods: deploymentPods(cluster, deployment),
  };
}
