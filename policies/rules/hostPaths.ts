import { type Pod, podPath } from "../lib/containers.ts";
import { holdsPods, podsOf } from "../lib/pods.ts";
import { isAllowedProgram, NODE_PROGRAMS, type ProgramAllowance, programsSchema } from "../lib/programs.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, isHidden, isRecord, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `host-paths`. */
export interface HostPathsConfig {
  /** Folders of nodes that some programs need, by what they do. */
  allowed: ProgramAllowance[];
}

/** Where node-feature-discovery is told, by files, what others found. */
const FEATURES = "/etc/kubernetes/node-feature-discovery/features.d";
const SOURCES = "/etc/kubernetes/node-feature-discovery/source.d";

const persistentVolume = /^kubernetes:core\/v1:PersistentVolume(Patch)?$/;

/** Pods mount nothing of their node's disk. Source: "HostPath Volumes" of the pod security standard "baseline". */
export const hostPaths = rule<HostPathsConfig>({
  name: "host-paths",
  displayName: "Pods leave their node's disk alone",
  severity: "critical",
  demands:
    "No pod mounts a folder of its node, but those that its program is for, and no PersistentVolume is such a folder.",
  why:
    "A folder of the node can hold the kubelet's credentials or the sockets by which containers are started, and what " +
    "is written there stays for the next pod.",
  fix:
    "Use a PersistentVolumeClaim, an emptyDir or a projected volume. A program whose work is the node itself, such as " +
    "a device plugin, belongs into the rule's configuration, with its reason.",
  config: {
    allowed: programsSchema(
      [
        ...[NODE_PROGRAMS.devicePlugin, NODE_PROGRAMS.gpuFeatureDiscovery].map((image) => ({
          image,
          value: "/var/lib/kubelet/device-plugins",
          reason: "A device plugin is registered by a socket in this folder, and by nothing else.",
        })),
        {
          image: NODE_PROGRAMS.dcgmExporter,
          value: "/var/lib/kubelet/pod-resources",
          reason: "The kubelet's socket there is all that tells which pod has which GPU.",
        },
        ...["/", "/sys", FEATURES].map((value) => ({
          image: NODE_PROGRAMS.gpuFeatureDiscovery,
          value,
          reason: "It finds the node's driver and devices there, and leaves what it found for NFD.",
        })),
        ...["/sys", "/boot", "/etc/os-release", "/usr/lib", "/lib", SOURCES, FEATURES].map((value) => ({
          image: NODE_PROGRAMS.nodeFeatureDiscovery,
          value,
          reason: "What a node can do is read there, and nothing but that is its work.",
        })),
      ],
      "a folder of the node",
    ),
  },
  unknowns: "fail",
  applies: (type) => holdsPods(type) || persistentVolume.test(type),
  check({ type, props }, { allowed }, found) {
    if (persistentVolume.test(type)) checkVolume(props, found);
    for (const pod of podsOf(type, props)) {
      for (const hidden of pod.hidden) found.unknown(hidden);
      if (!(pod.spec instanceof Unknown)) checkPod(pod, allowed, found);
    }
  },
});

/** A claim leads any pod to it, so no program is allowed one. */
function checkVolume(props: unknown, found: Findings): void {
  const path = dig(props, "spec", "hostPath", "path");
  if (isHidden(path, found) || path === undefined) return;
  found.violation(`The volume is the node's folder ${path} (spec.hostPath.path).`);
}

function checkPod(pod: Pod, allowed: readonly ProgramAllowance[], found: Findings): void {
  const volumes = dig(pod.spec, "volumes");
  if (isHidden(volumes, found) || !Array.isArray(volumes)) return;
  for (const [i, volume] of volumes.entries()) {
    const hostPath = dig(volume, "hostPath");
    const path = dig(hostPath, "path");
    if (isHidden(volume, found) || hostPath === undefined || isHidden(path, found)) continue;
    const folder = String(path).replace(/(?<=.)\/$/, "");
    const may = pod.containers.every((container) => isAllowedProgram(allowed, container, folder));
    // What has no containers to be seen, as a patch may, is nobody's program.
    if (may && pod.containers.length > 0) continue;
    const label = isRecord(volume) ? volume["name"] : i;
    const at = `${join(podPath(pod, "volumes"), i)}.hostPath.path`;
    found.violation(`The volume "${label}" is the node's folder ${path} (${at}).`);
  }
}
