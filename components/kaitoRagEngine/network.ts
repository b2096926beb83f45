import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { INTERNET, type NetworkEgress } from "../network/egress.ts";
import { placeOf } from "../network/place.ts";
import { closePods } from "../network/policies.ts";
import { type NetworkClient, type NetworkTarget, podPolicySpec } from "../network/specs.ts";
import { ensure, wholeNumber } from "../validation.ts";

/** Where KAITO's services listen in their pods, those of models as well as the RAG engine's. */
export const POD_PORT = 5000;

/** The pods behind the URL of a Service in the cluster. */
export interface ServicePods {
  /** Their labels. @default - all pods of the Service's namespace */
  podLabels?: Record<string, string>;
  /** Their port, where the Service has another. @default - the URL's */
  port?: number;
}

/** Checks the pods that an argument tells of. */
export function checkedPods(path: string, pods: ServicePods | undefined): ServicePods | undefined {
  if (pods?.port !== undefined) ensure(`${path}.port`, pods.port, wholeNumber(1, 65535));
  return pods;
}

/** A service that the RAG engine calls. */
export interface CalledService {
  url: pulumi.Input<string>;
  /** The port that is meant when the URL has none. @default - that of http or https */
  defaultPort?: number;
  /** Its pods, as far as they are known. */
  pods?: ServicePods;
}

/** The RAG engine's pods and all that they exchange words with. */
export interface RagNetwork {
  name: string;
  engine: string;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  clients: NetworkClient[];
  egress: NetworkEgress[];
  internet: boolean;
  services: CalledService[];
  parent: pulumi.Resource;
}

/** Makes the policies around a RAG engine; what makes its pods depends on all of them. */
export function ragPolicies(network: RagNetwork): NetworkPolicy[] {
  const { name, engine, namespace, podLabels, clients, internet, services, parent } = network;
  const egress = [...network.egress, ...(internet ? INTERNET : [])];
  const policyName = `rag-${engine}`;
  const pods = { podLabels, port: POD_PORT, clients, egress };
  const policies = [closePods(parent, name, { ...pods, policyName, namespace })];
  if (services.length > 0) {
    const spec = pulumi.output(services).apply((known) => servicesSpec(podLabels, known));
    policies.push(
      new NetworkPolicy(
        `${name}-services`,
        { metadata: { name: `${policyName}.services`, namespace }, spec },
        { parent },
      ),
    );
  }
  return policies;
}

/** Lets the pods out to services, and nothing in. */
export function servicesSpec(podLabels: Record<string, string>, services: pulumi.Unwrap<CalledService>[]) {
  const egress: NetworkEgress[] = [];
  const targets: NetworkTarget[] = [];
  for (const { url, defaultPort, pods } of services) {
    const place = placeOf(url, defaultPort);
    if (place.kind === "cluster") {
      targets.push({
        namespace: place.namespace,
        podLabels: pods?.podLabels,
        port: pods?.port ?? place.port,
      });
    } else {
      const everywhere = INTERNET.map(({ cidr }) => cidr);
      const ranges = place.kind === "address" ? [place.cidr] : everywhere;
      egress.push(...ranges.map((cidr) => ({ cidr, ports: [place.port] })));
    }
  }
  const whole = podPolicySpec({ podLabels, port: POD_PORT, clients: [], egress, targets });
  return { podSelector: whole.podSelector, policyTypes: ["Egress"], egress: whole.egress };
}
