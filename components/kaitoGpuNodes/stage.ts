/** A node, as far as it matters here. Source: Node of Kubernetes. */
export interface NodeObject {
  metadata: { name: string; labels?: Record<string, string> };
  status?: {
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    allocatable?: Record<string, string>;
  };
}

/** What stands between a node and KAITO, in the order in which it goes away. */
export type Obstacle = "not-ready" | "no-pci-label" | "no-gpu-labels" | "no-gpu";

/** Where all the nodes are: usable, or at the first obstacle of those that hold them up. */
export type NodesStage = "no-node" | Obstacle | "usable";

/** What is seen of the nodes. */
export interface Sight {
  stage: NodesStage;
  /** In words, to follow "nodes with these labels: ". */
  words: string;
}

/** What KAITO's webhook reads of a node. Source: GetGPUConfigFromNodeLabels in pkg/sku/helpers.go, v0.11.0. */
const GPU_LABELS = ["nvidia.com/gpu.product", "nvidia.com/gpu.count", "nvidia.com/gpu.memory"];

const GPU = "nvidia.com/gpu";

/**
 * NVIDIA's vendor id among the PCI devices that node-feature-discovery found, with the device's class or without, or
 * somebody's word: GPU feature discovery runs where it is. Source: affinity in values.yaml of its chart 0.17.4.
 */
const DEVICE_LABEL = /^(feature\.node\.kubernetes\.io\/pci-(\d+_)?10de|nvidia\.com\/gpu)\.present$/;

const ORDER: readonly NodesStage[] = ["no-node", "not-ready", "no-pci-label", "no-gpu-labels", "no-gpu"];

/** How many nodes are named: messages stay readable with a hundred of them. */
const NAMED = 5;

/**
 * Decides whether KAITO can use the nodes. It needs `minCount` that are ready and offer GPUs, but labels on all of
 * them: its webhook looks at every node that matches, ready or not.
 */
export function nodesStage(nodes: readonly NodeObject[], minCount: number): Sight {
  const found = nodes.map((node) => ({ name: node.metadata.name, ...obstacleOf(node) }));
  const usable = found.filter(({ obstacle }) => obstacle === undefined).length;
  const held = found.filter(({ labelled, obstacle }) => !labelled || (usable < minCount && obstacle));
  if (usable >= minCount && held.length === 0) {
    return { stage: "usable", words: `${usable} can be used` };
  }
  const stages: NodesStage[] = held.flatMap(({ obstacle }) => obstacle ?? []);
  if (nodes.length < minCount) stages.push("no-node");
  const named = held.slice(0, NAMED).map(({ name, words }) => `${name} ${words}`);
  if (held.length > NAMED) named.push(`and ${held.length - NAMED} more`);
  const counted = `${usable} of ${minCount} can be used`;
  return {
    stage: ORDER.find((stage) => stages.includes(stage)) ?? "no-node",
    words: [nodes.length < minCount ? `${counted}, ${nodes.length} of them there` : counted, ...named].join(
      "; ",
    ),
  };
}

/** What holds a node up first, in words that follow its name. */
function obstacleOf(node: NodeObject): { obstacle?: Obstacle; labelled: boolean; words?: string } {
  const labels = node.metadata.labels ?? {};
  const missing = GPU_LABELS.filter((label) => labels[label] === undefined);
  const labelled = missing.length === 0;
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") {
    const why = ready?.message ?? ready?.reason;
    return { obstacle: "not-ready", labelled, words: `is not ready${why ? ` (${why})` : ""}` };
  }
  if (!labelled && !Object.keys(labels).some((label) => DEVICE_LABEL.test(label))) {
    const words = "has no label of its PCI devices, which node feature discovery sets";
    return { obstacle: "no-pci-label", labelled, words };
  }
  if (!labelled) {
    const words = `has no ${missing.join(", ")}, which GPU feature discovery sets`;
    return { obstacle: "no-gpu-labels", labelled, words };
  }
  if (Number(node.status?.allocatable?.[GPU] ?? 0) === 0) {
    return { obstacle: "no-gpu", labelled, words: `offers no ${GPU}, which the device plugin does` };
  }
  return { labelled };
}

/** What to do about each stage when it lasts, before the command that is always the same. */
export const REMEDIES: Readonly<Record<Exclude<NodesStage, "usable">, string>> = {
  "no-node":
    "The pool has too few nodes: look at its minCount, and whether Azure has capacity and quota for its VM size " +
    "(az aks nodepool list)",
  "not-ready": "A node doesn't come up; see its conditions with: kubectl describe nodes",
  "no-pci-label":
    "Node feature discovery looks for GPUs on the PCI bus, and KAITO's chart brings it; see whether its pods run with: " +
    "kubectl get pods -A -o wide | grep node-feature-discovery",
  "no-gpu-labels":
    "GPU feature discovery starts where an NVIDIA device was found, and KAITO's chart brings it; see whether its pods " +
    "run with: kubectl get pods -A -o wide | grep gpu-feature-discovery",
  "no-gpu":
    "The device plugin offers GPUs once the driver is there; see whether its pods run with: " +
    "kubectl get pods -A -o wide | grep nvidia-device-plugin",
};
