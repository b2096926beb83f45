import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL, URL_PATH } from "./forms.ts";
import { mcpServerSpec } from "./mcpServerDeployment/manifest.ts";
import { type McpTransport, sourceConflicts } from "./mcpServerDeployment/source.ts";
import { refuseUnsupported } from "./mcpServerDeployment/unsupported.ts";
import type { NetworkEgress as McpEgress } from "./network/egress.ts";
import { closePods } from "./network/policies.ts";
import type { NetworkClient as McpClient } from "./network/specs.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "./validation.ts";

export type { McpTransport } from "./mcpServerDeployment/source.ts";
export type { NetworkEgress as McpEgress } from "./network/egress.ts";
export type { NetworkClient as McpClient } from "./network/specs.ts";

export interface McpServerDeploymentArgs {
  /** Name of the MCPServer and of everything KMCP makes for it, a DNS label. @default - the component's name */
  name?: string;
  /** The namespace, which must exist; see RestrictedNamespace. */
  namespace: pulumi.Input<string>;
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
   * TCP port of the server (http) or of the gateway (stdio), and of the Service, 1 to 65535. An http server is told
   * it as PORT; one that doesn't read PORT must listen on this port anyway.
   * @default 3000
   */
  port?: number;
  /** Path of the MCP endpoint. The gateway of stdio servers has "/mcp", and anything else is an error. @default "/mcp" */
  path?: string;
  /**
   * Environment variables. A secret is an error: it belongs into `secretRefs`.
   * @default - HOME=/tmp, and for http PORT=`port`; those that are given come on top
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
  /** Pods, 1 to 100. Sessions live in a pod and the Service doesn't stick to one: keep 1 unless stateless. @default 1 */
  replicas?: number;
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
 * An MCP server that KMCP runs: an `MCPServer` resource, the ServiceAccount of its pods, and NetworkPolicies that
 * let its clients and nobody else in, and the clients of its own namespace out to it. The pods meet the restricted
 * pod security standard. `pulumi up` waits until it is Ready.
 *
 * After an update that Ready may be about the pods from before: KMCP reports it as soon as enough replicas are
 * available, whichever version they have. `kubectl rollout status deployment/<name>` tells when the new ones run,
 * and shows those that don't come up.
 *
 * Costs what its pods request. What the MCPServer resource can't express (probes, autoscaling, session affinity …)
 * is an error. Give it `dependsOn` on the KmcpInstall and the namespace, so that they are deleted after it.
 */
export class McpServerDeployment extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://echo.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer, its Deployment and its Service. */
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: McpServerDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:McpServerDeployment", name, {}, opts);
    refuseUnsupported(args);
    for (const { key, rule } of sourceConflicts(args)) throw new InputPropertyError(key, `must be ${rule}`);
    const address = {
      name: ensure("name", args.name ?? name, matches(DNS_LABEL)),
      port: ensure("port", args.port ?? 3000, wholeNumber(1, 65535)),
      path: ensure("path", args.path ?? "/mcp", matches(URL_PATH)),
    };
    const { name: serverName, port, path } = address;
    // What KMCP's Deployment selects its pods by; an MCPServer can't change it.
    this.podLabels = { "app.kubernetes.io/name": serverName, "app.kubernetes.io/instance": serverName };

    const serviceAccount = new ServiceAccount(
      `${name}-account`,
      {
        metadata: {
          name: serverName,
          namespace: args.namespace,
          annotations:
            args.workloadIdentityClientId === undefined
              ? undefined
              : { "azure.workload.identity/client-id": args.workloadIdentityClientId },
        },
        // MCP servers run tools that callers choose; none of them needs the Kubernetes API.
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const networkPolicy = closePods(this, name, {
      policyName: `mcp-${serverName}`,
      namespace: args.namespace,
      podLabels: this.podLabels,
      port,
      clients: args.clients ?? [{}],
      egress: args.egress ?? [],
    });
    const timeout = `${ensure("readyTimeoutMinutes", args.readyTimeoutMinutes ?? 10, wholeNumber(1, 60))}m`;
    const server = new CustomResource(
      name,
      {
        apiVersion: "kagent.dev/v1alpha1",
        kind: "MCPServer",
        metadata: {
          name: serverName,
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: mcpServerSpec(args, address),
      },
      {
        parent: this,
        // The policy comes first: not for a moment can others reach the pods.
        dependsOn: [serviceAccount, networkPolicy],
        customTimeouts: { create: timeout, update: timeout, delete: "5m" },
      },
    );

    this.name = server.urn.apply(() => serverName);
    this.namespace = pulumi.output(args.namespace);
    this.url = pulumi.interpolate`http://${serverName}.${this.namespace}.svc.cluster.local:${port}${path}`;
    this.registerOutputs({ url: this.url, name: this.name, namespace: this.namespace });
  }
}
