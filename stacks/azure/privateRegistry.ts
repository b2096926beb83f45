import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";

/**
 * Lets the models' pods out to a registry that has a private address there: tuning jobs push adapters, and models pull
 * them, by themselves. The policies for the internet leave private addresses out. Nodes need none of it.
 *
 * @param range of the private endpoints; undefined without a private registry
 */
export function registryEgress(
  settings: Pick<Settings, "tuningJobs" | "models">,
  range: string | undefined,
  namespace: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): NetworkPolicy[] {
  const { tuningJobs, models } = settings;
  const adapters = Object.values(models).some((model) => model.adapters.length > 0);
  if (range === undefined || (Object.keys(tuningJobs).length === 0 && !adapters)) return [];
  return [
    new NetworkPolicy(
      "models-registry",
      {
        metadata: { name: "private-registry", namespace },
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [{ to: [{ ipBlock: { cidr: range } }], ports: [{ protocol: "TCP", port: 443 }] }],
        },
      },
      options,
    ),
  ];
}
