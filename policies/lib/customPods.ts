import { addContainers, type Pod, podOf } from "./containers.ts";
import { dig, isRecord, join, Unknown } from "./unknown.ts";

/** Keys under which custom resources keep a pod, or what holds one; what hides such a one may hide a pod. */
const holders = new RegExp(
  `^(${[
    "spec|template|templates|podSpec|podTemplate|podTemplateSpec|pod|jobTemplate|workflowSpec",
    "containers|initContainers|ephemeralContainers",
    // KAITO; JobSet and LeaderWorkerSet; Ray; Spark; KServe; Kubeflow's jobs.
    "inference|tuning|replicatedJobs|leaderTemplate|workerTemplate|headGroupSpec|workerGroupSpecs|rayClusterSpec",
    "driver|executor|predictor|transformer|explainer|\\w*[rR]eplicaSpecs",
  ].join("|")})$`,
);

/** Lists that make a pod's spec of what has them. */
const LISTS = ["containers", "initContainers", "ephemeralContainers"];
/** Argo's templates name their one container so. */
const SINGLE = ["container", "script"];

/** What Argo's templates take from the spec of their workflow, where they don't say it themselves. */
const SHARED = [
  ...["hostNetwork", "securityContext", "serviceAccountName", "automountServiceAccountToken"],
  ...["nodeSelector", "affinity", "tolerations", "volumes"],
];

/** A resource on whose properties the search is, and how it counts. */
interface Search {
  kind: string;
  partial: boolean;
}

/**
 * The pods of a resource whose kind nobody told us of: whatever has a list of containers is taken for a pod's spec,
 * as in KAITO's Workspace and InferenceSet (`inference.template`), Argo's Rollout, or JobSet; so is a template with a
 * `container` or a `script`, as in Argo's Workflow.
 */
export function customPods(kind: string, props: unknown, partial = false): Pod[] {
  const placedBy = kaito.test(kind) ? "KAITO" : undefined;
  return find({ kind, partial }, props, "", "").map((pod) => ({ ...pod, placedBy, custom: true }));
}

/**
 * KAITO adds the GPU pool's tolerations to a template, and puts the nodes of the Workspace in place of its affinity.
 * Source: GenerateManifestWithPodTemplate and defaultTolerations, pkg/workspace, github.com/kaito-project/kaito v0.12.
 */
const kaito = /^(Workspace|InferenceSet|MultiRoleInference)$/;

/** The pods in a value, which stands at `path` under a property's name, its own or its list's. */
function find(search: Search, value: unknown, path: string, key: string): Pod[] {
  if (value instanceof Unknown) {
    return holders.test(key) ? [podOf(search.kind, value, path, search.partial)] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => find(search, item, join(path, i), key));
  if (!isRecord(value)) return [];
  if (LISTS.some((list) => holdsContainers(value[list]))) {
    return [withSingle(podOf(search.kind, value, path, search.partial))];
  }
  if (SINGLE.some((single) => isContainer(value[single], path))) {
    return [withSingle(podOf(search.kind, value, path, search.partial))];
  }
  return Object.entries(value).flatMap(([name, below]) => {
    // Every resource has these, and no pod in them.
    if (path === "" && (name === "metadata" || name === "status")) return [];
    const pods = find(search, below, join(path, name), name);
    return name === "templates" ? pods.flatMap((pod) => withShared(pod, value, path)) : pods;
  });
}

function holdsContainers(list: unknown): boolean {
  if (!Array.isArray(list)) return false;
  return list.some(
    (item) => item instanceof Unknown || (isRecord(item) && ("image" in item || "name" in item)),
  );
}

/** Whether a `container` or `script` is one: other kinds call other things so. */
function isContainer(value: unknown, path: string): boolean {
  if (value instanceof Unknown) return /(^|\.)templates\[\d+\]$/.test(path);
  const image = isRecord(value) ? value["image"] : undefined;
  return typeof image === "string" || image instanceof Unknown;
}

/** The pod with the one container that stands by itself, and Argo's `sidecars`, which run beside it. */
function withSingle(pod: Pod): Pod {
  for (const key of SINGLE) {
    const fields = dig(pod.spec, key);
    const path = join(pod.path, key);
    if (fields instanceof Unknown) pod.hidden.push(fields);
    else if (isRecord(fields) && isContainer(fields, pod.path)) {
      pod.containers.push({ role: "main", label: key, path, fields });
    }
  }
  addContainers(pod, dig(pod.spec, "sidecars"), join(pod.path, "sidecars"), "main", "sidecar");
  return pod;
}

/**
 * The pod with what it takes from its workflow. One that has volumes of its own and of the workflow's comes twice, once
 * with each, so that every volume is named where it stands.
 */
function withShared(pod: Pod, workflow: Record<string, unknown>, path: string): Pod[] {
  const { spec } = pod;
  if (!isRecord(spec)) return [pod];
  const shared = SHARED.filter((field) => spec[field] === undefined && workflow[field] !== undefined);
  const taking = (fields: readonly string[]): Pod => ({
    ...pod,
    spec: { ...spec, ...Object.fromEntries(fields.map((field) => [field, workflow[field]])) },
    elsewhere: Object.fromEntries(fields.map((field) => [field, join(path, field)])),
  });
  if (spec["volumes"] === undefined || workflow["volumes"] === undefined) return [taking(shared)];
  return [taking(shared), taking([...shared, "volumes"])];
}
