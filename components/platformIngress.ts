import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL } from "./forms.ts";
import type { NetworkClient } from "./network/specs.ts";
import type { PlatformIngressArgs } from "./platformIngress/args.ts";
import { checkIngress } from "./platformIngress/check.ts";
import {
  APP_ROUTING_CLASS,
  classTraits,
  gatewayClients,
  gatewayExemption,
  refuseForClass,
} from "./platformIngress/classes.ts";
import { dnsRecords, type GatewayAddress } from "./platformIngress/dns.ts";
import { GATEWAY_API, GATEWAY_READY, gatewayOptions, gatewaySpec } from "./platformIngress/gateway.ts";
import { gatewayPolicies } from "./platformIngress/network.ts";
import { gatewayQuota } from "./platformIngress/quota.ts";
import { ingressRoutes } from "./platformIngress/routeResources.ts";
import { certificates, givenSecret } from "./platformIngress/tls.ts";
import { RestrictedNamespace } from "./restrictedNamespace.ts";
import { ensure, InputPropertyError, matches } from "./validation.ts";

export type * from "./platformIngress/args.ts";

/**
 * The front door: a Gateway with a listener for each host, routes to their Services, certificates, a redirect from
 * plain HTTP, and DNS records. It makes a namespace for the Gateway, where with Istio's classes its pods run too,
 * which only the ports 80, 443 and the load balancer's probe reach, and which reach only what is routed.
 *
 * `pulumi up` waits until the Gateway is programmed and has an address, then until every certificate is there, and
 * until every route is accepted. The cluster must have the Gateway API and the class (see `appRoutingGateway` of
 * AksWithGpuPool and GatewayClassReady), and for an issuer cert-manager (see CertManager): give it `dependsOn` on
 * them.
 *
 * Costs with "approuting-istio": two to five small pods, a public address and a rule of the load balancer.
 */
export class PlatformIngress extends pulumi.ComponentResource {
  /** Where the hosts must lead to: an IP address, or a host name of Application Gateway for Containers. */
  declare readonly address: pulumi.Output<string>;
  /** The URL of each host, by host: "https://chat.example.com"; known when it can be called. */
  declare readonly urls: pulumi.Output<Record<string, string>>;
  /** Who calls the routes' pods, which must let them in. */
  declare readonly clients: NetworkClient[];
  /** The Gateway's namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** The Gateway's name. */
  declare readonly gatewayName: string;

  constructor(name: string, args: PlatformIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:PlatformIngress", name, {}, opts);
    const { className = APP_ROUTING_CLASS, routes, tls } = args;
    checkIngress(args);
    refuseForClass(className, args);
    const gatewayName = ensure("gatewayName", args.gatewayName ?? name, matches(DNS_LABEL));
    if (gatewayName.length > 40) {
      throw new InputPropertyError(
        "gatewayName",
        "must be at most 40 letters: what is made for it adds to it",
      );
    }
    const namespaceName = args.namespace ?? "ingress";
    const { istiod, timeouts } = classTraits(className);
    const timeout = `${args.readyTimeoutMinutes ?? 15}m`;
    const hosts = routes.map(({ host }) => host);
    this.clients = gatewayClients({ ...args, className, gatewayName, namespace: namespaceName });

    const namespace = new RestrictedNamespace(
      `${name}-namespace`,
      {
        namespace: namespaceName,
        podSecurityExemption: gatewayExemption(className, args.podSecurityExemption),
        quota: gatewayQuota(args.replicas?.max, hosts.length),
      },
      { parent: this },
    );
    const place = { namespace: namespace.namespace, namespaceName };
    const inside = { parent: this, dependsOn: [namespace] };
    const policies = gatewayPolicies(this, name, {
      gatewayName,
      namespace: namespace.namespace,
      istiod,
      targets: routes.map(({ target }) => target),
      issuer: "issuer" in tls,
      clients: this.clients,
    });
    const given = givenSecret(name, tls, { ...place, gatewayName, hosts }, inside);
    const options = istiod === undefined ? undefined : gatewayOptions(args);
    const optionsName = options && `${gatewayName}-options`;
    const configMap =
      options &&
      new ConfigMap(
        `${name}-options`,
        { metadata: { name: optionsName, namespace: namespace.namespace }, data: options },
        inside,
      );
    const gateway = new CustomResource(
      name,
      {
        apiVersion: GATEWAY_API,
        kind: "Gateway",
        metadata: {
          name: gatewayName,
          namespace: namespace.namespace,
          annotations: { ...args.annotations, "pulumi.com/waitFor": GATEWAY_READY },
        },
        spec: gatewaySpec(args, { className, secrets: given.secrets, optionsName }),
        // What the cluster tells; an output has to be asked for.
        status: undefined as unknown as pulumi.Input<object>,
      },
      {
        parent: this,
        dependsOn: [namespace, ...policies, ...given.resources, ...(configMap ? [configMap] : [])],
        customTimeouts: { create: timeout, update: timeout, delete: "10m" },
        // Another class would leave the old one's pods and address; the old Gateway goes first, because with
        // publicIp or dnsLabel it holds what the new one needs.
        replaceOnChanges: ["spec.gatewayClassName"],
        deleteBeforeReplace: true,
      },
    );
    const address = addressOf(gateway);
    const records = args.dns ? dnsRecords(this, name, hosts, args.dns, address) : [];
    const issued = certificates(name, tls, hosts, place.namespace, {
      parent: this,
      dependsOn: [gateway, ...policies, ...records],
      customTimeouts: { create: timeout, update: timeout },
    });
    const parent = { name: gatewayName, namespace: namespaceName };
    const waf = args.wafPolicyId;
    const made = ingressRoutes(
      name,
      { routes, parent, timeouts, waf, hsts: args.hsts ?? {} },
      {
        parent: this,
        dependsOn: [gateway],
      },
    );

    this.gatewayName = gatewayName;
    this.namespace = namespace.namespace;
    this.address = address.apply(({ value }) => value);
    const usable = [...issued, ...records, ...made].map(({ urn }) => urn);
    this.urls = pulumi
      .all(usable)
      .apply(() => Object.fromEntries(hosts.map((host) => [host, `https://${host}`])));
    this.registerOutputs({ address: this.address, urls: this.urls, namespace: this.namespace });
  }
}

/** The first address of the Gateway, which is there when it is ready. */
function addressOf(gateway: CustomResource): pulumi.Output<GatewayAddress> {
  const { status } = gateway as unknown as {
    status: pulumi.Output<{ addresses?: GatewayAddress[] } | undefined>;
  };
  return status.apply((it) => {
    const [address] = it?.addresses ?? [];
    if (address === undefined) throw new pulumi.RunError("the Gateway has no address in its status");
    return address;
  });
}
