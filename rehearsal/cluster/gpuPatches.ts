import type { V1Node } from "@kubernetes/client-node";

/** The resource that a device plugin offers. */
const resource = "nvidia.com/gpu";

/** Where node-feature-discovery's master notes which labels of a node are its own. */
const ownLabels = "nfd.node.kubernetes.io/feature-labels";
/** The namespace that it leaves out there. */
const ownNamespace = "feature.node.kubernetes.io/";

/**
 * A kubelet's part: how a node's status has to change for it to offer this many GPUs.
 *
 * @param count undefined without a device plugin: a resource that was offered stays known, and none can be had.
 * @returns a merge patch, or undefined when nothing has to change.
 */
export function offerPatch(node: V1Node, count: number | undefined) {
  const known = node.status?.capacity?.[resource];
  const capacity = count === undefined ? known : String(count);
  const allocatable = String(count ?? 0);
  if (
    capacity === undefined ||
    (capacity === known && allocatable === node.status?.allocatable?.[resource])
  ) {
    return undefined;
  }
  return { status: { capacity: { [resource]: capacity }, allocatable: { [resource]: allocatable } } };
}

/**
 * The part of node-feature-discovery's master: how a node has to change for it to have these labels and none of
 * those that the master gave it earlier. Labels of others stay.
 *
 * @returns a merge patch, or undefined when nothing has to change.
 */
export function labelPatch(node: V1Node, wanted: Readonly<Record<string, string>>) {
  const noted = node.metadata?.annotations?.[ownLabels];
  const labels: Record<string, string | null> = {};
  for (const label of noted?.split(",") ?? []) {
    const full = label.includes("/") ? label : ownNamespace + label;
    if (wanted[full] === undefined) {
      labels[full] = null;
    }
  }
  for (const [label, value] of Object.entries(wanted)) {
    if (node.metadata?.labels?.[label] !== value) {
      labels[label] = value;
    }
  }
  if (Object.keys(labels).length === 0) {
    return undefined;
  }
  const own = Object.keys(wanted).map((label) => label.replace(ownNamespace, ""));
  const annotations = { [ownLabels]: own.length > 0 ? own.sort().join(",") : null };
  return { metadata: { labels, annotations } };
}
