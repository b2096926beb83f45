import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { type NetworkClient, type NetworkTarget, podPolicySpec } from "../network/specs.ts";
import { gatewayPodLabels } from "./classes.ts";

/** Port of Istio's control plane. Source: CA_ADDR in files/kube-gateway.yaml of istio-discovery. */
const ISTIOD_PORT = 15012;

/** Port that the load balancer asks whether the gateway is well. Source: the same file. */
const STATUS_PORT = 15021;

/** The pods that answer ACME's challenges. Source: DomainLabelKey and SolverIdentificationLabelKey, cert-manager. */
const SOLVER = { podLabels: { "acme.cert-manager.io/http01-solver": "true" }, port: 8089 };

/** What the policies of a gateway's namespace depend on. */
export interface GatewayNetwork {
  gatewayName: string;
  namespace: pulumi.Input<string>;
  /** Where Istio's control plane runs; without it the gateway has no pods here. */
  istiod?: string;
  /** The pods that are routed to. */
  targets: NetworkTarget[];
  /** Whether an issuer makes the certificates: it may prove hosts by HTTP-01, with pods beside the Gateway. */
  issuer: boolean;
  /** Who calls what is routed, and so the pods that answer challenges. */
  clients: NetworkClient[];
}

/**
 * The policy of the gateway's pods: everybody reaches them on the ports of a front door (who may come is the load
 * balancer's affair, behind which addresses are the nodes'), and they reach Istio's control plane and what is routed.
 */
export function gatewayPolicySpec({
  gatewayName,
  istiod,
  targets,
  issuer,
}: Omit<GatewayNetwork, "namespace" | "clients">) {
  const spec = podPolicySpec({
    podLabels: gatewayPodLabels(gatewayName),
    port: 443,
    clients: [],
    egress: [],
    targets: [
      ...(istiod ? [{ namespace: istiod, podLabels: { app: "istiod" }, port: ISTIOD_PORT }] : []),
      ...(issuer ? [SOLVER] : []),
      ...targets,
    ],
  });
  const ports = [80, 443, STATUS_PORT].map((port) => ({ protocol: "TCP", port }));
  return { ...spec, ingress: [{ ports }] };
}

/** The policy of the pods that answer challenges: the gateway reaches them, and they reach nothing. */
export function solverPolicySpec(clients: NetworkClient[]) {
  return podPolicySpec({ ...SOLVER, clients, egress: [] });
}

/** Makes the policies. */
export function gatewayPolicies(
  parent: pulumi.Resource,
  name: string,
  network: GatewayNetwork,
): pulumi.Resource[] {
  const { namespace, gatewayName, istiod, issuer, clients } = network;
  const policies: pulumi.Resource[] = [];
  const make = (what: string, spec: ReturnType<typeof podPolicySpec>) => {
    const metadata = { name: `${gatewayName}-${what}`, namespace };
    policies.push(new NetworkPolicy(`${name}-${what}-network`, { metadata, spec }, { parent }));
  };
  if (istiod !== undefined) make("gateway", gatewayPolicySpec(network));
  if (issuer) make("acme", solverPolicySpec(clients));
  return policies;
}
