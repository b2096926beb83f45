import type { Container, Pod } from "../lib/containers.ts";
import { containerRule } from "../lib/podRule.ts";
import type { Findings } from "../lib/rule.ts";
import { parseTaint, selects, tolerates } from "../lib/scheduling.ts";
import { dig, isRecord, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `gpu-placement`. */
export interface GpuPlacementConfig {
  /** The taint of the GPU pool, as kubectl writes it. @default "sku=gpu:NoSchedule" */
  taint: string;
  /** Node labels, `key` or `key=value`, of which any one selects the GPU pool. */
  nodeLabels: string[];
}

/** GPUs are asked for in whole numbers, and by pods that can run on the GPU pool and only there. */
export const gpuPlacement = containerRule<GpuPlacementConfig>({
  name: "gpu-placement",
  displayName: "GPU pods run on the GPU pool",
  severity: "high",
  demands:
    "GPUs are requested in whole numbers, equal to their limit, by pods that tolerate the GPU pool's taint and " +
    "select the pool.",
  why: "Anything else is refused late, waits for ever, or starts the wrong expensive node.",
  fix:
    "Set resources.limits for the GPU to a whole number (requests equal or left out), tolerate the GPU pool's " +
    "taint, and name the pool by nodeSelector or required node affinity.",
  config: {
    taint: {
      type: "string",
      pattern: "^[^=:]+=[^=:]*:(NoSchedule|NoExecute|PreferNoSchedule)$",
      default: "sku=gpu:NoSchedule",
      description: "The GPU pool's taint, as key=value:Effect.",
    },
    nodeLabels: {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      default: ["mcpaas.dev/pool=gpu", "kubernetes.azure.com/accelerator=nvidia", "accelerator=nvidia"],
      description: "Node labels (key, or key=value) of which any one selects the GPU pool.",
    },
  },
  checkContainer(container, pod, config, found) {
    const resources = gpusOf(container, found);
    for (const resource of resources) checkAmount(container, resource, found);
    if (resources.length > 0) checkPlace(container, pod, config, found);
  },
});

/** The GPU resources that a container asks for; where it can't be seen whether it does, that is reported. */
function gpusOf({ fields }: Container, found: Findings): string[] {
  const names = new Set<string>();
  for (const side of [dig(fields, "resources", "requests"), dig(fields, "resources", "limits")]) {
    if (side instanceof Unknown) found.unknown(side);
    if (!isRecord(side)) continue;
    for (const [name, amount] of Object.entries(side)) {
      if (/^nvidia\.com\/(gpu|mig-.+)$/.test(name) && String(amount) !== "0") names.add(name);
    }
  }
  return [...names];
}

function checkAmount({ label, path, fields }: Container, resource: string, found: Findings): void {
  const request = dig(fields, "resources", "requests", resource);
  const limit = dig(fields, "resources", "limits", resource);
  const at = join(`${path}.resources.limits`, resource);
  for (const value of [request, limit]) {
    if (value instanceof Unknown) found.unknown(value);
    else if (value !== undefined && !/^\d+$/.test(String(value))) {
      found.violation(`${label} asks for ${value} of ${resource}; GPUs come in whole numbers (${at}).`);
    }
  }
  if (request === undefined || request instanceof Unknown || limit instanceof Unknown) return;
  if (String(request) !== String(limit)) {
    found.violation(
      `${label} requests ${request} of ${resource} but limits it to ${limit ?? "nothing"}; Kubernetes ` +
        `takes GPUs only with both equal (${at}).`,
    );
  }
}

function checkPlace({ label }: Container, pod: Pod, config: GpuPlacementConfig, found: Findings): void {
  if (pod.placedBy !== undefined) return;
  const tolerated = tolerates(pod.spec, parseTaint(config.taint));
  if (tolerated instanceof Unknown) found.unknown(tolerated);
  else if (!tolerated) {
    found.violation(`${label} asks for a GPU, but its pod does not tolerate ${config.taint} (${pod.path}).`);
  }
  const selected = selects(pod.spec, config.nodeLabels);
  if (selected instanceof Unknown) found.unknown(selected);
  else if (!selected) {
    const labels = config.nodeLabels.join(" or ");
    found.violation(`${label} asks for a GPU, but its pod does not select nodes by ${labels} (${pod.path}).`);
  }
}
