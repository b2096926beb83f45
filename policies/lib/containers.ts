import { dig, isRecord, join, Unknown } from "./unknown.ts";

/** What a container is in its pod. A "sidecar" is an init container that stays (restartPolicy "Always"). */
export type Role = "main" | "init" | "sidecar" | "ephemeral";

/** One container of a pod, whatever runs it. */
export interface Container {
  role: Role;
  /** For people, for example `init container "copy"`. */
  label: string;
  /** Where it stands in the resource. */
  path: string;
  /** The fields of a Kubernetes container. */
  fields: Record<string, unknown>;
  /** Whether a controller fills in a pinned image where `image` is not set. */
  imageDefaulted?: boolean;
}

/** One pod, or pod template, that a resource holds. */
export interface Pod {
  /** The resource's kind, for example `Deployment`. */
  kind: string;
  /** Where it stands in the resource. */
  path: string;
  /** The fields of a Kubernetes pod spec; the `Unknown` that hides them. */
  spec: unknown;
  /** Where a field of `spec` stands that isn't at `path`, by its name: custom resources have names of their own. */
  elsewhere?: Record<string, string>;
  /** Whether this is a patch, which sets only a part: what it leaves out may be set already. */
  partial: boolean;
  /** Whether a controller makes the pod of a custom resource, whose schema may drop fields that pods have. */
  custom?: boolean;
  /** The controller that chooses the pod's nodes, whatever the pod says. */
  placedBy?: string;
  containers: Container[];
  /** What hides containers, or the whole pod. */
  hidden: Unknown[];
}

const roles = {
  containers: ["main", "container"],
  initContainers: ["init", "init container"],
  ephemeralContainers: ["ephemeral", "ephemeral container"],
} as const;

/** The pod that stands at `path`: all its containers, and what hides some. */
export function podOf(kind: string, spec: unknown, path: string, partial = false): Pod {
  const pod: Pod = { kind, path, spec, partial, containers: [], hidden: [] };
  if (spec instanceof Unknown) pod.hidden.push(spec);
  for (const [key, [role, word]] of Object.entries(roles)) {
    addContainers(pod, spec instanceof Unknown ? undefined : dig(spec, key), join(path, key), role, word);
  }
  return pod;
}

/** Adds a list of containers to `pod`; what of it is unknown goes to `pod.hidden`. */
export function addContainers(pod: Pod, list: unknown, path: string, role: Role, word: string): void {
  if (list instanceof Unknown) pod.hidden.push(list);
  if (!Array.isArray(list)) return;
  list.forEach((fields, i) => {
    const at = join(path, i);
    if (fields instanceof Unknown) pod.hidden.push(fields);
    if (!isRecord(fields)) return;
    const { name } = fields;
    const label = typeof name === "string" ? `${word} "${name}"` : `${word} ${i}`;
    const stays = role === "init" && dig(fields, "restartPolicy") === "Always";
    pod.containers.push({ role: stays ? "sidecar" : role, label, path: at, fields });
  });
}

/** Where a field of the pod's spec stands in the resource. */
export function podPath(pod: Pod, field: string): string {
  return pod.elsewhere?.[field] ?? join(pod.path, field);
}
