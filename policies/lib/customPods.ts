import { type Pod, podOf } from "./containers.ts";
import { isRecord, join, Unknown } from "./unknown.ts";

/** Keys under which custom resources keep a pod, or what holds one; what hides such a one may hide a pod. */
const holders = /^(spec|template|podSpec|podTemplate|podTemplateSpec|pod|containers)$/;

/**
 * The pods of a resource whose kind nobody told us of: whatever has a list of `containers` is taken for a pod's spec,
 * as in KAITO's Workspace and InferenceSet (`inference.template`), Argo's Rollout, or JobSet.
 */
export function customPods(kind: string, props: unknown): Pod[] {
  const placedBy = kaito.test(kind) ? "KAITO" : undefined;
  return find(kind, props, "").map((pod) => ({ ...pod, placedBy }));
}

/**
 * KAITO adds the GPU pool's tolerations to a template, and puts the nodes of the Workspace in place of its affinity.
 * Source: GenerateManifestWithPodTemplate and defaultTolerations, pkg/workspace, github.com/kaito-project/kaito v0.12.
 */
const kaito = /^(Workspace|InferenceSet|MultiRoleInference)$/;

function find(kind: string, value: unknown, path: string): Pod[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => find(kind, item, join(path, i)));
  if (!isRecord(value)) return [];
  const { containers } = value;
  const named = (list: unknown[]) =>
    list.some((item) => isRecord(item) && ("image" in item || "name" in item));
  if (
    Array.isArray(containers) &&
    (named(containers) || containers.some((item) => item instanceof Unknown))
  ) {
    return [podOf(kind, value, path)];
  }
  return Object.entries(value).flatMap(([key, below]) => {
    // Every resource has these, and no pod in them.
    if (path === "" && (key === "metadata" || key === "status")) return [];
    const at = join(path, key);
    if (below instanceof Unknown) return holders.test(key) ? [podOf(kind, below, at)] : [];
    return find(kind, below, at);
  });
}
