import { Registry } from "@pulumi/azure-native/containerregistry/registry.js";
import * as pulumi from "@pulumi/pulumi";
import { access, type RegistryAccess } from "./acrForAks/access.ts";
import { registryName } from "./acrForAks/naming.ts";
import { scopedToken } from "./acrForAks/scopedToken.ts";
import { clientConfig } from "./azure/clientConfig.ts";
import { REGISTRY_NAME } from "./forms.ts";
import { PrivateLink } from "./privateLink.ts";
import { grantRole, type PrincipalType } from "./roles.ts";
import { ensure, InputPropertyError, matches, validatedInput, wholeNumber } from "./validation.ts";

export type { RegistryAccess } from "./acrForAks/access.ts";
export type { PrincipalType } from "./roles.ts";

/** Arguments of AcrForAks. */
export interface AcrForAksArgs extends RegistryAccess {
  /** The resource group that holds the registry. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region, for example "eastus". */
  location: pulumi.Input<string>;
  /**
   * The registry's own name. Anything but 5 to 50 of a-z and 0-9 is an error.
   * @default - `namePrefix` and a hash of subscription, resource group, project and stack
   */
  registryName?: pulumi.Input<string>;
  /**
   * The readable start of a generated name; characters that Azure does not allow are left out.
   * @default "mcpaas"
   */
  namePrefix?: string;
  /**
   * The subscription that holds the registry, as a GUID.
   * @default - the subscription that the Azure provider is configured for
   */
  subscriptionId?: pulumi.Input<string>;
  /**
   * The registry's SKU: storage, throughput and features (https://aka.ms/acr/skus).
   * @default "Basic"
   */
  sku?: "Basic" | "Standard" | "Premium";
  /**
   * Days that a manifest without a tag is kept, 0 to 365. An error on any SKU but Premium, which alone has it.
   * @default - kept for ever
   */
  untaggedRetentionDays?: number;
  /**
   * Object id (not client id) of the cluster's kubelet identity, which gets AcrPull on this registry.
   * @default - nobody may pull
   */
  kubeletIdentityObjectId?: pulumi.Input<string>;
  /**
   * Who may push any repository, for example a build pipeline's identity.
   * @default - nobody
   */
  pushPrincipal?: { objectId: pulumi.Input<string>; principalType: PrincipalType };
  /**
   * Repositories for which a token is made that may push and pull these and no others. The token has no
   * password until one is generated for it; AcrTokenPassword makes a token with one.
   * @default - no token
   */
  pushTokenRepositories?: string[];
  /** Pulumi refuses to delete or to replace the registry, with which its images go. @default false */
  protect?: boolean;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An Azure Container Registry that one AKS cluster pulls from without a password: the admin user is off, and
 * the only standing rights are AcrPull for the kubelet identity and, when asked for, one pusher.
 *
 * Makes a Registry, up to two RoleAssignments, up to one ScopeMap with its Token, and on request a PrivateLink. Costs
 * what the SKU costs (Basic is about 5 USD a month, Premium 50); role assignments and tokens are free.
 *
 * Zones need no argument: Azure keeps every registry's images in all zones of a region that has some.
 * Source: https://learn.microsoft.com/azure/container-registry/zone-redundancy
 */
export class AcrForAks extends pulumi.ComponentResource {
  /** ARM id of the registry. */
  declare readonly id: pulumi.Output<string>;
  /** The registry's name, unique in Azure. */
  declare readonly name: pulumi.Output<string>;
  /** The host that image references begin with. */
  declare readonly loginServer: pulumi.Output<string>;
  /** Name of the repository-scoped push token, when one was asked for. */
  declare readonly pushTokenName: pulumi.Output<string> | undefined;

  constructor(name: string, args: AcrForAksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:AcrForAks", name, {}, opts);
    const sku = args.sku ?? "Basic";
    const retention = retentionPolicy(sku, args.untaggedRetentionDays);
    const subscriptionId = pulumi.output(
      args.subscriptionId ?? clientConfig({ parent: this }).subscriptionId,
    );

    const registry = new Registry(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        registryName:
          args.registryName === undefined
            ? pulumi.all([subscriptionId, args.resourceGroupName]).apply(([subscription, group]) =>
                registryName(args.namePrefix ?? "mcpaas", {
                  subscriptionId: subscription,
                  resourceGroupName: group,
                  project: pulumi.getProject(),
                  stack: pulumi.getStack(),
                }),
              )
            : validatedInput("registryName", args.registryName, matches(REGISTRY_NAME)),
        sku: { name: sku },
        adminUserEnabled: false,
        ...access(sku, args),
        policies: retention && { retentionPolicy: retention },
        tags: args.tags,
      },
      { parent: this, protect: args.protect ?? false },
    );

    if (args.privateEndpoint !== undefined) {
      const { resourceGroupName, location, tags } = args;
      new PrivateLink(
        `${name}-link`,
        {
          ...args.privateEndpoint,
          resourceGroupName,
          location,
          service: "registry",
          targetId: registry.id,
          tags,
        },
        { parent: this },
      );
    }
    if (args.kubeletIdentityObjectId !== undefined) {
      grantRole(
        `${name}-pull`,
        {
          role: "acrPull",
          scope: registry.id,
          subscriptionId,
          principalId: args.kubeletIdentityObjectId,
          principalType: "ServicePrincipal",
        },
        { parent: this },
      );
    }
    if (args.pushPrincipal !== undefined) {
      const { objectId: principalId, principalType } = args.pushPrincipal;
      grantRole(
        `${name}-push`,
        { role: "acrPush", scope: registry.id, subscriptionId, principalId, principalType },
        { parent: this },
      );
    }

    this.id = registry.id;
    this.name = registry.name;
    this.loginServer = registry.loginServer;
    this.pushTokenName = args.pushTokenRepositories?.length
      ? scopedToken(
          `${name}-push`,
          {
            resourceGroupName: args.resourceGroupName,
            registryName: registry.name,
            tokenName: `${name}-push`,
            repositories: args.pushTokenRepositories,
            actions: "push",
          },
          { parent: this },
        ).name
      : undefined;
    this.registerOutputs({
      id: this.id,
      name: this.name,
      loginServer: this.loginServer,
      pushTokenName: this.pushTokenName,
    });
  }
}

function retentionPolicy(sku: string, days: number | undefined) {
  if (days === undefined) return undefined;
  if (sku !== "Premium") {
    throw new InputPropertyError(
      "untaggedRetentionDays",
      `needs the Premium SKU, the registry's is ${sku}; leave it out or set sku to "Premium"`,
    );
  }
  return { days: ensure("untaggedRetentionDays", days, wholeNumber(0, 365)), status: "enabled" };
}
