import type * as pulumi from "@pulumi/pulumi";
import type { NetworkClient, NetworkTarget } from "../network/specs.ts";
import type { PodSecurityExemption } from "../restrictedNamespace.ts";

/** One public host, and the Service that answers there. */
export interface IngressRoute {
  /** The host's name in small letters, without port: "chat.example.com". Each host has one route. */
  host: string;
  /** The Service, in the namespace of `target`; its own port, which may be another than the pods'. */
  service: { name: pulumi.Input<string>; port: pulumi.Input<number> };
  /**
   * The Service's pods and their port: the gateway's pods are let out to them. Letting the gateway's pods in is
   * the affair of what makes the pods; see `clients` of PlatformIngress.
   */
  target: NetworkTarget & { namespace: string };
  /** Beginnings of the paths that are answered, each with "/". Others get a 404. @default ["/"] */
  paths?: string[];
  /**
   * The longest that an answer may take, in whole seconds up to 86400; 0 is no limit. It counts to the end of the
   * answer, so a limit cuts streams. @default 0
   */
  timeoutSeconds?: number;
  /**
   * Who asks callers who they are, in words: "the MCP guard asks for a token". It becomes the annotation
   * mcpaas.dev/authentication of the route, without which the policy pack refuses it. @default - none
   */
  authentication?: string;
}

/** A cert-manager issuer, which must be there; makes a certificate for each host and renews it. */
export interface IngressIssuer {
  /** Its name and kind; an "Issuer" is in the Gateway's namespace. `kind` is "ClusterIssuer" by default. */
  issuer: { name: pulumi.Input<string>; kind?: "ClusterIssuer" | "Issuer" };
}

/** One certificate for all hosts. Nobody renews it. */
export interface IngressCertificate {
  /** It with its chain, PEM. */
  certificate: pulumi.Input<string>;
  /** Its key, PEM, treated as a secret. */
  privateKey: pulumi.Input<string>;
}

/** A certificate for all hosts that is in the cluster. */
export interface IngressSecret {
  /** A Secret of type kubernetes.io/tls in another namespace; a ReferenceGrant is made there. */
  secret: { namespace: string; name: string };
}

/** Where the hosts' certificates come from: one of these. */
export type IngressTls = IngressIssuer | IngressCertificate | IngressSecret;

/** A DNS zone in Azure that exists, in which each host gets a record. */
export interface IngressDns {
  /** The zone: "example.com". Every host must be in it. */
  zone: string;
  /** The resource group of the zone. */
  resourceGroupName: pulumi.Input<string>;
  /** A private DNS zone. @default false */
  private?: boolean;
  /** How long resolvers keep a record, in seconds, 1 to 86400. @default 300 */
  ttlSeconds?: number;
}

/** The header Strict-Transport-Security: browsers then refuse plain HTTP and certificates they don't trust. */
export interface IngressHsts {
  /** For how long, in seconds, 0 to 63072000; 0 tells browsers to forget it. @default 31536000 (a year) */
  maxAgeSeconds?: number;
  /** For all hosts below these, too. @default false */
  includeSubDomains?: boolean;
}

/** Arguments of PlatformIngress. */
export interface PlatformIngressArgs {
  /** What answers where; at least one. */
  routes: IngressRoute[];
  /** Where certificates come from. */
  tls: IngressTls;
  /**
   * The GatewayClass. "approuting-istio" is AKS's own; "istio" the service mesh add-on's; "azure-alb-external"
   * Application Gateway for Containers. The cluster must have it.
   * @default "approuting-istio"
   */
  className?: string;
  /** Name of the Gateway, a DNS label of at most 40 letters; a new one replaces it. @default - the component's name */
  gatewayName?: string;
  /** The namespace that is made for it. @default "ingress" */
  namespace?: string;
  /**
   * Who calls the routes' pods for this class. @default - the gateway's pods, for the two classes of Istio;
   * otherwise required
   */
  clients?: NetworkClient[];
  /** The header HSTS of every answer; false leaves it out. @default {} */
  hsts?: IngressHsts | false;
  /** Records for the hosts. @default - none: whoever has the domain points it to `address` */
  dns?: IngressDns;
  /** Address ranges that may come; classes of Istio only. @default - everybody */
  sourceRanges?: string[];
  /** An address in the virtual network instead of a public one; classes of Istio only. @default false */
  internal?: boolean;
  /**
   * A name of Azure's for the public address, unique in the region: the host <label>.<region>.cloudapp.azure.com;
   * 3 to 63 of a-z, 0-9 and '-'. Classes of Istio only. @default - none
   */
  dnsLabel?: string;
  /**
   * A public address that exists, of SKU Standard, by its name and resource group, where the cluster's control
   * plane identity needs the role Network Contributor. Classes of Istio only. @default - a new one
   */
  publicIp?: { name: string; resourceGroup: string };
  /**
   * How long a connection may be silent, in minutes, 4 to 100: the load balancer's. Classes of Istio only.
   * @default 30
   */
  idleMinutes?: number;
  /** The gateway's pods at least and at most, 2 to 100; classes of Istio only. @default - AKS's: 2 and 5 */
  replicas?: { min: number; max: number };
  /**
   * ARM id of a web application firewall policy: rate limits, the size of requests, managed rules. Only for
   * "azure-alb-external". @default - none
   */
  wafPolicyId?: pulumi.Input<string>;
  /** Annotations of the Gateway, as Application Gateway for Containers needs them. @default - none */
  annotations?: Record<string, string>;
  /** The Gateway's addresses that are asked for, as in its spec; with classes of Istio one IPAddress. @default - any */
  addresses?: { type: string; value: string }[];
  /**
   * Whether a CA on the internet proves here by HTTP-01 that hosts are ours; it must come in then, so `sourceRanges`
   * and `internal` are refused. The pods that answer are let in with every `tls.issuer`. @default false
   */
  acmeHttp01?: boolean;
  /**
   * Why the gateway's pods needn't meet the pod security standard "restricted", for classes of Istio; "none" refuses
   * those. @default - baseline, with the reason in platformIngress/classes.ts
   */
  podSecurityExemption?: PodSecurityExemption | "none";
  /** How long to wait for the Gateway, and for each certificate, in minutes, 1 to 60. @default 15 */
  readyTimeoutMinutes?: number;
}
