/**
 * A model on GPU nodes that a cluster already has: KAITO's controllers, and a preset that only its own namespace may
 * call. Pulumi takes the cluster of your kubeconfig; the nodes carry the label agentpool=<gpuPool>.
 */
import * as pulumi from "@pulumi/pulumi";
import { KaitoInstall, KaitoWorkspace, RestrictedNamespace } from "mcpaas";

const config = new pulumi.Config();

const kaito = new KaitoInstall("kaito", {});

const models = new RestrictedNamespace("models", {
  podSecurityExemption: { standard: "baseline", reason: "KAITO's pods run as root" },
  denyEgress: false,
  defaultMemoryLimit: "none",
  quota: { pods: "10", "requests.nvidia.com/gpu": "2" },
});

const model = new KaitoWorkspace(
  "model",
  {
    namespace: models.namespace,
    model: config.require("preset"),
    nodes: { matchLabels: { agentpool: config.require("gpuPool") } },
  },
  // Deleted before KAITO, which has to be there to let it go.
  { dependsOn: [kaito, models] },
);

export const { url, modelName } = model;
