import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { type CalledService, servicesSpec } from "../kaitoRagEngine/network.ts";
import type { NetworkEgress } from "../network/egress.ts";
import { closePods } from "../network/policies.ts";
import type { NetworkClient, NetworkTarget } from "../network/specs.ts";
import { CHAT_PORT } from "./environment.ts";

/** The app's pods and all that they exchange words with. */
export interface ChatNetwork {
  name: string;
  app: string;
  namespace: pulumi.Input<string>;
  podLabels: Record<string, string>;
  clients: NetworkClient[];
  egress: readonly NetworkEgress[];
  targets: NetworkTarget[];
  services: CalledService[];
  parent: pulumi.Resource;
}

/**
 * Lets clients and nobody else in, and the app out to what it was told of and to nothing else. What makes the
 * pods depends on all of the policies.
 */
export function closeChat(network: ChatNetwork): NetworkPolicy[] {
  const { name, app, namespace, podLabels, clients, egress, targets, services, parent } = network;
  const policyName = `chat-${app}`;
  const own = closePods(parent, name, {
    policyName,
    namespace,
    podLabels,
    port: CHAT_PORT,
    clients,
    egress,
    targets,
  });
  // Addresses that are known only when the services are there; those of databases hold passwords.
  const spec = pulumi.unsecret(pulumi.output(services)).apply((known) => servicesSpec(podLabels, known));
  const called = new NetworkPolicy(
    `${name}-services`,
    { metadata: { name: `${policyName}.services`, namespace }, spec },
    { parent },
  );
  return [own, called];
}
