import { podPath } from "../lib/containers.ts";
import { podRule } from "../lib/podRule.ts";
import { dig, isHidden, isRecord, join, Unknown } from "../lib/unknown.ts";

/** Pods can't fill their node's disk. */
export const ephemeralStorage = podRule<object>({
  name: "ephemeral-storage",
  displayName: "Pods can't fill their node's disk",
  severity: "medium",
  // Advisory: the node evicts the pods that write most, so the harm is bounded, though it meets others first.
  level: "advisory",
  demands:
    "Each emptyDir has a sizeLimit, or each container of the pod a limit on ephemeral-storage; so has each container " +
    "that can write to its image's files.",
  why:
    "A model's cache or a log that grows fills the node's disk, and the kubelet then evicts pods and takes no new ones. " +
    "GPU nodes are few, and take long to replace.",
  fix:
    "Set sizeLimit on the emptyDir. Set resources.limits.ephemeral-storage on the container, or " +
    "readOnlyRootFilesystem: true.",
  config: {},
  checkPod(pod, _config, found) {
    const containers = pod.containers.filter(({ role }) => role !== "ephemeral");
    const limits = containers.map((each) => dig(each.fields, "resources", "limits", "ephemeral-storage"));
    const volumes = dig(pod.spec, "volumes");
    isHidden(volumes, found);
    if (Array.isArray(volumes) && limits.some((limit) => limit === undefined)) {
      volumes.forEach((volume, i) => {
        const emptyDir = volume instanceof Unknown ? volume : dig(volume, "emptyDir");
        const [medium, size] = [dig(emptyDir, "medium"), dig(emptyDir, "sizeLimit")];
        if (isHidden(emptyDir, found)) return;
        // What is in memory counts as the containers' memory.
        if (emptyDir === undefined || medium === "Memory" || size !== undefined) return;
        const name = isRecord(volume) ? volume["name"] : i;
        found.violation(
          `The emptyDir "${name}" has no sizeLimit (${join(podPath(pod, "volumes"), i)}.emptyDir).`,
        );
      });
    }
    containers.forEach(({ label, path, fields }, i) => {
      const readOnly = dig(fields, "securityContext", "readOnlyRootFilesystem");
      if (readOnly === true || limits[i] !== undefined || pod.partial) return;
      if (isHidden(readOnly, found)) return;
      found.violation(
        `${label} can write to its image's files without a limit (${path}.resources.limits.ephemeral-storage is not set).`,
      );
    });
  },
});
