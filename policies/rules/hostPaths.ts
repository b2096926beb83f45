import { type Allowance, allowanceSchema, isAllowed } from "../lib/allowances.ts";
import { podPath } from "../lib/containers.ts";
import { podRule } from "../lib/podRule.ts";
import { dig, isHidden, isRecord, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `host-paths`. */
export interface HostPathsConfig {
  /** Folders of nodes that some pods need by what they are. */
  allowed: Allowance[];
}

/** Pods mount nothing of their node's disk. Source: "HostPath Volumes" of the pod security standard "baseline". */
export const hostPaths = podRule<HostPathsConfig>({
  name: "host-paths",
  displayName: "Pods leave their node's disk alone",
  severity: "critical",
  demands: "No pod mounts a folder of its node, but those that are allowed for what the pod is.",
  why:
    "A folder of the node can hold the kubelet's credentials or the sockets by which containers are started, and what " +
    "is written there stays for the next pod.",
  fix:
    "Use a PersistentVolumeClaim, an emptyDir or a projected volume. A program whose work is the node itself, such as " +
    "a device plugin, belongs into the rule's configuration, with its reason.",
  config: {
    allowed: {
      ...allowanceSchema("a folder of the node"),
      default: [
        {
          object: "nvidia-device-plugin*",
          value: "/var/lib/kubelet/device-plugins",
          reason: "A device plugin is registered by a socket in this folder, and by nothing else.",
        },
      ],
    },
  },
  unknowns: "fail",
  checkPod(pod, { allowed }, found, { name, props }) {
    const volumes = dig(pod.spec, "volumes");
    if (isHidden(volumes, found)) return;
    if (!Array.isArray(volumes)) return;
    volumes.forEach((volume, i) => {
      if (isHidden(volume, found)) return;
      const hostPath = dig(volume, "hostPath");
      if (hostPath === undefined) return;
      const path = dig(hostPath, "path");
      const hidden = [hostPath, path].find((value) => value instanceof Unknown);
      if (isHidden(hidden, found)) return;
      const object = dig(props, "metadata", "name") ?? name;
      if (isAllowed(allowed, object, path)) return;
      const label = isRecord(volume) ? volume["name"] : i;
      const at = join(join(podPath(pod, "volumes"), i), "hostPath.path");
      found.violation(`The volume "${label}" is the node's folder ${path} (${at}).`);
    });
  },
});
