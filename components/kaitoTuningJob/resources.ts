import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { dockerConfig, type TuningOutput } from "./output.ts";
import type { TunableModel } from "./presets.ts";
import type { TuningConfig } from "./trainingConfig/sections.ts";
import { type TuningMethod, trainingConfigMap } from "./trainingConfig.ts";

/** Where a resource belongs. */
interface Place {
  parent: pulumi.Resource;
  /** The component's name. */
  name: string;
  /** The Workspace's. */
  jobName: string;
  namespace: pulumi.Input<string>;
}

/** Something that the Workspace refers to by name, and the resources that must be there before. */
interface Referred {
  name: pulumi.Input<string>;
  made: pulumi.Resource[];
}

/**
 * The ConfigMap with the training config. Its name says what is in it, so that another config is a change of the
 * Workspace: KAITO looks into it once.
 *
 * The name isn't known before the ConfigMap is there. KAITO's webhook also judges what a preview sends to the API
 * server, and would refuse a Workspace whose ConfigMap is still to be made; with something unknown in it the
 * provider sends nothing.
 */
export function configMap(
  { parent, name, jobName, namespace }: Place,
  config: TuningConfig | undefined,
  method: TuningMethod,
  model: TunableModel,
): Referred | undefined {
  const content = trainingConfigMap(config, method, model);
  if (content === undefined) return undefined;
  const mapName = `${jobName}-training-${content.hash}`;
  const made = new ConfigMap(
    `${name}-config`,
    { metadata: { name: mapName, namespace }, data: content.data, immutable: true },
    { parent },
  );
  return { name: made.id.apply(() => mapName), made: [made] };
}

/** The Secret to push with, made here or elsewhere. */
export function pushSecret(
  { parent, name, jobName, namespace }: Place,
  { image }: TuningOutput,
): Referred | undefined {
  if (image?.pushSecret !== undefined) return { name: image.pushSecret, made: [] };
  if (image?.credentials === undefined) return undefined;
  const secretName = `${jobName}-push`;
  const made = new Secret(
    `${name}-push`,
    {
      metadata: { name: secretName, namespace },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": dockerConfig(image.credentials) },
    },
    { parent },
  );
  return { name: secretName, made: [made] };
}
