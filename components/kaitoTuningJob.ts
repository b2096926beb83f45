import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { type KaitoNodes, resourceSpec } from "./kaito/nodes.ts";
import { adapterOf } from "./kaitoTuningJob/adapter.ts";
import { TuningCompletion } from "./kaitoTuningJob/completion.ts";
import { inputSpec, type TuningInput } from "./kaitoTuningJob/input.ts";
import { jobPolicies } from "./kaitoTuningJob/network.ts";
import { labelsText, sizedNodes, type TuningQuota } from "./kaitoTuningJob/nodes.ts";
import { checkedName, checkedOutput, outputSpec, type TuningOutput } from "./kaitoTuningJob/output.ts";
import { tunableModel } from "./kaitoTuningJob/presets.ts";
import { configMap, pushSecret } from "./kaitoTuningJob/resources.ts";
import type { TuningConfig } from "./kaitoTuningJob/trainingConfig/sections.ts";
import { checkedMethod, type TuningMethod } from "./kaitoTuningJob/trainingConfig.ts";
import type { KaitoAdapter } from "./kaitoWorkspace/adapters.ts";
import type { NetworkEgress } from "./network/egress.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

export type { TuningInput } from "./kaitoTuningJob/input.ts";
export type { TuningQuota } from "./kaitoTuningJob/nodes.ts";
export type { RegistryCredentials, TuningOutput, TuningOutputImage } from "./kaitoTuningJob/output.ts";
export { tunablePresets } from "./kaitoTuningJob/presets.ts";
export type * from "./kaitoTuningJob/trainingConfig/sections.ts";
export type { TuningMethod } from "./kaitoTuningJob/trainingConfig.ts";
export type { TuningVolume } from "./kaitoTuningJob/volume.ts";

/** Arguments of KaitoTuningJob. */
export interface KaitoTuningJobArgs {
  /**
   * Name of the Workspace, its Job and the adapter, a DNS label; with `output.image` of at most 31 characters, because
   * a KaitoWorkspace takes no adapter with a longer name. @default - the component's name
   */
  name?: string;
  /**
   * The namespace, which must exist and let in pods of the standard "baseline": some run as root. It may not give
   * containers a memory limit that training doesn't fit into (RestrictedNamespace: `defaultMemoryLimit: "none"`).
   */
  namespace: pulumi.Input<string>;
  /** The model, one of `tunablePresets`, by its short name or its id at Hugging Face. */
  preset: string;
  /** "lora", or "qlora" for less GPU memory and slower training. */
  method: TuningMethod;
  /** The training data. */
  input: TuningInput;
  /** Where the adapter goes. Without it there would be none, which is an error. */
  output: TuningOutput;
  /** How it is trained; a ConfigMap is made of it. @default - KAITO's template, with the model's layers if needed */
  config?: TuningConfig;
  /**
   * The node to train on, all of whose GPUs the job takes while it runs: with a pool that serves a model on its only
   * node the job waits until the pool has another. `nodes.vmSize` must be known to KAITO and have enough GPU memory;
   * for a pool it is the size that VmSkuSelection chose for it, so that its quota was looked at before.
   */
  nodes: KaitoNodes;
  /**
   * With `nodes.provision`: have the size of KAITO's node chosen, or `nodes.vmSize` judged, by the subscription's
   * quota. A size that can't run fails in the preview with a verdict on each candidate. @default - not looked at
   */
  quota?: TuningQuota;
  /**
   * GPU memory that training needs on each GPU, in GiB, when you know it better than KAITO's figures, which are for
   * full precision. Too little ends the training with "CUDA out of memory". @default - KAITO's figure for the model
   */
  gpuMemoryGiB?: number;
  /**
   * What the job's pods may call, besides DNS: the weights are on mcr.microsoft.com, and data and registry are where
   * `input` and `output` say. With it nothing else is opened.
   * @default - the internet on port 443 and on the ports of `input.urls`, but no private network and none of Azure's
   * own addresses
   */
  egress?: readonly NetworkEgress[];
  /**
   * The kubeconfig with which the job is watched, its text or the path of a file: that of the provider. Treated as a
   * secret; a new one changes nothing. Its user must be able to read workspaces, jobs, pods, their logs and events.
   */
  kubeconfig: pulumi.Input<string>;
  /**
   * How long `pulumi up` waits for the adapter, in minutes, 1 to 10080. Then it fails and says where the job is, which
   * goes on and is waited for again by the next `pulumi up`. The default suits phi-4-mini-instruct and 15,000 rows: at
   * 2 steps a second their 45,000 steps (3 epochs) take 6 hours, and node, weights and push come on top. @default 480
   */
  maxDurationMinutes?: number;
}

/**
 * Fine-tunes a model with KAITO: a `Workspace` with `tuning`, which KAITO turns into a Job, its training config, the
 * Secret to push with, and a NetworkPolicy that lets nobody in. `pulumi up` waits for the adapter, says at each step
 * where the job is, and fails with that and the next command to type when the job fails or time is up.
 *
 * Every change of model, data, config, nodes or output trains anew: the old job goes first. A changed password,
 * pullSecret, kubeconfig or VM size of a pool doesn't. What is at a URL, in an image's tag or on a volume may change unnoticed.
 *
 * Costs a GPU node for as long as it trains. Give it `dependsOn` on the KaitoInstall and the namespace, so that they
 * are deleted after it: KAITO must be there to let it go.
 */
export class KaitoTuningJob extends pulumi.ComponentResource {
  /** The adapter, once it is there: what KaitoWorkspace takes among its `adapters`. */
  declare readonly adapter: pulumi.Output<KaitoAdapter>;
  /** Name of the Workspace and its Job. */
  declare readonly name: pulumi.Output<string>;
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: KaitoTuningJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KaitoTuningJob", name, {}, opts);
    const { namespace, kubeconfig } = args;
    const output = checkedOutput(args.output);
    const jobName = checkedName(args.name ?? name, output);
    const model = tunableModel(args.preset);
    const method = checkedMethod(args.method);
    const input = inputSpec(args.input, args.config?.DatasetConfig, args.egress === undefined);
    if (kubeconfig === undefined) {
      throw new InputPropertyError("kubeconfig", "is missing; it must be the one that the provider uses");
    }
    const maxDurationMinutes = ensure(
      "maxDurationMinutes",
      args.maxDurationMinutes ?? 480,
      wholeNumber(1, 7 * 24 * 60),
    );
    const place = { parent: this, name, jobName, namespace };
    const config = configMap(place, args.config, method, model);
    const nodes = sizedNodes(this, name, args, model);
    const push = pushSecret(place, output);
    // What KAITO gives the pods. Source: GenerateTuningJobManifest in pkg/workspace/manifests.
    this.podLabels = { "kaito.sh/workspace": jobName };
    const { podLabels } = this;
    const { egress } = args;
    const policies = jobPolicies(this, name, { jobName, namespace, podLabels, egress, urls: input.urls });

    // KAITO counts the GPUs that the pod asks for by instanceType, and makes no Job without it. For nodes that are
    // there already v1beta1 refuses it, though; v1alpha1, another form of the same object, doesn't look. Sources:
    // CreatePresetTuning in pkg/workspace/tuning/preset_tuning.go, validateCreate in api/v1beta1 and api/v1alpha1.
    const [apiVersion, other] = nodes.provision
      ? ["kaito.sh/v1beta1", "kaito.sh/v1alpha1"]
      : ["kaito.sh/v1alpha1", "kaito.sh/v1beta1"];
    const workspace = new CustomResource(
      name,
      {
        apiVersion,
        kind: "Workspace",
        metadata: {
          name: jobName,
          namespace,
          // The completion waits: it knows more than a condition.
          annotations: { "pulumi.com/skipAwait": "true", "mcpaas.dev/node-labels": labelsText(nodes) },
        },
        resource: { ...resourceSpec(nodes), instanceType: nodes.vmSize },
        tuning: {
          preset: { name: model.name },
          method,
          config: config?.name,
          input,
          output: outputSpec(output, push?.name),
        },
      },
      {
        parent: this,
        dependsOn: [...policies, ...(config?.made ?? []), ...(push?.made ?? [])],
        // The new one has the old one's name, and needs its GPUs.
        deleteBeforeReplace: true,
        replaceOnChanges: ["apiVersion", "metadata.annotations", "resource", "tuning"],
        // Of a pool KAITO asks for the size when it makes the Job, and not again: a pool that gets another one is no
        // reason to train anew. Other labels are, and an annotation tells of them. Not "resource.instanceType": of
        // a part of a property the engine would give the old value to a job that is replaced for another reason.
        ignoreChanges: nodes.provision ? [] : ["resource"],
        aliases: [{ type: `kubernetes:${other}:Workspace` }],
        customTimeouts: { delete: "20m" },
      },
    );
    const completion = new TuningCompletion(
      `${name}-completion`,
      {
        kubeconfig,
        apiVersion,
        namespace,
        name: jobName,
        uid: workspace.metadata.apply(({ uid }) => uid as string),
        image: output.image?.name,
        maxDurationMinutes,
      },
      { parent: this, dependsOn: [workspace] },
    );

    this.name = workspace.urn.apply(() => jobName);
    this.namespace = pulumi.output(namespace);
    this.adapter = adapterOf(jobName, completion, output, output.image?.pullSecret ?? push?.name);
    this.registerOutputs({ adapter: this.adapter, name: this.name, namespace: this.namespace });
  }
}
