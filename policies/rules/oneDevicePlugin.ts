import { agentPools } from "../lib/azure.ts";
import { kindOf } from "../lib/objects.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Where the kubelet listens for device plugins. Source: Kubernetes' documentation of device plugins. */
const SOCKETS = "/var/lib/kubelet/device-plugins";

/** One NVIDIA device plugin tells the kubelet of GPUs. */
export const oneDevicePlugin = stackRule<object>({
  name: "one-device-plugin",
  displayName: "One NVIDIA device plugin",
  severity: "high",
  demands: "A stack has at most one NVIDIA device plugin for the nodes of a cluster.",
  why:
    "Two on one node register the same GPUs, and each gives away what the other has given: pods are refused with " +
    "UnexpectedAdmissionError, or share a GPU that each believes its own.",
  fix:
    "Keep one: KAITO's chart brings one (nvidiaDevicePlugin.enabled: false leaves it out), so do NVIDIA's GPU " +
    "operator and a node pool whose GPUs AKS manages.",
  config: {},
  check(resources, _config, found) {
    const plugins = resources.filter((each) => isPlugin(each, found));
    if (plugins.length < 2) return;
    // Each of them: the engine names a stack's resources in no particular order.
    for (const each of plugins) {
      const others = plugins.filter((other) => other !== each).map(({ name }) => name);
      found.violation(
        `${each.name} is one of several NVIDIA device plugins, besides ${others.sort().join(", ")}: ${bringerOf(each)}.`,
        each,
      );
    }
  },
});

function isPlugin(each: StackResource, found: StackFindings): boolean {
  const kind = kindOf(each.type);
  if (kind === "nvidia.com/ClusterPolicy") {
    return dig(each.props, "spec", "devicePlugin", "enabled") !== false;
  }
  if (kind === "apps/DaemonSet") return mountsSockets(each, found);
  // AKS itself then runs the plugin, outside of Kubernetes.
  return agentPools(each.type, each.props).pools.some(
    ({ fields }) => dig(fields, "gpuProfile", "nvidia", "managementMode") === "Managed",
  );
}

function mountsSockets(each: StackResource, found: StackFindings): boolean {
  const spec = dig(each.props, "spec", "template", "spec");
  if (spec instanceof Unknown) found.unknown(spec, each);
  const volumes = dig(spec, "volumes");
  if (volumes instanceof Unknown) found.unknown(volumes, each);
  if (!Array.isArray(volumes)) return false;
  const mounts = volumes.some((volume) => {
    const path = dig(volume, "hostPath", "path");
    return typeof path === "string" && path.replace(/\/+$/, "") === SOCKETS;
  });
  // Other makers' plugins, and those of network cards, are of no concern here.
  return (
    mounts &&
    /nvidia/i.test(JSON.stringify([dig(spec, "containers"), each.name, dig(each.props, "metadata", "name")]))
  );
}

function bringerOf({ type }: StackResource): string {
  const kind = kindOf(type);
  if (kind === "nvidia.com/ClusterPolicy") return "the GPU operator's ClusterPolicy brings it";
  return kind === "apps/DaemonSet" ? `a DaemonSet that mounts ${SOCKETS}` : "AKS manages the pool's GPUs";
}
