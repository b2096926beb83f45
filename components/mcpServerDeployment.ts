import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { McpGuardArgs } from "./mcpGuard/args.ts";
import { checkGuard } from "./mcpGuard/check.ts";
import { makeGuard } from "./mcpGuard/guard.ts";
import { serverAccount } from "./mcpServerDeployment/account.ts";
import { addressConflicts, serverAddress } from "./mcpServerDeployment/address.ts";
import type { McpProbes } from "./mcpServerDeployment/deployment.ts";
import { kmcpWorkload } from "./mcpServerDeployment/kmcp.ts";
import { closeServer } from "./mcpServerDeployment/network.ts";
import {
  type McpAutoscaling,
  type McpRuntime,
  type McpSessions,
  scaleConflicts,
} from "./mcpServerDeployment/scale.ts";
import { type McpTransport, sourceConflicts } from "./mcpServerDeployment/source.ts";
import { refuseUnsupported } from "./mcpServerDeployment/unsupported.ts";
import { ownWorkload } from "./mcpServerDeployment/workload.ts";
import type { NetworkEgress as McpEgress } from "./network/egress.ts";
import type { NetworkClient as McpClient } from "./network/specs.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

export type * from "./mcpGuard/args.ts";
export type { McpProbes } from "./mcpServerDeployment/deployment.ts";
export type { McpAutoscaling, McpRuntime, McpSessions } from "./mcpServerDeployment/scale.ts";
export type { McpTransport } from "./mcpServerDeployment/source.ts";
export type { NetworkEgress as McpEgress } from "./network/egress.ts";
export type { NetworkClient as McpClient } from "./network/specs.ts";

export interface McpServerDeploymentArgs {
  /** Name of the MCPServer and of everything KMCP makes for it, a DNS label. @default - the component's name */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
  /**
   * What stands before the server: authentication, authorization, limits, audit and metrics, in a container of the
   * same pod. "none" leaves it to the NetworkPolicy who may call every tool. There is no default: who forgets it
   * would have an open server, and nobody can guess who the callers are.
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
  /** Names of Secrets in the namespace with which the image is pulled. @default - none: the nodes' identity */
  imagePullSecrets?: pulumi.Input<string>[];
  /** The program to start. @default - the image's entry point (stdio servers must name it) */
  command?: string;
  /** Its arguments. @default - none */
  args?: pulumi.Input<string>[];
  /**
   * TCP port that clients call, 1 to 65535: the guard's, or without one the server's, which is told it as PORT. Of a
   * stdio server the gateway's, and its guard has 3001 and a Service of its own, `<name>-guard`.
   * @default 3000
   */
  port?: number;
  /**
   * TCP port of an http server behind its guard, of which it is told as PORT, with HOST=127.0.0.1. One that doesn't
   * read PORT must listen here anyway; one that doesn't read HOST is closed by the NetworkPolicy.
   * @default 8080, or 8081 where `port` is 8080
   */
  serverPort?: number;
  /** Path of the MCP endpoint. The gateway of stdio servers has "/mcp", and anything else is an error. @default "/mcp" */
  path?: string;
  /**
   * Environment variables. A secret is an error: it belongs into `secretRefs`.
   * @default - HOME=/tmp, for http PORT, and behind a guard HOST=127.0.0.1; those that are given come on top
   */
  env?: Record<string, pulumi.Input<string>>;
  /** Names of Secrets whose keys become environment variables. @default - none */
  secretRefs?: pulumi.Input<string>[];
  /** Names of ConfigMaps, mounted at /configmaps/<name>. @default - none */
  configMapRefs?: pulumi.Input<string>[];
  /**
   * Requests and limits of the server.
   * @default { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } }
   */
  resources?: ContainerResources;
  /**
   * "deployment": a Deployment of its own instead of an MCPServer, for http servers that need probes or must scale
   * out, which KMCP undoes. To change it, take the server out for one `pulumi up`: both make objects of its name.
   * @default "kmcp"
   */
  runtime?: McpRuntime;
  /** Pods, 1 to 100; more than one needs `sessions`. @default 1 */
  replicas?: number;
  /** A number of pods that follows their CPU, instead of `replicas`; runtime "deployment". @default - none */
  autoscaling?: McpAutoscaling;
  /**
   * "in-memory": server and guard know a session only in the pod where it began, so there is one. "stateless": the
   * server begins none (no Mcp-Session-Id), so any pod answers. "client-ip": the Service sends a client address
   * always to the same pod (runtime "deployment"); sessions end when pods come and go.
   * @default "in-memory"
   */
  sessions?: McpSessions;
  /** Probes of the server; runtime "deployment". The guard has its own, which ask the server. @default - none */
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
   * Client id of a managed identity that the server may use (workload identity). Not made here, and needed too: a
   * federated credential of that identity, with the cluster's OIDC issuer and the subject
   * `system:serviceaccount:<namespace>:<name>`; and `egress` to Entra ID (login.microsoftonline.com, port 443).
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
  /** How long `pulumi up` waits until it is Ready, in minutes, 1 to 60. @default 10 */
  readyTimeoutMinutes?: number;
}

/**
 * An MCP server that KMCP runs, with a guard before it: an `MCPServer` resource, the ServiceAccount of its pods, the
 * guard's ConfigMap and Secret, and NetworkPolicies that let its clients and nobody else in, to the guard alone, and
 * the clients of its own namespace out to it. The pods meet the restricted pod security standard. `pulumi up` waits
 * until it is Ready, which with a guard means that the server answers `initialize`.
 *
 * After an update that Ready may be about the pods from before: KMCP reports it as soon as enough replicas are
 * available, whichever version they have. `kubectl rollout status deployment/<name>` tells when the new ones run,
 * and shows those that don't come up.
 *
 * Costs what its pods request. What the MCPServer resource can't express (probes, autoscaling, session affinity …)
 * is an error, unless `runtime` is "deployment". Give it `dependsOn` on the KmcpInstall and the namespace, so that
 * they are deleted after it.
 */
export class McpServerDeployment extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://echo.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer (if KMCP runs it), the Deployment and the Service. */
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string>;
  /** The callers' tokens, by their names, as a secret; {} without static tokens. */
  declare readonly tokens: pulumi.Output<Record<string, string>>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: McpServerDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:McpServerDeployment", name, {}, opts);
    refuseUnsupported(args);
    checkGuard(args.guard);
    const guarded = args.guard !== "none";
    const conflicts = [sourceConflicts(args), scaleConflicts(args), addressConflicts(args, guarded)].flat();
    for (const { key, rule } of conflicts) throw new InputPropertyError(key, `must be ${rule}`);
    const { namespace, imagePullPolicy } = args;
    const address = serverAddress(args.name ?? name, args, guarded);
    const { name: serverName, port, path } = address;
    // What KMCP's Deployment selects its pods by; an MCPServer can't change it.
    this.podLabels = { "app.kubernetes.io/name": serverName, "app.kubernetes.io/instance": serverName };

    const account = serverAccount(name, args, serverName, this);
    const networkPolicy = closeServer(this, name, args, { ...address, podLabels: this.podLabels });
    const place = {
      server: serverName,
      port,
      path,
      upstreamPort: address.serverPort,
      probeSeconds: args.transport === "stdio" ? 60 : undefined,
      namespace,
      imagePullPolicy,
    };
    const guard = args.guard === "none" ? undefined : makeGuard(name, args.guard, place, this);
    const timeout = `${ensure("readyTimeoutMinutes", args.readyTimeoutMinutes ?? 10, wholeNumber(1, 60))}m`;
    const makeWorkload = args.runtime === "deployment" ? ownWorkload : kmcpWorkload;
    const server = makeWorkload(
      name,
      args,
      { address, namespace, podLabels: this.podLabels, guard: guard?.sidecar },
      {
        parent: this,
        // The policy comes first: not for a moment can others reach the pods.
        dependsOn: [account, networkPolicy, ...(guard?.resources ?? [])],
        customTimeouts: { create: timeout, update: timeout, delete: "5m" },
      },
    );

    this.name = server.urn.apply(() => serverName);
    this.namespace = pulumi.output(namespace);
    this.url = pulumi.interpolate`http://${address.service}.${this.namespace}.svc.cluster.local:${port}${path}`;
    this.tokens = guard?.tokens ?? pulumi.secret<Record<string, string>>({});
    this.registerOutputs({ url: this.url, name: this.name, namespace: this.namespace, tokens: this.tokens });
  }
}
