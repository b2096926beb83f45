import type * as pulumi from "@pulumi/pulumi";
import { type KaitoNodes, resourceSpec } from "../kaito/nodes.ts";
import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { adapterSpecs } from "./adapters.ts";
import type { inferenceSetSpec } from "./inferenceSet.ts";

/** What the component has settled already. */
export interface Settled {
  name: string;
  namespace: pulumi.Input<string>;
  nodes: KaitoNodes;
  /** Name of the ConfigMap with the inference config. */
  config?: pulumi.Input<string>;
  /** Name of the Secret with the access token. */
  accessTokenSecret?: pulumi.Input<string>;
  inferenceSet?: ReturnType<typeof inferenceSetSpec>;
}

/** A resource of KAITO's. */
export interface KaitoManifest {
  kind: "Workspace" | "InferenceSet";
  /** What `pulumi up` waits for. */
  waitFor: string;
  annotations: Record<string, string>;
  /** All but kind and metadata. */
  body: Record<string, unknown>;
  /** How Pulumi brings a change about. */
  options: Pick<
    pulumi.CustomResourceOptions,
    "replaceOnChanges" | "deleteBeforeReplace" | "aliases" | "ignoreChanges"
  >;
}

/**
 * The Workspace or the InferenceSet (kaito.sh/v1beta1, KAITO v0.11.0).
 *
 * A Workspace is replaced on nearly every change. Its webhook refuses another preset, size or selector; the
 * controller takes the rest, but gives running pods neither another command (so that a first config or a first
 * adapter isn't used) nor another number of nodes, nor a changed template, and doesn't look at annotations again.
 * Sources: api/v1beta1/workspace_validation.go and applyInference in pkg/workspace/controllers/
 * workspace_controller.go. An InferenceSet passes its template to new replicas only.
 */
export function kaitoManifest(args: KaitoWorkspaceArgs, settled: Settled): KaitoManifest {
  const annotations = workspaceAnnotations(args);
  const inference = inferenceSpec(args, settled);
  const { nodes, inferenceSet } = settled;
  const resource = resourceSpec(nodes);
  if (inferenceSet === undefined) {
    return {
      kind: "Workspace",
      waitFor: "condition=WorkspaceSucceeded",
      annotations,
      body: { resource, inference },
      options: replacing("InferenceSet", ["resource", "inference", "metadata.annotations"]),
    };
  }
  const { replicas, autoscaling, nodeCountLimit, autoUpgrade } = inferenceSet;
  return {
    kind: "InferenceSet",
    // With no replicas wanted it is true at once: as many are ready as are wanted.
    waitFor: "condition=InferenceSetReady",
    annotations: {
      ...inferenceSet.annotations,
      // An autoscaler that was, or whoever scales by hand, owns the number: to say another one would be a conflict.
      ...(autoscaling === undefined && { "pulumi.com/patchForce": "true" }),
      // The controller reads these two from here, and hands on what the template has.
      ...pick(annotations, "kaito.sh/runtime", "kaito.sh/disable-benchmark"),
    },
    body: {
      spec: {
        // Nothing of Pulumi's when an autoscaler sets them, or every update would set them back.
        replicas: autoscaling === undefined ? replicas : undefined,
        nodeCountLimit,
        autoUpgrade,
        labelSelector: resource.labelSelector,
        template: {
          metadata: Object.keys(annotations).length > 0 ? { annotations } : undefined,
          resource: nodes.provision ? { instanceType: resource.instanceType } : undefined,
          inference,
        },
      },
    },
    options: {
      ...replacing("Workspace", ["spec.template", "spec.labelSelector"]),
      // Where replicas were said before, to take them back would mean one: that is the default of KAITO's CRD.
      ignoreChanges: autoscaling === undefined ? undefined : ["spec.replicas"],
    },
  };
}

/**
 * The old one first: its name and its GPUs are taken until it is gone. That goes for the other kind too, which is why
 * Pulumi must take the two for one resource.
 */
function replacing(otherKind: string, properties: string[]): KaitoManifest["options"] {
  return {
    replaceOnChanges: ["kind", ...properties],
    deleteBeforeReplace: true,
    aliases: [{ type: `kubernetes:kaito.sh/v1beta1:${otherKind}` }],
  };
}

function inferenceSpec(args: KaitoWorkspaceArgs, { config, accessTokenSecret }: Settled) {
  if (args.template !== undefined) return { template: args.template };
  const { model, adapters = [], runtime = "vllm" } = args;
  return {
    preset: {
      name: model,
      presetOptions: accessTokenSecret === undefined ? undefined : { modelAccessSecret: accessTokenSecret },
    },
    config,
    adapters: adapters.length === 0 ? undefined : adapterSpecs(adapters, runtime),
  };
}

/** Source: api/v1beta1/labels.go. */
function workspaceAnnotations(args: KaitoWorkspaceArgs): Record<string, string> {
  const { runtime, performanceMode, nodeImageFamily, fitCheck, benchmark, model } = args;
  const annotations = {
    "kaito.sh/runtime": runtime === "transformers" ? runtime : undefined,
    "kaito.sh/performance-mode": performanceMode === "balanced" ? undefined : performanceMode,
    "kaito.sh/node-image-family": nodeImageFamily,
    "kaito.sh/bypass-resource-checks": fitCheck === false ? "true" : undefined,
    // KAITO measures only its own vLLM, and only there needs telling.
    "kaito.sh/disable-benchmark":
      benchmark || model === undefined || runtime === "transformers" ? undefined : "true",
  };
  return Object.fromEntries(
    Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function pick(from: Record<string, string>, ...keys: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}
