import type { PropertyRule } from "../validate.ts";

function all(names: readonly string[], rule: Omit<PropertyRule, "path">): PropertyRule[] {
  return names.map((name) => ({ path: `properties.autoScalerProfile.${name}`, ...rule }));
}

/**
 * The limits of a cluster autoscaler's profile, of which the SDK's model has the types: nearly everything is text.
 * Source: the descriptions of ManagedClusterPropertiesAutoScalerProfile in the REST specifications.
 */
export const autoScalerRules: readonly PropertyRule[] = [
  ...all(["expander"], { oneOf: ["least-waste", "most-pods", "priority", "random"] }),
  ...all(["balance-similar-node-groups", "skip-nodes-with-local-storage", "skip-nodes-with-system-pods"], {
    oneOf: ["true", "false"],
  }),
  ...all(["max-empty-bulk-delete"], { pattern: /^[1-9]\d*$/ }),
  ...all(["max-graceful-termination-sec", "ok-total-unready-count"], { pattern: /^\d+$/ }),
  ...all(["max-total-unready-percentage"], { pattern: /^(\d|[1-9]\d|100)$/ }),
  ...all(
    [
      ...["max-node-provision-time", "scale-down-delay-after-add", "scale-down-delay-after-failure"],
      ...["scale-down-unneeded-time", "scale-down-unready-time"],
    ],
    { pattern: /^\d+m$/ },
  ),
  // Their defaults are in seconds, though one description says minutes only.
  ...all(["new-pod-scale-up-delay", "scale-down-delay-after-delete"], { pattern: /^\d+[smh]$/ }),
  ...all(["scan-interval"], { pattern: /^\d+s?$/ }),
  ...all(["scale-down-utilization-threshold"], { pattern: /^(0(\.\d+)?|1(\.0+)?)$/ }),
];
