import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { KaitoNodes } from "./kaito/nodes.ts";
import type { KaitoAdapter } from "./kaitoWorkspace/adapters.ts";
import { replicaScaler } from "./kaitoWorkspace/autoscaling.ts";
import { checkedModel } from "./kaitoWorkspace/combinations.ts";
import type { KaitoInferenceConfig } from "./kaitoWorkspace/config.ts";
import { inferenceSetSpec, type KaitoInferenceSet } from "./kaitoWorkspace/inferenceSet.ts";
import { kaitoManifest } from "./kaitoWorkspace/manifest.ts";
import { checkedName, servedName } from "./kaitoWorkspace/naming.ts";
import { checkedPlacement } from "./kaitoWorkspace/placement.ts";
import { accessTokenSecret, inferenceConfigMap, setService } from "./kaitoWorkspace/resources.ts";
import { refuseUnsupported } from "./kaitoWorkspace/unsupported.ts";
import { INTERNET, type NetworkEgress } from "./network/egress.ts";
import { closePods } from "./network/policies.ts";
import type { NetworkClient } from "./network/specs.ts";
import { ensure, wholeNumber } from "./validation.ts";

export type { ScalingRules } from "./autoscaling/behavior.ts";
export type { KedaPrometheus } from "./autoscaling/scaledObject.ts";
export type { KaitoNodes } from "./kaito/nodes.ts";
export type { KaitoAdapter } from "./kaitoWorkspace/adapters.ts";
export type { KaitoAutoscaling } from "./kaitoWorkspace/autoscaling.ts";
export type { KaitoInferenceConfig, VllmArgument } from "./kaitoWorkspace/config.ts";
export type { KaitoInferenceSet } from "./kaitoWorkspace/inferenceSet.ts";

/** Arguments of KaitoWorkspace. */
export interface KaitoWorkspaceArgs {
  /**
   * Name of the Workspace or InferenceSet and of its Service: a DNS label of at most 52 characters, or 46 for an
   * InferenceSet, because Kubernetes puts more behind it. @default - the component's name
   */
  name?: string;
  /** The namespace, which must exist and let in pods of the standard "baseline": KAITO's run as root. */
  namespace: pulumi.Input<string>;
  /**
   * The nodes it runs on. The weights are downloaded to a node's OS disk, or to its NVMe disks where KAITO's class
   * "kaito-local-nvme-disk" is installed, and a disk that gets full ends the pod. A pool's must have room for them
   * (`fileSizeGiB` of the model) beside images and the system's files; for the nodes that it makes KAITO plans the
   * weights and 80 GiB. Source: calculateStorageSize in presets/workspace/generator/generator.go, v0.11.0.
   */
  nodes: KaitoNodes;
  /**
   * What is served: a preset of KAITO, such as "phi-4-mini-instruct", or any "org/model" of Hugging Face whose
   * architecture vLLM knows. How much memory one outside KAITO's catalogue needs isn't known here, and not checked.
   * @default - `template`; one of the two must be there, and not both
   */
  model?: string;
  /**
   * Pods of your own instead, with a server on port 5000. Source: `inference.template`. @default - `model`
   */
  template?: pulumi.Input<input.core.v1.PodTemplateSpec>;
  /** What the server of `template` calls its model, for the output `modelName`. @default - `name` */
  servedModelName?: string;
  /** How vLLM serves the model; a ConfigMap is made of it. @default - as KAITO does */
  config?: KaitoInferenceConfig;
  /**
   * LoRA adapters, 10 at most; the output `adapter` of a KaitoTuningJob is one. @default - none
   */
  adapters?: pulumi.Input<KaitoAdapter>[];
  /**
   * Token of Hugging Face with which the weights are downloaded, of which a Secret is made. A changed one is used
   * from the next start of a pod on. @default - none; an error for models that need one, such as Llama
   */
  accessToken?: pulumi.Input<string>;
  /** Name of a Secret in the namespace with the token under HF_TOKEN, instead of `accessToken`. @default - none */
  accessTokenSecret?: pulumi.Input<string>;
  /** The server. Source: annotation `kaito.sh/runtime`. @default "vllm" */
  runtime?: "vllm" | "transformers";
  /**
   * What vLLM optimises for: short answers times or many tokens. Source: annotation `kaito.sh/performance-mode`.
   * @default "balanced"
   */
  performanceMode?: "balanced" | "interactivity" | "throughput";
  /**
   * Measure the tokens a minute when the model is loaded; the result is in the status. Off, unlike in KAITO itself:
   * each replica is ready minutes later, at every start, at full load on the GPU that is paid for, and a measurement
   * that fails makes the whole Workspace fail. Source: annotation `kaito.sh/disable-benchmark`. @default false
   */
  benchmark?: boolean;
  /** Serve with an InferenceSet, which keeps several replicas or none. @default - a Workspace: one replica */
  inferenceSet?: KaitoInferenceSet;
  /**
   * Check in the preview, when model and VM size are known, that the model fits the GPUs, as KAITO estimates it.
   * false also tells KAITO's webhook not to (annotation `kaito.sh/bypass-resource-checks`). @default true
   */
  fitCheck?: boolean;
  /** Operating system of nodes that KAITO makes. Source: `kaito.sh/node-image-family`. @default - KAITO's: "ubuntu" */
  nodeImageFamily?: "ubuntu" | "azurelinux";
  /**
   * Who may call the model, which asks nobody who they are; [] is nobody. Those in its own namespace are also let out
   * to it, which a RestrictedNamespace doesn't do by itself. @default - the pods of its own namespace
   */
  clients?: NetworkClient[];
  /**
   * What its pods may call, besides DNS. Weights come from huggingface.co and what it redirects to, images of adapters
   * from their registry. [] closes it all, for a template that has its weights in its image.
   * @default - the internet on port 443, but no private network and none of Azure's own addresses
   */
  egress?: readonly NetworkEgress[];
  /**
   * How long `pulumi up` waits until it is ready, in minutes, 1 to 240: for the image (some 10 GB), the weights, and
   * nodes that KAITO makes. @default - 60, or 90 for models above 300 GiB
   */
  readyTimeoutMinutes?: number;
}

/**
 * A model that KAITO serves with the OpenAI API: a `Workspace` or an `InferenceSet`, the ConfigMap and the Secret that
 * it needs, NetworkPolicies that let its clients and nobody else in, and for an InferenceSet a Service over its
 * replicas. `pulumi up` waits until it answers.
 *
 * Nearly every change replaces it, the old one first: names and GPUs are taken until it is gone, so that the model is
 * away for as long as it takes to load. Only replicas, clients, egress and the token change in place.
 *
 * Costs nothing beside its nodes. Give it `dependsOn` on the KaitoInstall and the namespace, so that they are deleted
 * after it: KAITO must be there to let it go.
 */
export class KaitoWorkspace extends pulumi.ComponentResource {
  /** Base of the OpenAI API inside the cluster, for example "http://phi.models.svc.cluster.local/v1". */
  declare readonly url: pulumi.Output<string>;
  /** What requests must name as `model`. */
  declare readonly modelName: pulumi.Output<string>;
  /** Name of the Workspace or InferenceSet. */
  declare readonly name: pulumi.Output<string>;
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** What `pulumi up` waited for, for example "condition=WorkspaceSucceeded". */
  declare readonly waitedFor: pulumi.Output<string>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;
  /**
   * Tokens that its context has at most: those of `config.maxModelLength`, else of KAITO's preset; undefined when
   * neither is there. It may be less, when GPUs have too little memory for all of them.
   */
  declare readonly contextLength: number | undefined;

  constructor(name: string, args: KaitoWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KaitoWorkspace", name, {}, opts);
    refuseUnsupported(args);
    const model = checkedModel(args);
    const { namespace } = args;
    const workspaceName = checkedName(args.name ?? name, args.inferenceSet !== undefined);
    const inferenceSet = args.inferenceSet && inferenceSetSpec(args.inferenceSet);
    const placement = checkedPlacement(args, model, inferenceSet);
    // What the controller gives its pods. Source: GenerateStatefulSetManifest in pkg/workspace/manifests.
    this.podLabels = inferenceSet
      ? { "inferenceset.kaito.sh/created-by": workspaceName }
      : { "kaito.sh/workspace": workspaceName };

    const policy = closePods(this, name, {
      policyName: `kaito-${workspaceName}`,
      namespace,
      podLabels: this.podLabels,
      port: 5000,
      clients: args.clients ?? [{}],
      egress: args.egress ?? INTERNET,
      amongThemselves: placement.maybeDistributed,
    });
    const place = { parent: this, name, workspaceName, namespace };
    const config = inferenceConfigMap(place, args.config, model);
    // The config was checked: it isn't more than the preset's.
    this.contextLength = args.config?.maxModelLength ?? model?.tokenLimit;
    const token = accessTokenSecret(place, args, model);
    const manifest = kaitoManifest(args, {
      name: workspaceName,
      namespace,
      nodes: placement.nodes,
      config: config?.name,
      accessTokenSecret: token?.name,
      inferenceSet,
    });
    const minutes = args.readyTimeoutMinutes ?? ((model?.fileSizeGiB ?? 0) > 300 ? 90 : 60);
    const timeout = `${ensure("readyTimeoutMinutes", minutes, wholeNumber(1, 240))}m`;
    const resource = new CustomResource(
      name,
      {
        apiVersion: "kaito.sh/v1beta1",
        kind: manifest.kind,
        metadata: {
          name: workspaceName,
          namespace,
          annotations: { ...manifest.annotations, "pulumi.com/waitFor": manifest.waitFor },
        },
        ...manifest.body,
      },
      {
        ...manifest.options,
        parent: this,
        // The policy comes first: not for a moment can others reach the pods.
        dependsOn: [policy, ...(config?.made ?? []), ...(token?.made ?? [])],
        customTimeouts: { create: timeout, update: timeout, delete: "20m" },
      },
    );
    if (inferenceSet?.autoscaling) {
      const set = { name: workspaceName, namespace: pulumi.output(namespace), resource };
      replicaScaler(name, inferenceSet.autoscaling, set, { parent: this });
    }
    const service = inferenceSet ? setService(place, this.podLabels) : workspaceName;

    this.name = resource.urn.apply(() => workspaceName);
    this.namespace = pulumi.output(namespace);
    // Whoever is told the address comes after the model.
    const host = resource.urn.apply(() => service);
    this.url = pulumi.interpolate`http://${host}.${this.namespace}.svc.cluster.local/v1`;
    this.waitedFor = resource.urn.apply(() => manifest.waitFor);
    this.modelName = resource.urn.apply(() => servedName(args, model?.servedName, workspaceName));
    this.registerOutputs({
      url: this.url,
      modelName: this.modelName,
      name: this.name,
      waitedFor: this.waitedFor,
    });
  }
}
