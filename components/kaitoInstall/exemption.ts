import type { PodSecurityExemption } from "../restrictedNamespace.ts";
import { InputPropertyError } from "../validation.ts";

/**
 * What the pods that KAITO's chart puts on nodes need. Source: the volumes and security contexts of the DaemonSets of
 * the chart `workspace` 0.11.0 and of gpu-feature-discovery 0.17.4, which is packed into it.
 */
export const KAITO_NODE_AGENTS_EXEMPTION = {
  standard: "privileged",
  reason:
    "The NVIDIA device plugin, GPU feature discovery and node feature discovery mount folders of their node, and " +
    "GPU feature discovery is a privileged container to read the GPUs' PCI configuration",
} as const satisfies PodSecurityExemption;

/** The exemption of a namespace with pods on nodes. */
export function nodeAgentsExemption(
  exemption: PodSecurityExemption | "none" = KAITO_NODE_AGENTS_EXEMPTION,
): PodSecurityExemption {
  if (exemption === "none" || exemption.standard !== "privileged") {
    throw new InputPropertyError(
      "podSecurityExemption",
      'must have the standard "privileged" while KAITO brings what mounts folders of nodes; or set devicePlugin, ' +
        'gpuFeatureDiscovery and nodeFeatureDiscovery to "none", where something else provides them',
    );
  }
  return exemption;
}
