import type { Cluster } from "../cluster.ts";
import { type Cause, counted, describe, type Evidence, ref, type Step, some } from "../finding.ts";
import { devicePlugins, gpuCount, podsOn } from "../gpuNodes.ts";
import { fitsLabels, GPU, isPodReady, isReady, taintText, untoleratedByDaemon } from "../matching.ts";
import type { Node, Workload } from "../objects.ts";
import { change, poolSetting } from "../settings.ts";
import type { Subject } from "../subject.ts";
import { ON_GPUS } from "./roles.ts";

/** Nodes are there, and offer no GPU. */
export const noGpuOnNode: Cause = {
  id: "no-gpu-on-node",
  roles: ON_GPUS,
  explains: ["unschedulable", "gpus-taken", "replica-not-ready"],
  judge(cluster, subject) {
    const { nodes = [], needsGpu, role } = subject;
    const ready = nodes.filter(isReady);
    const without = ready.filter(({ status }) => gpuCount(status?.allocatable) === 0);
    const [first] = without;
    if (!needsGpu || first === undefined || (role !== "gpu-nodes" && without.length < ready.length))
      return undefined;
    const why = whyNoGpu(cluster, subject, first);
    return {
      summary: `${counted(without.length, "node")} (${some(without.map(({ metadata }) => metadata.name))}) ${without.length === 1 ? "offers" : "offer"} no ${GPU}: ${why.words}.`,
      likelihood: 0.92,
      evidence: [
        ...without.slice(0, 3).map((node) => ({
          object: ref("node", node),
          field: `status.allocatable["${GPU}"]`,
          value: `${node.status?.allocatable?.[GPU] ?? "missing"}, capacity ${node.status?.capacity?.[GPU] ?? "missing"}`,
        })),
        ...why.evidence,
      ],
      next: why.next,
    };
  },
};

interface Why {
  words: string;
  evidence: Evidence[];
  next: Step[];
}

function whyNoGpu(cluster: Cluster, subject: Subject, node: Node): Why {
  const plugins = devicePlugins(cluster);
  if (plugins === undefined)
    return {
      words: "why can't be said without DaemonSets to look at",
      evidence: [],
      next: [{ text: "", command: describe("node", node) }],
    };
  const [plugin] = plugins;
  if (plugin === undefined) {
    return {
      words: "no NVIDIA device plugin is installed",
      evidence: [{ object: "daemonsets", value: "none mounts /var/lib/kubelet/device-plugins for NVIDIA" }],
      next: [
        change(
          "KAITO brings one unless the setting mcpaas:kaito.devicePlugin is none",
          "mcpaas:kaito.devicePlugin",
          "kaito",
        ),
      ],
    };
  }
  const pods = plugins.flatMap((each) => podsOn(cluster, each, node));
  const [pod] = pods;
  if (pod === undefined) return notScheduled(plugin, node);
  const running = pods.find(isPodReady);
  if (running === undefined) {
    return {
      words: `its device plugin isn't running`,
      evidence: [{ object: ref("pod", pod), field: "status.phase", value: pod.status?.phase ?? "" }],
      next: [{ text: "See why", command: describe("pod", pod) }],
    };
  }
  // Only now: a kubelet keeps the capacity for minutes after the plugin has gone.
  if (gpuCount(node.status?.capacity) > 0) {
    return {
      words: "the device plugin counts its GPUs as broken",
      evidence: [],
      next: [{ text: "See what the node says of its GPUs (Xid errors)", command: describe("node", node) }],
    };
  }
  const line = cluster
    .logs(running)
    .flatMap(({ lines }) => lines)
    .findLast((each) => /nvml|driver|no devices found|libnvidia/i.test(each));
  return {
    words: "its device plugin runs and finds none, so the GPU driver is not installed, or not yet",
    evidence: line
      ? [{ object: ref("pod", running), field: "log", value: line.trim() }]
      : [{ object: ref("pod", running), field: "condition Ready", value: "True" }],
    next: [
      {
        text: "See what it found",
        command: `kubectl -n ${running.metadata.namespace} logs ${running.metadata.name}`,
      },
      change(
        'AKS installs the driver unless the pool\'s setting driver is "None"; a pool is replaced when it changes',
        `${poolSetting(subject)}.driver`,
        "Install",
      ),
    ],
  };
}

function notScheduled(plugin: Workload, node: Node): Why {
  const spec = plugin.spec?.template?.spec;
  const taints = untoleratedByDaemon(spec, node).map(taintText);
  const reason =
    taints.length > 0
      ? `doesn't tolerate its taint ${taints.join(", ")}`
      : fitsLabels(spec, node)
        ? "has no pod there yet"
        : "asks for labels that it lacks";
  return {
    words: `the device plugin ${reason}`,
    evidence: [{ object: ref("daemonset", plugin), field: "pods on the node", value: "none" }],
    next: [{ text: "See where it runs", command: describe("daemonset", plugin) }],
  };
}
