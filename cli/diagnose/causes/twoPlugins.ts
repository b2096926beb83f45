import { type Cause, ref, some } from "../finding.ts";
import { devicePlugins, podsOn } from "../gpuNodes.ts";
import type { Node } from "../objects.ts";
import { podEvents } from "../podState.ts";
import { change } from "../settings.ts";
import { ON_GPUS } from "./roles.ts";

/** AKS runs a plugin of its own on nodes of a managed GPU profile, outside of Kubernetes. */
const MANAGED = "kubernetes.azure.com/dcgm-exporter";

/** Two plugins on one node register the same GPUs, and each gives away what the other has given. */
export const twoDevicePlugins: Cause = {
  id: "two-device-plugins",
  roles: ON_GPUS,
  warns: true,
  judge(cluster, subject) {
    const { nodes = [], role } = subject;
    const plugins = (devicePlugins(cluster) ?? []).filter((plugin) =>
      nodes.some((node) => podsOn(cluster, plugin, node).length > 0),
    );
    const isManaged = ({ metadata }: Node) => metadata.labels?.[MANAGED] === "enabled";
    const pluginsOf = (node: Node) =>
      plugins.filter((plugin) => podsOn(cluster, plugin, node).length > 0).length + (isManaged(node) ? 1 : 0);
    const doubled = nodes.filter((node) => pluginsOf(node) > 1);
    if (doubled.length === 0) return undefined;
    const managed = doubled.filter(isManaged);
    const refused = podEvents(cluster, subject, /UnexpectedAdmissionError/);
    return {
      summary:
        "More than one NVIDIA device plugin runs on the same node, and each gives away what the other has given.",
      likelihood: refused.length > 0 ? 0.9 : role === "gpu-nodes" ? 0.7 : 0.35,
      evidence: [
        ...plugins.map((plugin) => ({
          object: ref("daemonset", plugin),
          field: "image",
          value: plugin.spec?.template?.spec?.containers[0]?.image ?? "",
        })),
        ...managed.slice(0, 1).map((node) => ({
          object: ref("node", node),
          field: `label ${MANAGED}`,
          value: "enabled: AKS runs a plugin itself",
        })),
        { object: "nodes with both", value: some(doubled.map(({ metadata }) => metadata.name)) },
        ...refused
          .slice(0, 1)
          .map(({ message = "" }) => ({ object: "pods", field: "event", value: message })),
      ],
      next: [
        change(
          "Keep one. Where AKS or the GPU operator has one, KAITO's is left out by mcpaas:kaito.devicePlugin",
          "mcpaas:kaito.devicePlugin",
          "none",
        ),
      ],
    };
  },
};
