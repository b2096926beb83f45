import type * as pulumi from "@pulumi/pulumi";
import type { Form } from "../forms.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";
import { serviceUrl } from "./address.ts";
import { type CalledService, checkedPods, type ServicePods } from "./network.ts";
import { secretName } from "./secretName.ts";

/** A model that turns texts into vectors, in the RAG engine's own pod. */
export interface RagLocalEmbedding {
  /**
   * Its Hugging Face id. It is downloaded at each start, and a container that isn't up after a minute is
   * started again, so keep to small ones. Texts that were indexed with another model aren't found any more.
   * @default "BAAI/bge-small-en-v1.5", English only, 0.1 GiB
   */
  modelId?: string;
  /** Name of a Secret whose key HF_TOKEN is an access token, for a gated model. @default - none */
  accessSecret?: pulumi.Input<string>;
}

/**
 * A service that turns texts into vectors. KAITO posts {"inputs": text} to it and takes a list of numbers.
 */
export interface RagRemoteEmbedding {
  /** Its whole URL. */
  url: pulumi.Input<string>;
  /** Name of a Secret whose key REMOTE_EMBEDDING_ACCESS_SECRET is sent as a bearer token. @default - none */
  accessSecret?: pulumi.Input<string>;
  /** Its pods, when the URL is that of a Service. @default - all of its namespace, on the URL's port */
  pods?: ServicePods;
  /**
   * The RAG service's image (values presetRag* of KAITO's chart) is one of your own in which remote embedding
   * works. In KAITO's it doesn't, up to 0.12.0: RemoteEmbeddingModel assigns fields that it doesn't declare,
   * and ends with a ValueError; the controller doesn't tell it the URL either (kaito-project/kaito#2365),
   * which this component makes up for.
   * @default false: remote embedding is an error
   */
  fixedService?: boolean;
}

/** How texts become vectors: exactly one of the two. */
export interface RagEmbedding {
  /** A model in the engine's own pod. @default - `remote` */
  local?: RagLocalEmbedding;
  /** A service that is asked. @default - `local` */
  remote?: RagRemoteEmbedding;
}

/** What KAITO's service uses when it is told nothing. Source: presets/ragengine/config.py, v0.11.0. */
export const DEFAULT_EMBEDDING_MODEL = "BAAI/bge-small-en-v1.5";

const MODEL_ID: Form = {
  pattern: /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/,
  words: "a Hugging Face id",
  example: DEFAULT_EMBEDDING_MODEL,
};

/** The embedding, checked. */
export interface CheckedEmbedding {
  /** `spec.embedding` of the RAGEngine. */
  spec: {
    local?: { modelID: string; modelAccessSecret?: pulumi.Input<string> };
    remote?: { url: pulumi.Input<string>; accessSecret?: pulumi.Input<string> };
  };
  /**
   * What the service has to be told by other means, because KAITO 0.11.0 gives it variables that it doesn't
   * read (MODEL_ID, EMBEDDING_TYPE, and ACCESS_SECRET with the Secret's name in it). Undefined for the
   * default model. Source: RAGSetEnv in pkg/ragengine/manifests/manifests.go against
   * presets/ragengine/config.py, v0.11.0.
   */
  told?: ToldToService;
  /** Who is called for it. */
  service?: CalledService;
}

/** Environment variables of the service, and a Secret of which each key becomes another. */
export interface ToldToService {
  variables: Record<string, pulumi.Input<string>>;
  secret?: pulumi.Input<string>;
}

/** Checks an embedding and says what KAITO and the service have to be told of it. */
export function checkedEmbedding(embedding: RagEmbedding = { local: {} }): CheckedEmbedding {
  const { local, remote } = embedding;
  if ((local === undefined) === (remote === undefined)) {
    throw new InputPropertyError(
      "embedding",
      `must have ${local ? "only one" : "one"} of local and remote; local: {} is ${DEFAULT_EMBEDDING_MODEL}`,
    );
  }
  return local ? checkedLocal(local) : checkedRemote(remote as RagRemoteEmbedding);
}

function checkedLocal(local: RagLocalEmbedding): CheckedEmbedding {
  for (const key of ["image", "imagePullSecret"]) {
    if ((local as Record<string, unknown>)[key] === undefined) continue;
    throw new InputPropertyError(
      `embedding.local.${key}`,
      "has no effect: KAITO 0.11.0 takes it and uses its default model all the same; give modelId",
    );
  }
  const { modelId = DEFAULT_EMBEDDING_MODEL, accessSecret } = local;
  ensure("embedding.local.modelId", modelId, matches(MODEL_ID));
  const secret = secretName("embedding.local.accessSecret", accessSecret, "HF_TOKEN");
  const told = {
    variables: { EMBEDDING_SOURCE_TYPE: "local", LOCAL_EMBEDDING_MODEL_ID: modelId },
    secret,
  };
  return {
    spec: { local: { modelID: modelId, modelAccessSecret: secret } },
    told: modelId === DEFAULT_EMBEDDING_MODEL && secret === undefined ? undefined : told,
  };
}

function checkedRemote(remote: RagRemoteEmbedding): CheckedEmbedding {
  if (remote.fixedService !== true) {
    throw new InputPropertyError(
      "embedding.remote",
      "doesn't work with KAITO's own RAG service, up to 0.12.0, which would embed with its default model or not " +
        "start (kaito-project/kaito#2365); use embedding.local, or an image with a fix and fixedService: true",
    );
  }
  const url = validatedInput("embedding.remote.url", remote.url, serviceUrl);
  const secret = secretName(
    "embedding.remote.accessSecret",
    remote.accessSecret,
    "REMOTE_EMBEDDING_ACCESS_SECRET",
  );
  return {
    spec: { remote: { url, accessSecret: secret } },
    told: { variables: { EMBEDDING_SOURCE_TYPE: "remote", REMOTE_EMBEDDING_URL: url }, secret },
    service: { url, pods: checkedPods("embedding.remote.pods", remote.pods) },
  };
}
