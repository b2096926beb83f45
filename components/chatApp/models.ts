import type * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL } from "../forms.ts";
import { type CalledService, POD_PORT, type ServicePods } from "../kaitoRagEngine/network.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";
import { modelUrl } from "./urls.ts";

/** A model that KAITO serves: a KaitoWorkspace is one. */
export interface ServedModel {
  /** Base of its OpenAI API, such as "http://phi.models.svc.cluster.local/v1". */
  url: pulumi.Input<string>;
  /** What requests call it. */
  modelName: pulumi.Input<string>;
  /** Labels of its pods. */
  podLabels: Record<string, string>;
}

/** One endpoint with the OpenAI API: either `workspace` or `url`. */
export interface ChatModel {
  /**
   * A DNS label. Stands before the ids of its models, as in "cloud.gpt-5", where another endpoint has the same
   * ids, and always where `modelNames` is left out: which ids it has is then known only while it is asked.
   */
  name: string;
  /** A model of this program. Its `clients` must let the chat app's pods in. @default - `url` */
  workspace?: ServedModel;
  /** Base of any other OpenAI API, such as "https://api.example.com/v1". @default - `workspace` */
  url?: pulumi.Input<string>;
  /** The ids that are offered. @default - the workspace's, else all that the endpoint lists while it is asked */
  modelNames?: pulumi.Input<string>[];
  /** Key that is sent as a bearer token, treated as a secret; without ';'. @default - none */
  apiKey?: pulumi.Input<string>;
  /** The pods behind `url`, when it is that of a Service. @default - all of its namespace, on the URL's port */
  pods?: ServicePods;
}

/** An endpoint, its arguments checked. */
export interface ModelEndpoint {
  name: string;
  url: pulumi.Input<string>;
  /** [] where the endpoint is asked. */
  modelNames: pulumi.Input<string>[];
  apiKey: pulumi.Input<string>;
  service: CalledService;
}

/** Source: OPENAI_API_KEYS in config.py of Open WebUI 0.12.4 is split at ";", and so are the URLs. */
const withoutSemicolon = (what: string) => (text: string) =>
  text.includes(";") ? `holds a ";", which separates one ${what} from the next` : undefined;

/** The endpoints of the arguments, or an error that names what is wrong. */
export function modelEndpoints(models: ChatModel[]): ModelEndpoint[] {
  if (models.length === 0) {
    throw new InputPropertyError(
      "models",
      "is empty; without a model nobody answers. Give a KaitoWorkspace (workspace) or the URL of an " +
        "OpenAI-compatible endpoint (url)",
    );
  }
  return models.map((model, i) => {
    const path = `models[${i}]`;
    const name = ensure(`${path}.name`, model.name, matches(DNS_LABEL));
    if (models.findIndex((other) => other.name === name) < i) {
      throw new InputPropertyError(`${path}.name`, `"${name}" is another model's name, too`);
    }
    const { workspace, pods } = model;
    if ((workspace === undefined) === (model.url === undefined)) {
      throw new InputPropertyError(
        path,
        `must have ${workspace === undefined ? "one" : "only one"} of workspace and url`,
      );
    }
    const given = validatedInput(
      `${path}.url`,
      (workspace?.url ?? model.url) as pulumi.Input<string>,
      (url) => modelUrl(url) ?? withoutSemicolon("URL")(url),
    );
    return {
      name,
      url: given,
      modelNames: model.modelNames ?? (workspace ? [workspace.modelName] : []),
      apiKey: validatedInput(`${path}.apiKey`, model.apiKey ?? "", withoutSemicolon("key")),
      service: {
        url: given,
        pods: workspace ? { podLabels: workspace.podLabels, port: POD_PORT } : pods,
      },
    };
  });
}
