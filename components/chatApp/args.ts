import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkEgress } from "../network/egress.ts";
import type { NetworkClient, NetworkTarget } from "../network/specs.ts";
import type { ContainerResources } from "../resources.ts";
import type { ChatModel } from "./models.ts";
import type { ChatRagEngine } from "./ragEngines.ts";
import type { ChatSignIn } from "./signIn.ts";
import type { ChatStorage } from "./storage.ts";
import type { ChatTool } from "./tools.ts";

/** A database or a Redis. */
export interface ChatService {
  /** Its URL with user and password, treated as a secret. */
  url: pulumi.Input<string>;
  /** Its pods, where it runs in the cluster. @default - what the URL says: a Service's whole namespace */
  target?: NetworkTarget;
}

/** Arguments of ChatApp. */
export interface ChatAppArgs {
  /** Name of the Deployment, the Service and what belongs to them, a DNS label. @default - the component's */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
  /** The models that answer, the default one first; at least one. */
  models: ChatModel[];
  /** The MCP servers whose tools the models may call. @default [] */
  tools?: ChatTool[];
  /** The RAG engines in which the models may look things up; see ChatRagEngine.indexes. @default [] */
  ragEngines?: ChatRagEngine[];
  /**
   * The address under which browsers find it, an http or https URL without a path; cookies are marked secure
   * with https. Not made here; see PlatformIngress. @default - none: kubectl port-forward, on localhost:8080
   */
  publicUrl?: string;
  /** How people sign in. @default {}: with a password, of accounts that the administrator makes */
  signIn?: ChatSignIn;
  /**
   * Pods, 1 to 20. Several need `database`, `redis`, and either a `storage` that all of them can write or
   * `uploads: false`. @default 1
   */
  replicas?: number;
  /** A PostgreSQL, by a URL that begins with "postgresql://". @default - SQLite on the volume */
  database?: ChatService;
  /** A Redis, by a URL that begins with "redis://" or "rediss://". @default - none: one pod needs no other's news */
  redis?: ChatService;
  /** Where chats (with SQLite) and files are kept. @default { size: "10Gi" } */
  storage?: ChatStorage;
  /**
   * People may give files to the model: text, Markdown, CSV, HTML and XML, which it is shown whole, and
   * pictures. @default true
   */
  uploads?: boolean;
  /** What every model is told first; "{{CURRENT_DATE}}" is replaced. @default - to search, and to name its sources */
  systemPrompt?: string;
  /** Questions that an empty chat proposes. @default ["What are the latest features in AKS?"] */
  suggestions?: string[];
  /** How long a model may take to answer, in seconds, 1 to 3600. @default 600 */
  modelTimeoutSeconds?: number;
  /**
   * How long a tool may take, in seconds, 1 to 300: after that Open WebUI gives a silent MCP server up in any
   * case (create_httpx_client in utils/mcp/client.py, 0.12.4). The server's guard has a limit of its own.
   * @default 300
   */
  toolTimeoutSeconds?: number;
  /** How often in a row a model may call tools before it has to answer, 1 to 100. @default 10 */
  toolRounds?: number;
  /** Image with tag or digest; ":latest" and no tag are errors. @default - OPEN_WEBUI_IMAGE */
  image?: pulumi.Input<string>;
  /** Names of Secrets in the namespace with which the image is pulled. @default - none: the nodes' identity */
  imagePullSecrets?: pulumi.Input<string>[];
  /**
   * Requests and limits.
   * @default { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } }
   */
  resources?: ContainerResources;
  /** Who may reach it, such as `PlatformIngress.clients`; [] is nobody, and kubectl port-forward works. @default [] */
  clients?: NetworkClient[];
  /** What it may call besides DNS, the services named in the other arguments, and Entra ID. @default [] */
  egress?: NetworkEgress[];
  /** Labels of the nodes it may run on. @default - any */
  nodeSelector?: Record<string, string>;
  /** Taints that it tolerates. @default - none */
  tolerations?: input.core.v1.Toleration[];
  /** How long `pulumi up` waits until its pods are ready, in minutes, 1 to 60. @default 10 */
  readyTimeoutMinutes?: number;
}
