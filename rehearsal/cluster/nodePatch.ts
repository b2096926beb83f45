import type { V1Node, V1Taint } from "@kubernetes/client-node";

/** Where a node remembers which of its labels and taints its pool gave it. */
const annotation = "rehearsal.mcpaas.dev/of-pool";

/** What a pool gave a node, by name; whatever else a node has is somebody else's. */
interface OfPool {
  labels: string[];
  taints: string[];
}

/** A JSON merge patch of a node. */
export interface NodePatch {
  metadata: {
    /** Of the node that was looked at: a patch of an older one is refused. */
    resourceVersion: string | undefined;
    annotations: Record<string, string>;
    labels: Record<string, string | null>;
  };
  spec: { taints: V1Taint[] };
}

/** The annotation of a node with these labels and taints of its pool. */
export function ofPool(
  labels: Readonly<Record<string, string>>,
  taints: readonly V1Taint[],
): Record<string, string> {
  const own: OfPool = { labels: Object.keys(labels).sort(), taints: taints.map(taintId).sort() };
  return { [annotation]: JSON.stringify(own) };
}

/**
 * What has to change at a node for it to have the labels and taints that its pool has now. Labels and taints that
 * the pool had earlier go; those that others put there stay.
 *
 * @returns undefined when nothing has to change.
 */
export function nodePatch(current: V1Node, wanted: V1Node): NodePatch | undefined {
  const earlier: OfPool = JSON.parse(
    current.metadata?.annotations?.[annotation] ?? '{"labels":[],"taints":[]}',
  );
  const has = current.metadata?.labels ?? {};
  const labels: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(wanted.metadata?.labels ?? {})) {
    if (has[name] !== value) {
      labels[name] = value;
    }
  }
  for (const name of earlier.labels) {
    if (name in has && wanted.metadata?.labels?.[name] === undefined) {
      labels[name] = null;
    }
  }
  const now = current.spec?.taints ?? [];
  const taints = mergedTaints(now, earlier.taints, wanted.spec?.taints ?? []);
  const annotations = { [annotation]: wanted.metadata?.annotations?.[annotation] ?? "" };
  const same =
    Object.keys(labels).length === 0 &&
    sameTaints(now, taints) &&
    current.metadata?.annotations?.[annotation] === annotations[annotation];
  return same
    ? undefined
    : {
        metadata: { resourceVersion: current.metadata?.resourceVersion, annotations, labels },
        spec: { taints },
      };
}

function mergedTaints(now: readonly V1Taint[], earlier: readonly string[], wanted: readonly V1Taint[]) {
  const own = new Set([...earlier, ...wanted.map(taintId)]);
  return [...now.filter((taint) => !own.has(taintId(taint))), ...wanted];
}

function sameTaints(one: readonly V1Taint[], other: readonly V1Taint[]): boolean {
  const texts = (taints: readonly V1Taint[]) =>
    taints.map((taint) => `${taintId(taint)}=${taint.value ?? ""}`).sort();
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other));
}

/** Kubernetes allows one taint of a key and effect. */
function taintId({ key, effect }: V1Taint): string {
  return `${key}:${effect}`;
}
