import { isRecord, join, Unknown } from "./unknown.ts";

/** One container of a pod, whatever runs it. */
export interface Container {
  /** For people, for example `init container "copy"`. */
  label: string;
  /** Where it stands in the resource. */
  path: string;
  /** The fields of a Kubernetes container; of these, rules use `image` and `resources`. */
  fields: Record<string, unknown>;
  /** Whether a controller fills in a pinned image where `image` is not set. */
  imageDefaulted?: boolean;
}

/** One pod, or pod template, that a resource holds. */
export interface Pod {
  /** Where it stands in the resource. */
  path: string;
  /** Holds `nodeSelector`, `affinity` and `tolerations`. */
  scheduling: unknown;
  containers: Container[];
  /** What hides containers, or the whole pod. */
  hidden: Unknown[];
}

/** Adds a list of containers to `pod`; what of it is unknown goes to `pod.hidden`. */
export function addContainers(pod: Pod, list: unknown, path: string, role: string): void {
  if (list instanceof Unknown) pod.hidden.push(list);
  if (!Array.isArray(list)) return;
  list.forEach((fields, i) => {
    const at = join(path, i);
    if (fields instanceof Unknown) pod.hidden.push(fields);
    if (!isRecord(fields)) return;
    const { name } = fields;
    const label = typeof name === "string" ? `${role} "${name}"` : `${role} ${i}`;
    pod.containers.push({ label, path: at, fields });
  });
}
