import * as pulumi from "@pulumi/pulumi";
import type { KaitoImage } from "./kaito/versions.ts";
import { installByo } from "./kaitoInstall/byo.ts";
import { checkedMode, type KaitoCluster, type KaitoMode } from "./kaitoInstall/mode.ts";
import type { ContainerResources } from "./resources.ts";
import type { PodSecurityExemption } from "./restrictedNamespace.ts";

export type { KaitoImage } from "./kaito/versions.ts";
export { KAITO_NODE_AGENTS_EXEMPTION } from "./kaitoInstall/exemption.ts";
export type { KaitoCluster, KaitoMode } from "./kaitoInstall/mode.ts";

/** Arguments of KaitoInstall. */
export interface KaitoInstallArgs {
  /**
   * Who runs KAITO and who makes nodes. "byo": this component installs it, and models run on nodes that are there.
   * "addon": AKS runs it as the add-on AI toolchain operator, and it makes GPU nodes for each model; nothing is
   * installed here, and of these arguments only `mode` and `cluster` may be given.
   * @default "byo"
   */
  mode?: KaitoMode;
  /**
   * The cluster, an AksWithGpuPool: its `aiToolchainOperator` must be true in mode "addon" and false in mode "byo".
   * @default - not checked; mode "addon" needs it
   */
  cluster?: KaitoCluster;
  /** Install the controller of RAGEngines too, in a namespace of its own. @default false */
  ragEngine?: boolean;
  /** The namespace that is made for KAITO's controller and what it needs on nodes. @default "kaito-workspace" */
  namespace?: string;
  /** The namespace that is made for the controller of RAGEngines. @default "kaito-ragengine" */
  ragEngineNamespace?: string;
  /**
   * That the namespace of KAITO's controller may have privileged pods, and why; "none" refuses to install what needs
   * it: the device plugin, GPU feature discovery and Node Feature Discovery, which all mount folders of their node.
   * @default - privileged, with the reason in kaitoInstall/exemption.ts
   */
  podSecurityExemption?: PodSecurityExemption | "none";
  /**
   * Where the charts `workspace` and `ragengine` are: a chart repository (https), an OCI repository (oci), or a
   * folder with both in it. A mirror must hold them under the same names.
   * @default "https://kaito-project.github.io/kaito/charts/kaito"
   */
  chartRepository?: string;
  /** Version of charts and controllers, without "v". Another one than the default is untested. @default "0.11.0" */
  version?: string;
  /**
   * Who provides the NVIDIA device plugin, of which a cluster must have exactly one: two fight over the GPUs of a
   * node, and without one no pod gets any. "none" where AKS manages GPU nodes or NVIDIA's GPU operator runs.
   * @default "kaito"
   */
  devicePlugin?: "kaito" | "none";
  /**
   * Who labels nodes with the model, number and memory of their GPUs. Without those labels KAITO refuses every
   * Workspace with a preset. "none" where NVIDIA's GPU operator runs, which brings it.
   * @default "kaito"
   */
  gpuFeatureDiscovery?: "kaito" | "none";
  /**
   * Who provides Node Feature Discovery, through which GPU features become labels. "none" where the cluster has it.
   * @default - the same as `gpuFeatureDiscovery`
   */
  nodeFeatureDiscovery?: "kaito" | "none";
  /** GPU nodes may be spot VMs: what runs on every GPU node tolerates their taint. @default false */
  spotNodes?: boolean;
  /**
   * Install the CRDs of others that the chart carries: Karpenter's NodeClaim above all, which the controller of
   * RAGEngines lists for an engine with `compute`; without it such an engine never starts and can't be deleted.
   * They must be left out where node auto-provisioning or Karpenter has brought NodeClaim.
   * @default - the same as `ragEngine`
   */
  foreignCrds?: boolean;
  /**
   * Refuse to delete the CRDs, because every Workspace, InferenceSet and RAGEngine goes with them.
   * `pulumi state unprotect` lifts it.
   * @default false
   */
  protectCrds?: boolean;
  /**
   * Registry path of the images that models and RAG engines run, for a mirror.
   * Source: `presetRegistryName` and `presetRagRegistryName` of the charts.
   * @default "mcr.microsoft.com/aks/kaito"
   */
  presetRegistry?: string;
  /**
   * Repositories of the images that the charts run, for a mirror, without tag: the tags stay the pinned ones.
   * @default - the ones in kaito/versions.ts
   */
  images?: Partial<Record<KaitoImage, string>>;
  /** Names of Secrets with which those images are pulled; they must be in both namespaces. @default - none */
  imagePullSecrets?: string[];
  /**
   * Requests and limits of each controller.
   * @default { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } }
   */
  resources?: ContainerResources;
  /** Labels of the nodes that the controllers may run on. @default - any Linux node */
  nodeSelector?: Record<string, string>;
  /**
   * Address ranges from which the API server calls webhooks, such as "10.1.0.0/28". AKS needs none: there it calls
   * through its konnectivity agents, which are let in anyway.
   * @default - none
   */
  apiServerRanges?: string[];
}

/**
 * KAITO, the controller that runs models from `Workspace` and `InferenceSet` resources, and on request the one that
 * runs `RAGEngine`s: in mode "byo" each a chart in a namespace of its own, together with one NVIDIA device plugin
 * and what labels nodes with their GPUs. In mode "addon" AKS has it all, and this makes nothing.
 *
 * Rendered by Chart and not installed as a Release, so that preview and policies see every object. It uses resource
 * transforms, which Pulumi's mocks refuse: a test under mocks has to switch them on.
 *
 * Costs one small pod a controller, one for NFD's master and three on every GPU node; the device plugin's pod also
 * sits idle on every other node. In mode "addon" the GPU pools that KAITO makes stay, and cost, until someone
 * deletes them: AKS keeps them when their Workspace goes.
 *
 * Pass the cluster's provider in `opts`, and `dependsOn` the pools. A Workspace, InferenceSet or RAGEngine needs
 * `dependsOn` on this component: only the controller takes its finalizer away, without which it isn't deleted, and
 * that is an update, which its webhook is asked about, as about creations. So models go first, then KAITO, then nodes.
 */
export class KaitoInstall extends pulumi.ComponentResource {
  /** Who runs KAITO and who makes nodes. */
  declare readonly mode: KaitoMode;
  /** The namespace of KAITO's controller; with the add-on it is AKS's own, kube-system. */
  declare readonly namespace: pulumi.Output<string>;
  /** The namespace of the controller of RAGEngines, if it is installed. */
  declare readonly ragEngineNamespace: pulumi.Output<string> | undefined;
  /** The version that is installed; undefined in mode "addon", where AKS chooses. */
  declare readonly version: pulumi.Output<string> | undefined;

  constructor(name: string, args: KaitoInstallArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KaitoInstall", name, {}, opts);
    this.mode = checkedMode(args);
    if (this.mode === "addon") {
      this.namespace = pulumi.output("kube-system");
    } else {
      const installed = installByo(this, name, args);
      this.namespace = installed.namespace;
      this.ragEngineNamespace = installed.ragEngineNamespace;
      this.version = installed.version;
    }
    this.registerOutputs({
      mode: this.mode,
      namespace: this.namespace,
      ragEngineNamespace: this.ragEngineNamespace,
      version: this.version,
    });
  }
}
