import { stringify } from "yaml";
import type { PlatformIngressArgs } from "./args.ts";
import { hasOwnPods } from "./classes.ts";
import { HTTP_LISTENER, listenerName } from "./names.ts";

/** API version of Gateways and routes. */
export const GATEWAY_API = "gateway.networking.k8s.io/v1";

/** Usable: it is set up, and has an address. */
export const GATEWAY_READY = JSON.stringify([
  "condition=Programmed",
  "jsonpath={.status.addresses[0].value}",
]);

/** What a Gateway is made of, besides its own arguments. */
export interface GatewayParts {
  className: string;
  /** The Secrets of the hosts, by host. */
  secrets: Readonly<Record<string, SecretRef>>;
  /** A ConfigMap with what the class is to do differently. */
  optionsName?: string;
}

/** A Secret with a certificate; without a namespace in the Gateway's own. */
export interface SecretRef {
  name: string;
  namespace?: string;
}

/**
 * The Gateway: plain HTTP for all hosts, which is only for redirects and for ACME, and a listener with TLS for
 * each host. Routes of a host may come only from the namespace of its Service.
 */
export function gatewaySpec(
  args: Pick<
    PlatformIngressArgs,
    "routes" | "addresses" | "internal" | "dnsLabel" | "publicIp" | "idleMinutes"
  >,
  { className, secrets, optionsName }: GatewayParts,
) {
  const annotations = hasOwnPods(className) ? loadBalancerAnnotations(args) : {};
  const infrastructure = {
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(optionsName !== undefined && { parametersRef: { group: "", kind: "ConfigMap", name: optionsName } }),
  };
  return {
    gatewayClassName: className,
    ...(args.addresses && { addresses: args.addresses }),
    ...(Object.keys(infrastructure).length > 0 && { infrastructure }),
    listeners: [
      {
        name: HTTP_LISTENER,
        port: 80,
        protocol: "HTTP",
        allowedRoutes: { namespaces: { from: "Same" }, kinds: HTTP_ROUTES },
      },
      ...args.routes.map(({ host, target }) => ({
        name: listenerName(host),
        hostname: host,
        port: 443,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [secretRef(secrets, host)] },
        allowedRoutes: {
          namespaces: {
            from: "Selector",
            selector: { matchLabels: { "kubernetes.io/metadata.name": target.namespace } },
          },
          kinds: HTTP_ROUTES,
        },
      })),
    ],
  };
}

const HTTP_ROUTES = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }];

function secretRef(secrets: GatewayParts["secrets"], host: string) {
  const ref = secrets[host];
  if (ref === undefined) throw new Error(`nobody named the Secret of ${host}`);
  return { group: "", kind: "Secret", name: ref.name, ...(ref.namespace && { namespace: ref.namespace }) };
}

/**
 * What Azure's load balancer asks the gateway's pods. Without being told it asks for "/" in each port's own protocol,
 * takes the answer (no route there; no certificate without a host's name) for an illness, and lets nobody in.
 * The path is said once for all ports: a Gateway takes eight annotations for its Service, and others are needed.
 * Sources: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/ (Custom Load Balancer health probe);
 * https://istio.io/latest/docs/setup/platform-setup/azure/; `maxProperties` of spec.infrastructure.annotations
 */
const HEALTH_PROBES = {
  ...Object.fromEntries(
    [80, 443].flatMap((port) =>
      Object.entries({ protocol: "http", port: "15021" }).map(([key, value]) => [
        `service.beta.kubernetes.io/port_${port}_health-probe_${key}`,
        value,
      ]),
    ),
  ),
  "service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path": "/healthz/ready",
};

/**
 * What the gateway's Service tells Azure's load balancer. Istio copies annotations of `infrastructure` to it.
 * Source: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 */
function loadBalancerAnnotations({
  internal,
  dnsLabel,
  publicIp,
  idleMinutes = 30,
}: Pick<PlatformIngressArgs, "internal" | "dnsLabel" | "publicIp" | "idleMinutes">): Record<string, string> {
  const azure = (key: string) => `service.beta.kubernetes.io/azure-${key}`;
  return {
    ...HEALTH_PROBES,
    [azure("load-balancer-tcp-idle-timeout")]: String(idleMinutes),
    ...(internal && { [azure("load-balancer-internal")]: "true" }),
    ...(dnsLabel !== undefined && { [azure("dns-label-name")]: dnsLabel }),
    ...(publicIp && {
      [azure("pip-name")]: publicIp.name,
      [azure("load-balancer-resource-group")]: publicIp.resourceGroup,
    }),
  };
}

/**
 * What Istio makes differently for this Gateway, as a ConfigMap's data, or nothing. AKS takes only what is on its
 * list. Source: "Resource customization allowlist" of https://learn.microsoft.com/azure/aks/istio-gateway-api
 */
export function gatewayOptions({
  sourceRanges,
  replicas,
}: Pick<PlatformIngressArgs, "sourceRanges" | "replicas">): Record<string, string> | undefined {
  const data = {
    ...(sourceRanges && { service: stringify({ spec: { loadBalancerSourceRanges: sourceRanges } }) }),
    ...(replicas && {
      horizontalPodAutoscaler: stringify({
        spec: { minReplicas: replicas.min, maxReplicas: replicas.max },
      }),
    }),
  };
  return Object.keys(data).length > 0 ? data : undefined;
}
