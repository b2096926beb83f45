import { DeploymentPatch } from "@pulumi/kubernetes/apps/v1/deploymentPatch.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type * as pulumi from "@pulumi/pulumi";
import { type ContainerResources, ensureResources } from "../resources.ts";
import type { ToldToService } from "./embedding.ts";

/** What the RAGEngine resource can't express, or what KAITO makes nothing of. */
export interface DeploymentExtras {
  told?: ToldToService;
  resources?: ContainerResources;
  nodeSelector?: Record<string, string>;
}

/** Where models are kept while the pod lives. */
const MODELS = "/models";

/**
 * Adds to KAITO's Deployment what is missing there, or does nothing when nothing is. The controller leaves it
 * in place: after it has made the Deployment it writes `env` only, and that as a whole, so that variables
 * come by `envFrom`. Source: applyRAG in pkg/ragengine/controllers/ragengine_controller.go, v0.11.0.
 */
export function extendDeployment(
  extras: DeploymentExtras,
  names: { name: string; engine: string; namespace: pulumi.Input<string> },
  options: { timeout: string; ragEngine: pulumi.CustomResource; parent: pulumi.Resource },
): DeploymentPatch | undefined {
  const { told, resources, nodeSelector } = extras;
  if (told === undefined && resources === undefined && nodeSelector === undefined) return undefined;
  const { name, engine, namespace } = names;
  const { timeout, ragEngine, parent } = options;
  const configMap = `${engine}-embedding`;
  const variables =
    told &&
    new ConfigMap(
      `${name}-embedding`,
      { metadata: { name: configMap, namespace }, data: serviceVariables(told) },
      { parent },
    );
  return new DeploymentPatch(
    // Two names, so that `ignoreChanges` never carries the one's lists over to the other.
    told ? `${name}-service` : `${name}-placement`,
    {
      metadata: {
        name: engine,
        namespace,
        // KAITO's controller has set the requests that are replaced.
        annotations: { "pulumi.com/patchForce": "true" },
      },
      spec: deploymentPatchSpec(extras, engine, configMap),
    },
    {
      parent,
      dependsOn: [ragEngine, ...(variables ? [variables] : [])],
      // A new RAGEngine gets a new Deployment.
      replaceWith: [ragEngine],
      // The provider compares lists item by item and takes KAITO's own items for changed ones of ours.
      ignoreChanges: told
        ? ["spec.template.spec.volumes", "spec.template.spec.containers[0].volumeMounts"]
        : [],
      customTimeouts: { create: timeout, update: timeout, delete: "5m" },
    },
  );
}

/** The variables that tell the service its embedding, and where to keep the model. */
export function serviceVariables({ variables }: ToldToService): Record<string, pulumi.Input<string>> {
  return { ...variables, LLAMA_INDEX_CACHE_DIR: MODELS, HF_HOME: `${MODELS}/huggingface` };
}

/** The part of a Deployment that is ours. */
export function deploymentPatchSpec(extras: DeploymentExtras, container: string, configMap: string) {
  const { told, resources, nodeSelector } = extras;
  const checked = resources && ensureResources("resources", resources);
  return {
    template: {
      spec: {
        nodeSelector,
        containers: [
          {
            name: container,
            resources: checked,
            ...(told && {
              envFrom: [
                { configMapRef: { name: configMap } },
                ...(told.secret === undefined ? [] : [{ secretRef: { name: told.secret } }]),
              ],
              volumeMounts: [{ name: "models", mountPath: MODELS }],
            }),
          },
        ],
        // KAITO starts a container again that isn't up after a minute, and a download goes on where it was.
        ...(told && { volumes: [{ name: "models", emptyDir: { sizeLimit: "20Gi" } }] }),
      },
    },
  };
}
