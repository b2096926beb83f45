import * as pulumi from "@pulumi/pulumi";
import { readerIdentity } from "./aksMcp/identity.ts";
import { AKS_MCP_ENV, AKS_MCP_RESOURCES, aksMcpFlags, aksMcpGuard } from "./aksMcp/pod.ts";
import {
  AKS_MCP_COMPONENTS,
  AKS_MCP_IMAGE,
  AKS_MCP_PROGRAM,
  AKS_MCP_USER,
  type AksMcpComponent,
  WITHDRAWN,
} from "./aksMcp/upstream.ts";
import { clientConfig } from "./azure/clientConfig.ts";
import { DNS_LABEL } from "./forms.ts";
import { ENTRA_EGRESS } from "./mcpGuard/issuer.ts";
import { requireGuard } from "./mcpGuard/required.ts";
import {
  type KnownServerArgs,
  type McpEgress,
  type McpGuardArgs,
  McpServerDeployment,
} from "./mcpServerDeployment.ts";
import type { ContainerResources } from "./resources.ts";
import { ensure, InputPropertyError, matches, validatedInput, wholeNumber } from "./validation.ts";

export type { AksMcpComponent } from "./aksMcp/upstream.ts";

export interface AksMcpArgs extends KnownServerArgs {
  /**
   * Its image with the tag v0.0.19 and the digest; anything else is an error. Upstream's was
   * ghcr.io/azure/aks-mcp:v0.0.19; a copy in a registry of one's own outlives it.
   */
  image: pulumi.Input<string>;
  /**
   * What stands before the server; there is no "none". Without `authorization` only callers with the role
   * "operator" may call, and see any tool.
   */
  guard: Omit<McpGuardArgs, "search" | "sse">;
  /** The resource group that holds its identity. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region of its identity. */
  location: pulumi.Input<string>;
  /** The cluster's OIDC issuer, for example AksWithGpuPool's `oidcIssuerUrl`. */
  oidcIssuerUrl: pulumi.Input<string>;
  /** The one resource group that it may read. @default - `resourceGroupName` */
  readableResourceGroup?: pulumi.Input<string>;
  /**
   * The subscription of both groups.
   * @default - the subscription that the Azure provider is configured for
   */
  subscriptionId?: pulumi.Input<string>;
  /**
   * Parts of it that have tools; none is an error, because to upstream that means all, also those for a
   * cluster.
   * @default ["az_cli", "monitor", "network", "compute", "detectors", "advisor"]
   */
  enabledComponents?: AksMcpComponent[];
  /**
   * Addresses of Azure Resource Manager, on port 443 unless they say otherwise; besides these only Entra ID's
   * are open. They change, so nobody here knows them: `az network list-service-tags` lists them for the tag
   * AzureResourceManager. [{ cidr: "0.0.0.0/0" }] is the internet.
   */
  armEgress: McpEgress[];
  /** How long one of its commands may take, in seconds, 1 to 3600. @default 60 */
  timeoutSeconds?: number;
  /**
   * Requests and limits.
   * @default { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } }
   */
  resources?: ContainerResources;
  /** Tags of the identity. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * AKS-MCP v0.0.19 (https://github.com/Azure/aks-mcp), which tells models about an AKS cluster's Azure
 * resources.
 *
 * UPSTREAM HAS WITHDRAWN WHAT THIS DOES: from v0.0.20 on it speaks over standard input only, to a client that
 * starts it on the same machine, and its authors say not to run it in Kubernetes or behind a gateway. v0.0.19
 * gets no fixes. To upstream, who may call it has a shell with its identity. Each preview says so as a
 * warning. What limits it here is not its access level, which upstream calls no security boundary, but its
 * identity, which may read one resource group; the network, which it leaves for Entra ID and Azure Resource
 * Manager only; and its guard.
 *
 * Makes an McpServerDeployment, a managed identity with a federated credential, and one RoleAssignment. Costs
 * what its pod requests. See docs/aks-mcp.md.
 */
export class AksMcp extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://aks-mcp.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer, the Deployment and the Service. */
  declare readonly name: pulumi.Output<string>;
  /** The callers' tokens, by their names, as a secret; {} without static tokens. */
  declare readonly tokens: pulumi.Output<Record<string, string>>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;
  /** Object id of its identity. */
  declare readonly identityObjectId: pulumi.Output<string>;

  constructor(name: string, args: AksMcpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:AksMcp", name, {}, opts);
    const { resourceGroupName, location, oidcIssuerUrl, readableResourceGroup, subscriptionId, ...rest } =
      args;
    const {
      guard,
      enabledComponents = [...AKS_MCP_COMPONENTS],
      armEgress,
      timeoutSeconds,
      tags,
      ...passed
    } = rest;
    requireGuard(guard, "who calls AKS-MCP does what its identity may");
    checkComponents(enabledComponents);
    if (!armEgress?.length) {
      const addresses =
        "the addresses of Azure Resource Manager: az network list-service-tags, AzureResourceManager";
      throw new InputPropertyError("armEgress", `must be ${addresses}; without them every call would fail`);
    }
    const serverName = ensure("name", args.name ?? name, matches(DNS_LABEL));
    const seconds = ensure("timeoutSeconds", timeoutSeconds ?? 60, wholeNumber(1, 3600));
    pulumi.log.warn(WITHDRAWN, this);

    const identity = readerIdentity({
      name,
      parent: this,
      serverName,
      namespace: args.namespace,
      oidcIssuerUrl,
      resourceGroupName,
      location,
      readableResourceGroup: readableResourceGroup ?? resourceGroupName,
      subscriptionId: pulumi.output(subscriptionId ?? clientConfig({ parent: this }).subscriptionId),
      tags,
    });
    const server = new McpServerDeployment(
      name,
      {
        ...passed,
        name: serverName,
        image: validatedInput("image", args.image, matches(AKS_MCP_IMAGE)),
        transport: "http",
        command: AKS_MCP_PROGRAM,
        serverPort: SERVER_PORT,
        args: aksMcpFlags(SERVER_PORT, enabledComponents, seconds),
        env: { ...AKS_MCP_ENV },
        guard: aksMcpGuard(guard, seconds),
        runAsUser: AKS_MCP_USER,
        tmpSizeLimit: "256Mi",
        resources: args.resources ?? AKS_MCP_RESOURCES,
        workloadIdentityClientId: identity.clientId,
        egress: [...ENTRA_EGRESS, ...armEgress],
        timeoutSeconds: seconds,
      },
      { parent: this, dependsOn: identity.resources },
    );

    this.url = server.url;
    this.name = server.name;
    this.tokens = server.tokens;
    this.podLabels = server.podLabels;
    this.identityObjectId = identity.objectId;
    const { url, tokens, identityObjectId } = this;
    this.registerOutputs({ url, name: this.name, tokens, identityObjectId });
  }
}

const SERVER_PORT = 8080;

function checkComponents(components: readonly string[]): void {
  const known: readonly string[] = AKS_MCP_COMPONENTS;
  const wrong = components.find((component) => !known.includes(component));
  if (components.length > 0 && wrong === undefined) return;
  const found = wrong === undefined ? "[]" : JSON.stringify(wrong);
  throw new InputPropertyError(
    "enabledComponents",
    `${found} is not allowed; it must list some of ${known.join(", ")}`,
  );
}
