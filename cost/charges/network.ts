import { always, type Charge, type ChargeContext, type Charges, input } from "../charge.ts";

/**
 * A Service with an address outside of the cluster. It shares the cluster's load balancer, whose price has five rules;
 * data through it are charged besides.
 */
export const service: Charges = (resource, context) => {
  if (input(resource, "spec.type") !== "LoadBalancer") return [];
  return outside(input(resource, "metadata.annotations"), context);
};

/** The Gateway's implementation makes a Service of that kind for it. */
export const gateway: Charges = (resource, context) =>
  outside(input(resource, "spec.infrastructure.annotations"), context);

export const dnsZone: Charges = (_, { prices, hours }) => [always(prices.meter("dns-zone"), hours)];
export const privateZone: Charges = (_, { prices, hours }) => [
  always(prices.meter("private-dns-zone"), hours),
];
export const privateEndpoint: Charges = (_, { prices, hours }) => [
  always(prices.meter("private-endpoint"), hours),
];

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

function outside(annotations: unknown, { prices, hours }: ChargeContext): Charge[] {
  const internal = (annotations as Record<string, string> | undefined)?.[INTERNAL] === "true";
  return [
    ...(internal ? [] : [always(prices.meter("public-ip"), hours)]),
    { meter: prices.meter("load-balancer-data"), quantity: {}, note: "depends on traffic" },
  ];
}
