import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL } from "./forms.ts";
import { extendDeployment } from "./kaitoRagEngine/deployment.ts";
import { checkedEmbedding, type RagEmbedding } from "./kaitoRagEngine/embedding.ts";
import { guardrailsSpec, policyData, type RagGuardrails } from "./kaitoRagEngine/guardrails.ts";
import { checkedInference, type RagInference } from "./kaitoRagEngine/inference.ts";
import { ragPolicies } from "./kaitoRagEngine/network.ts";
import { computeSpec, type RagNodes } from "./kaitoRagEngine/nodes.ts";
import type { RagQdrant } from "./kaitoRagEngine/qdrant.ts";
import { ragStorage } from "./kaitoRagEngine/storage.ts";
import { refuseUnsupported } from "./kaitoRagEngine/unsupported.ts";
import type { RagVolume } from "./kaitoRagEngine/volume.ts";
import type { NetworkEgress } from "./network/egress.ts";
import type { NetworkClient } from "./network/specs.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, matches, wholeNumber } from "./validation.ts";

export type { RagEmbedding, RagLocalEmbedding, RagRemoteEmbedding } from "./kaitoRagEngine/embedding.ts";
export type { GuardrailPolicy, RagGuardrails } from "./kaitoRagEngine/guardrails.ts";
export type { RagInference, RagModel } from "./kaitoRagEngine/inference.ts";
export type { ServicePods } from "./kaitoRagEngine/network.ts";
export type { RagNodes } from "./kaitoRagEngine/nodes.ts";
export type { RagQdrant } from "./kaitoRagEngine/qdrant.ts";
export type * from "./kaitoRagEngine/scanners.ts";
export type { RagVolume } from "./kaitoRagEngine/volume.ts";

/** Arguments of KaitoRagEngine. */
export interface KaitoRagEngineArgs {
  /**
   * Name of the RAGEngine, its Deployment and its Service: a DNS label of at most 50.
   * @default - the component's
   */
  name?: string;
  /**
   * The namespace, which must exist and let in pods of the standard "baseline": KAITO's run as root. It may
   * not give containers a memory limit below the 512Mi that they ask for (RestrictedNamespace:
   * `defaultMemoryLimit`).
   */
  namespace: pulumi.Input<string>;
  /** How texts become vectors. Another one makes a new, empty RAG engine. @default { local: {} } */
  embedding?: RagEmbedding;
  /** Where indexes are saved when the pod ends. Not with `qdrant`. @default - nowhere: in memory */
  volume?: RagVolume;
  /** Qdrant in place of the memory of the RAG engine. Not with `volume`. @default - none */
  qdrant?: RagQdrant;
  /**
   * The model that answers with what was retrieved.
   * @default - none: POST /retrieve works, and /v1/chat/completions is an error 503
   */
  inference?: RagInference;
  /** Checks on the answers, with a policy or with KAITO's own ({}). @default - none */
  guardrails?: RagGuardrails;
  /**
   * The nodes, as KAITO selects them: for embedding on GPUs. Can't be added or taken away without a new,
   * empty RAG engine. With a size without GPUs the pod asks for nothing; give `resources`.
   * @default - CPU only, on any node. KAITO's pod tolerates the taints of GPU nodes; see `nodeSelector`
   */
  nodes?: RagNodes;
  /**
   * Labels of the nodes that the pod may run on, for example { "kubernetes.azure.com/mode": "system" } to
   * keep it off nodes with GPUs, which it tolerates. Applied after the first start. @default - any
   */
  nodeSelector?: Record<string, string>;
  /**
   * Requests and limits, applied after the first start. The default model takes about 1 GiB. Taken away again
   * they leave the pod without any, until the RAGEngine is replaced.
   * @default - KAITO's: 500m of CPU and 512Mi as requests, no limits; with `nodes` all GPUs of one, or
   * nothing
   */
  resources?: ContainerResources;
  /**
   * Who may call it; [] is nobody. Those in its own namespace are also let out to it. It knows no keys and no
   * users: whoever can call it reads, changes and deletes every index.
   * @default - the pods of its own namespace
   */
  clients?: NetworkClient[];
  /**
   * What it may call besides DNS, the internet, and the services named in the other arguments; for such a
   * service whose name is public and whose address isn't. @default - nothing
   */
  egress?: NetworkEgress[];
  /**
   * It may call port 443 of the internet, where it gets its models at each start: the embedding's, and
   * Qdrant's for searching by words. false is for an image of your own that has them. @default true
   */
  internet?: boolean;
  /**
   * How long `pulumi up` waits until it works, in minutes, 1 to 120; the image has several GiB.
   * @default 30
   */
  readyTimeoutMinutes?: number;
}

/**
 * True once the pod answers. Source: RAGEngineConditionTypeSucceeded in api/v1beta1/condition_types.go,
 * v0.11.0.
 */
const WAIT_FOR = "condition=RAGEngineSucceeded";

/**
 * A RAG engine that KAITO runs: texts are indexed by POST /index, found by POST /retrieve, and with
 * `inference` questions are answered with them by POST /v1/chat/completions (not as a stream). The default is
 * CPU only, in memory and without a language model.
 *
 * Makes a `RAGEngine` resource and NetworkPolicies; what the arguments ask for besides: a
 * PersistentVolumeClaim, a Qdrant, a ConfigMap for guardrails, and a DeploymentPatch for what KAITO 0.11.0
 * makes nothing of (other embedding models, `nodeSelector`, `resources`). Costs what its pods and disks do.
 *
 * A change of embedding, volume, qdrant, inference, nodes or of whether there are guardrails replaces the
 * RAGEngine, because KAITO carries few of them into a running one. For a minute or more nothing answers, and
 * an index that is only in memory is lost; Qdrant and volume keep theirs. Give it `dependsOn` on the
 * KaitoInstall and the namespace, so that they are deleted after it.
 */
export class KaitoRagEngine extends pulumi.ComponentResource {
  /**
   * The API inside the cluster, for example "http://rag.models.svc.cluster.local"; "/v1" is OpenAI's part of
   * it.
   */
  declare readonly url: pulumi.Output<string>;
  /** Name of the RAGEngine, its Deployment and its Service. */
  declare readonly name: pulumi.Output<string>;
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** What `pulumi up` waited for: "condition=RAGEngineSucceeded". */
  declare readonly waitedFor: pulumi.Output<string>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: KaitoRagEngineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KaitoRagEngine", name, {}, opts);
    refuseUnsupported(args);
    const { namespace, volume, qdrant, guardrails } = args;
    const engine = ensure("name", args.name ?? name, (given) =>
      given.length > 50 ? `${given} is longer than 50 characters` : matches(DNS_LABEL)(given),
    );
    const embedding = checkedEmbedding(args.embedding);
    const inference = args.inference && checkedInference(args.inference);
    const compute = args.nodes && computeSpec(args.nodes);
    const policy = guardrails && policyData(guardrails);
    const timeout = `${ensure("readyTimeoutMinutes", args.readyTimeoutMinutes ?? 30, wholeNumber(1, 120))}m`;
    // What KAITO's Deployment selects its pods by. Source: LabelRAGEngineName in api/v1beta1/labels.go,
    // v0.11.0.
    this.podLabels = { "kaito.sh/ragengine": engine };

    const around = { name, engine, namespace, podLabels: this.podLabels, parent: this };
    const storage = ragStorage(volume, qdrant, around);
    const policyName = `${engine}-guardrails`;
    const policyMap =
      policy &&
      new ConfigMap(
        `${name}-guardrails`,
        { metadata: { name: policyName, namespace }, data: policy },
        { parent: this },
      );
    const policies = ragPolicies({
      ...around,
      clients: args.clients ?? [{}],
      egress: args.egress ?? [],
      internet: args.internet ?? true,
      services: [embedding.service, inference?.service, storage.service].filter((each) => each !== undefined),
    });
    const ragEngine = new CustomResource(
      name,
      {
        apiVersion: "kaito.sh/v1beta1",
        kind: "RAGEngine",
        metadata: {
          name: engine,
          namespace,
          annotations: { "pulumi.com/waitFor": WAIT_FOR },
        },
        spec: {
          compute,
          storage: storage.spec,
          embedding: embedding.spec,
          inferenceService: inference?.spec,
          guardrails: guardrails && guardrailsSpec(guardrails, policyName),
        },
      },
      {
        parent: this,
        // The policies come first: not for a moment can others reach the pods.
        dependsOn: [...policies, ...storage.resources, ...(policyMap ? [policyMap] : [])],
        // Of a change KAITO carries only environment variables into the Deployment, which restarts the pod,
        // and no volumes and nodes (applyRAG in ragengine_controller.go, v0.11.0). It doesn't raise the
        // observedGeneration of conditions that stay true, either: nothing would say when the change is done,
        // and the wait never ended.
        replaceOnChanges: ["spec"],
        // Two of one name can't be at a time, and the provider knows nothing of the line above.
        deleteBeforeReplace: true,
        customTimeouts: { create: timeout, update: timeout, delete: "10m" },
      },
    );
    const extended = extendDeployment(
      { told: embedding.told, resources: args.resources, nodeSelector: args.nodeSelector },
      { name, engine, namespace },
      { timeout, ragEngine, parent: this },
    );

    this.name = (extended ?? ragEngine).urn.apply(() => engine);
    this.namespace = pulumi.output(namespace);
    this.url = pulumi.interpolate`http://${this.name}.${this.namespace}.svc.cluster.local`;
    this.waitedFor = ragEngine.urn.apply(() => WAIT_FOR);
    this.registerOutputs({
      url: this.url,
      name: this.name,
      namespace: this.namespace,
      waitedFor: this.waitedFor,
    });
  }
}
