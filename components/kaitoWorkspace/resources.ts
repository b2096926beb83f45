import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { KaitoModel } from "../kaito/models.ts";
import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { shortHash } from "../names.ts";
import { inferenceConfigData, type KaitoInferenceConfig } from "./config.ts";

/** Where a resource belongs. */
export interface Place {
  parent: pulumi.Resource;
  /** The component's name. */
  name: string;
  /** The Workspace's or InferenceSet's. */
  workspaceName: string;
  namespace: pulumi.Input<string>;
}

/** Something that the Workspace refers to by name, and the resources that must be there before. */
interface Referred {
  name: pulumi.Input<string>;
  made: pulumi.Resource[];
}

/**
 * The ConfigMap with the inference config. Its name says what is in it: KAITO gives a running pod no changed config,
 * but another name is a change of the Workspace.
 *
 * The name isn't known before the ConfigMap is there: KAITO's webhook also judges what a preview sends to the API
 * server, and refuses a Workspace whose ConfigMap is still to be made. Of what isn't known nothing is sent.
 */
export function inferenceConfigMap(
  place: Place,
  config: KaitoInferenceConfig | undefined,
  model: KaitoModel | undefined,
): Referred | undefined {
  if (config === undefined) return undefined;
  const data = inferenceConfigData(config, model);
  const name = `${place.workspaceName}-${shortHash(8, ...Object.entries(data).flat())}`;
  const made = new ConfigMap(
    `${place.name}-config`,
    { metadata: { name, namespace: place.namespace }, data, immutable: true },
    { parent: place.parent },
  );
  return { name: made.id.apply(() => name), made: [made] };
}

/**
 * The Secret with the token, made here or elsewhere. Of a model that isn't in its catalogue KAITO's webhook asks
 * Hugging Face with it, so that it mustn't be asked before the Secret is there.
 */
export function accessTokenSecret(
  { parent, name, workspaceName, namespace }: Place,
  args: KaitoWorkspaceArgs,
  model: KaitoModel | undefined,
): Referred | undefined {
  if (args.accessTokenSecret !== undefined) return { name: args.accessTokenSecret, made: [] };
  if (args.accessToken === undefined) return undefined;
  const secretName = `${workspaceName}-hf-token`;
  const made = new Secret(
    `${name}-hf-token`,
    { metadata: { name: secretName, namespace }, stringData: { HF_TOKEN: args.accessToken } },
    { parent },
  );
  return { name: model ? secretName : made.id.apply(() => secretName), made: [made] };
}

/**
 * One Service for all replicas of an InferenceSet: KAITO makes one for each, with a name that nobody knows before
 * (`generateName`). Of a replica over several nodes only the first pod answers.
 */
export function setService(place: Place, labels: Record<string, string>): string {
  const { parent, name, workspaceName, namespace } = place;
  // Not the InferenceSet's own name: a Workspace that it takes the place of has a Service that is called so.
  const serviceName = `${workspaceName}-replicas`;
  new Service(
    `${name}-service`,
    {
      metadata: {
        name: serviceName,
        namespace,
        // With no replicas it has no endpoints, and that is no error.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        selector: { ...labels, "apps.kubernetes.io/pod-index": "0" },
        ports: [{ name: "http", port: 80, targetPort: 5000, protocol: "TCP" }],
      },
    },
    { parent },
  );
  return serviceName;
}
