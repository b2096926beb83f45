import { execa } from "execa";
import { azureResources } from "./armControl.ts";
import type { Running } from "./environment.ts";
import { RehearsalError } from "./errors.ts";

/** What exists in Azure and in the cluster, one line an object. */
export interface Inventory {
  azure: string[];
  cluster: string[];
}

/**
 * Kinds that say nothing about what a stack leaves behind: records of what happened, and objects that
 * a controller derives from others and removes with them.
 */
const unremarkable = new Set([
  "events",
  "events.events.k8s.io",
  "leases.coordination.k8s.io",
  "endpoints",
  "endpointslices.discovery.k8s.io",
  "componentstatuses",
]);

/** What the controller manager puts into every namespace, and an account for each of its own controllers. */
const furnishings =
  /^(ServiceAccount \S+ \S+ <none>|ConfigMap \S+ kube-root-ca\.crt kube-controller-manager)$/;

/** Lists everything in Azure and in the cluster. */
export async function takeInventory(running: Running, kubectl: string): Promise<Inventory> {
  const [azure, cluster] = await Promise.all([azureResources(running), clusterInventory(running, kubectl)]);
  return { azure, cluster };
}

/** What `after` has that `before` had not. */
export function leftovers(before: Inventory, after: Inventory): Inventory {
  const added = (then: string[], now: string[]) => now.filter((line) => !then.includes(line));
  return { azure: added(before.azure, after.azure), cluster: added(before.cluster, after.cluster) };
}

async function clusterInventory(running: Running, kubectl: string): Promise<string[]> {
  const run = async (...args: string[]) => {
    const done = await execa(kubectl, [`--kubeconfig=${running.environment.kubeconfig}`, ...args], {
      reject: false,
    });
    if (done.exitCode !== 0) {
      throw new RehearsalError(`kubectl ${args[0]} failed: ${done.stderr || done.shortMessage}`);
    }
    return done.stdout.split("\n").filter(Boolean);
  };
  const kinds = (await run("api-resources", "--verbs=list,delete", "--output=name")).filter(
    (kind) => !unremarkable.has(kind),
  );
  const columns = "K:.kind,NS:.metadata.namespace,N:.metadata.name,M:.metadata.managedFields[0].manager";
  const options = ["--all-namespaces", "--no-headers", "--ignore-not-found", "--show-managed-fields"];
  return (await run("get", kinds.join(","), ...options, "-o", `custom-columns=${columns}`))
    .map((line) => line.split(/\s+/).join(" "))
    .filter((line) => !furnishings.test(line))
    .map((line) => line.split(" ").slice(0, 3).join(" "))
    .sort();
}
