import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { McpGuardArgs } from "../mcpGuard/args.ts";
import type { NetworkEgress as McpEgress } from "../network/egress.ts";
import type { NetworkClient as McpClient } from "../network/specs.ts";
import type { ContainerResources } from "../resources.ts";
import type { McpProbes } from "./deployment.ts";
import type { McpAutoscaling, McpRuntime, McpSessions } from "./scale.ts";
import type { McpTransport } from "./source.ts";

/** Arguments of McpServerDeployment. */
export interface McpServerDeploymentArgs {
  /**
   * Name of the MCPServer and of everything KMCP makes for it, a DNS label. @default - the component's name
   */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
  /**
   * What stands before the server: authentication, authorization, limits, audit and metrics, in a container
   * of the same pod. "none" leaves it to the NetworkPolicy who may call every tool. There is no default: who
   * forgets it would have an open server, and nobody can guess who the callers are.
   */
  guard: McpGuardArgs | "none";
  /** "http": the server speaks streamable HTTP itself. "stdio": KMCP's gateway starts it for each session. */
  transport: McpTransport;
  /**
   * Container image with tag or digest; ":latest" and no tag are errors.
   * @default - KMCP's for the commands npx and uvx, whose package is fetched at each start; else an error
   */
  image?: pulumi.Input<string>;
  /** When the image is pulled. @default "IfNotPresent" */
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /**
   * Names of Secrets in the namespace with which the image is pulled. @default - none: the nodes' identity
   */
  imagePullSecrets?: pulumi.Input<string>[];
  /** The program to start. @default - the image's entry point (stdio servers must name it) */
  command?: string;
  /** Its arguments. @default - none */
  args?: pulumi.Input<string>[];
  /**
   * TCP port that clients call, 1 to 65535: the guard's, or without one the server's, which is told it as
   * PORT. Of a stdio server the gateway's, and its guard has 3001 and a Service of its own, `<name>-guard`.
   * @default 3000
   */
  port?: number;
  /**
   * TCP port of an http server behind its guard, of which it is told as PORT, with HOST=127.0.0.1. One that
   * doesn't read PORT must listen here anyway; one that doesn't read HOST is closed by the NetworkPolicy.
   * @default 8080, or 8081 where `port` is 8080
   */
  serverPort?: number;
  /**
   * Path of the MCP endpoint. The gateway of stdio servers has "/mcp", and anything else is an error.
   * @default "/mcp"
   */
  path?: string;
  /**
   * Environment variables. A secret is an error: it belongs into `secretRefs`.
   * @default - HOME=/tmp, for http PORT, behind a guard HOST=127.0.0.1, and with sessions "stateless"
   * MCP_SESSIONS=stateless; those that are given come on top
   */
  env?: Record<string, pulumi.Input<string>>;
  /** Names of Secrets whose keys become environment variables. @default - none */
  secretRefs?: pulumi.Input<string>[];
  /**
   * Names of ConfigMaps, mounted at /configmaps/<name>; with the runtime "kmcp" at most 60 letters, without
   * dots.
   * @default - none
   */
  configMapRefs?: pulumi.Input<string>[];
  /**
   * Requests and limits of the server.
   * @default { requests: { cpu: "50m", memory: "160Mi" }, limits: { cpu: "500m", memory: "256Mi" } }
   */
  resources?: ContainerResources;
  /**
   * "deployment": a Deployment of its own instead of an MCPServer, for http servers that need probes or must
   * scale out, which KMCP undoes. To change it, take the server out for one `pulumi up`: both make objects of
   * its name.
   * @default "kmcp"
   */
  runtime?: McpRuntime;
  /** Pods, 1 to 100; more than one needs `sessions`. @default 1 */
  replicas?: number;
  /**
   * A number of pods that follows their CPU or their calls, instead of `replicas`; runtime "deployment". @default - none
   */
  autoscaling?: McpAutoscaling;
  /**
   * "in-memory": server and guard know a session only in the pod where it began, so there is one.
   * "stateless": the server begins none (no Mcp-Session-Id), so any pod answers; it is told so as
   * MCP_SESSIONS=stateless, and behind a guard it isn't ready if it begins one all the same. "portable": a session of
   * the server holds nothing but what the client says in `initialize`; the guard gives out ids that hold that, signed
   * with a key that the pods share, and any pod takes such a session up. A server that asks its clients something in
   * the middle of a call (sampling, elicitation) can be neither. "client-ip": the Service sends a client address
   * always to the same pod (runtime "deployment"); sessions end when pods come and go.
   * @default "in-memory"
   */
  sessions?: McpSessions;
  /**
   * Probes of the server; runtime "deployment". The guard has its own, which ask the server. @default - none
   */
  probes?: McpProbes;
  /** User and group id of the server, 1 to 65535; root is an error. @default 10001 */
  runAsUser?: number;
  /** The image's files can't be changed; /tmp can. @default true */
  readOnlyRootFilesystem?: boolean;
  /**
   * Size of /tmp, a Kubernetes quantity.
   * @default - "64Mi"; without `image` "1Gi", for the package that is fetched
   */
  tmpSizeLimit?: string;
  /**
   * Who may call the server; [] is nobody. Those in its own namespace are also let out to it, which a
   * RestrictedNamespace doesn't do by itself.
   * @default - the pods of its own namespace
   */
  clients?: McpClient[];
  /** What the server may call, besides DNS. Needed without `image`. @default - nothing */
  egress?: McpEgress[];
  /**
   * Client id of a managed identity that the server may use (workload identity). Not made here, and needed
   * too: a federated credential of that identity, with the cluster's OIDC issuer and the subject
   * `system:serviceaccount:<namespace>:<name>`; and `egress` to Entra ID (login.microsoftonline.com, port
   * 443).
   * @default - none
   */
  workloadIdentityClientId?: pulumi.Input<string>;
  /** Labels of the nodes it may run on. @default - any */
  nodeSelector?: Record<string, string>;
  /** Taints that it tolerates. @default - none */
  tolerations?: input.core.v1.Toleration[];
  /** Affinity of its pods. @default - none */
  affinity?: pulumi.Input<input.core.v1.Affinity>;
  /** How long clients should wait for an answer, in seconds. Source: `spec.timeout`. @default 30 */
  timeoutSeconds?: number;
  /**
   * The kubeconfig with which `pulumi up` looks at the new pods, its text or the path of a file: that of the
   * provider. Treated as a secret; a new one changes nothing. Its user must be able to get the MCPServer and
   * its Deployment and to list pods; logs and events make errors say more. Without effect for the runtime
   * "deployment", whose roll-out Pulumi waits for by itself.
   * @default - none: `pulumi up` waits until KMCP says Ready, which after an update it says of the pods from
   * before: new ones that don't come up are no error then, and what the old ones mount is deleted under them
   */
  kubeconfig?: pulumi.Input<string>;
  /** How long `pulumi up` waits until its pods are ready, in minutes, 1 to 60. @default 10 */
  readyTimeoutMinutes?: number;
}

/** What means the same of any MCP server that has a component of its own. */
export type KnownServerArgs = Pick<
  McpServerDeploymentArgs,
  | "name"
  | "namespace"
  | "imagePullPolicy"
  | "imagePullSecrets"
  | "clients"
  | "nodeSelector"
  | "tolerations"
  | "affinity"
  | "kubeconfig"
  | "readyTimeoutMinutes"
>;
