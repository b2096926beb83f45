import type { NetworkClient } from "../network/specs.ts";
import type { PodSecurityExemption } from "../restrictedNamespace.ts";
import { InputPropertyError } from "../validation.ts";
import type { PlatformIngressArgs } from "./args.ts";

/** The class that AKS brings with application routing. */
export const APP_ROUTING_CLASS = "approuting-istio";

/** What a GatewayClass can do beyond the Gateway API. */
export interface ClassTraits {
  /**
   * Where Istio's control plane runs, for the classes whose gateway is pods in the Gateway's own namespace, behind
   * a load balancer that the Gateway's annotations shape.
   */
  istiod?: string;
  /** Where the longest time of an answer stands: in the HTTPRoute, or in a RoutePolicy of the class's own. */
  timeouts: "httpRoute" | "routePolicy";
  /** It takes a web application firewall policy. */
  waf: boolean;
}

/**
 * Sources, read in August 2026: https://learn.microsoft.com/azure/aks/app-routing-gateway-api (namespace of istiod;
 * "Limitations": no EnvoyFilter, no limits of size or rate), https://learn.microsoft.com/azure/aks/istio-gateway-api,
 * https://learn.microsoft.com/azure/application-gateway/for-containers/api-specification-kubernetes (RoutePolicy,
 * WebApplicationFirewallPolicy).
 */
const KNOWN: Readonly<Record<string, ClassTraits>> = {
  [APP_ROUTING_CLASS]: { istiod: "aks-istio-system", timeouts: "httpRoute", waf: false },
  istio: { istiod: "aks-istio-system", timeouts: "httpRoute", waf: false },
  "azure-alb-external": { timeouts: "routePolicy", waf: true },
};

/** What is known of a class; of any other only what the Gateway API has. */
export function classTraits(className: string): ClassTraits {
  return KNOWN[className] ?? { timeouts: "httpRoute", waf: false };
}

/** Whether the class makes pods and a load balancer in the Gateway's own namespace. */
export function hasOwnPods(className: string): boolean {
  return classTraits(className).istiod !== undefined;
}

/** What only such a class can do. */
const OF_OWN_PODS = [
  "sourceRanges",
  "internal",
  "dnsLabel",
  "publicIp",
  "idleMinutes",
  "replicas",
] as const satisfies readonly (keyof PlatformIngressArgs)[];

/** An argument that a class can't do, and what it must be instead. */
export interface ClassConflict {
  key: keyof PlatformIngressArgs;
  rule: string;
}

/** What is asked of a class that can't do it; settings ask the same before anything is made. */
export function classConflicts(className: string, asked: Partial<Record<string, unknown>>): ClassConflict[] {
  const given = (key: string) => asked[key] !== undefined && asked[key] !== false;
  const conflicts: ClassConflict[] = [];
  if (!hasOwnPods(className)) {
    for (const key of OF_OWN_PODS.filter(given)) {
      const rule = `left out with the class ${className}: only the classes of Istio on AKS take it`;
      conflicts.push({ key, rule });
    }
    if (!given("clients")) {
      conflicts.push({
        key: "clients",
        rule:
          `given with the class ${className}: the pods or the subnet that its traffic comes from, ` +
          'for example [{ "cidr": "10.225.0.0/24" }]; nobody else may reach what is routed',
      });
    }
  }
  const own = asked["addresses"] as PlatformIngressArgs["addresses"];
  if (hasOwnPods(className) && own && (own.length !== 1 || own[0]?.type !== "IPAddress")) {
    // Istio takes any other for a Gateway whose Service somebody makes, and waits for that.
    // Source: IsManaged in pilot/pkg/config/kube/gateway of istio/istio.
    const rule = `one address of the type "IPAddress", or left out, with the class ${className}`;
    conflicts.push({ key: "addresses", rule });
  }
  if (given("wafPolicyId") && !classTraits(className).waf) {
    const rule =
      `left out with the class ${className}, which has neither a firewall nor limits of rate and size; ` +
      "what can: className azure-alb-external, and behind any class the guards' limits";
    conflicts.push({ key: "wafPolicyId", rule });
  }
  return conflicts;
}

/** Refuses what the class can't do. */
export function refuseForClass(className: string, args: PlatformIngressArgs): void {
  const [conflict] = classConflicts(className, { ...args });
  if (conflict) throw new InputPropertyError(conflict.key, `must be ${conflict.rule}`);
}

/** Why the gateway's pods of Istio don't meet the standard "restricted". Source: files/kube-gateway.yaml of Istio. */
export const GATEWAY_EXEMPTION: PodSecurityExemption = {
  standard: "baseline",
  reason:
    "The pods that Istio runs for a Gateway have no seccomp profile, and application routing lets nobody give them one",
};

/** What holds for the namespace of a Gateway; a class without pods needs no exemption and gets none. */
export function gatewayExemption(
  className: string,
  exemption: PodSecurityExemption | "none" = GATEWAY_EXEMPTION,
): PodSecurityExemption | undefined {
  if (!hasOwnPods(className)) return undefined;
  if (exemption !== "none") return exemption;
  throw new InputPropertyError(
    "podSecurityExemption",
    `must be "baseline" with a reason for the class ${className}: ${GATEWAY_EXEMPTION.reason.replace(/^T/, "t")}; ` +
      "or take a class that has no pods in the cluster, such as azure-alb-external",
  );
}

/** Labels of the pods of a Gateway. Source: files/kube-gateway.yaml of istio-discovery in istio/istio. */
export function gatewayPodLabels(gatewayName: string): Record<string, string> {
  return { "gateway.networking.k8s.io/gateway-name": gatewayName };
}

/** Who calls what is routed; needed by what makes those pods, before the Gateway is there. */
export function gatewayClients(gateway: {
  className?: string;
  gatewayName: string;
  namespace: string;
  clients?: NetworkClient[];
}): NetworkClient[] {
  const { className = APP_ROUTING_CLASS, gatewayName, namespace, clients } = gateway;
  if (clients !== undefined) return clients;
  return hasOwnPods(className) ? [{ namespace, podLabels: gatewayPodLabels(gatewayName) }] : [];
}
