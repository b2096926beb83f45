import { describe, expect, it } from "vitest";
import { allows, type Party, policiesOf, READINGS } from "../../support/networkPolicy.ts";
import { CHAT, run } from "./fixtures.ts";

const gateway = {
  namespace: "ingress",
  labels: { "gateway.networking.k8s.io/gateway-name": "front-door", "sidecar.istio.io/inject": "false" },
  address: "10.244.1.2",
};
const solver = {
  namespace: "ingress",
  labels: { "acme.cert-manager.io/http01-solver": "true" },
  address: "10.244.1.3",
};
const other = { namespace: "ingress", labels: { app: "other" }, address: "10.244.1.4" };
const istiod = { namespace: "aks-istio-system", labels: { app: "istiod" }, address: "10.244.1.5" };
const chat = { ...CHAT.target, labels: CHAT.target.podLabels, address: "10.244.1.6" };
const world = { address: "198.51.100.7", kind: "world" as const };
const node = { address: "10.224.0.4", kind: "node" as const };
const metadata = { address: "169.254.169.254" };

// Only the gateway's side: what is routed closes itself.
const cases: [string, Party, Party, number, boolean][] = [
  ["the world to the gateway over TLS", world, gateway, 443, true],
  ["the world to the gateway, to be redirected", world, gateway, 80, true],
  ["the load balancer, with a node's address", node, gateway, 443, true],
  ["the load balancer's probe", node, gateway, 15021, true],
  ["the world to the gateway's metrics", world, gateway, 15020, false],
  ["the world to the solver", world, solver, 8089, false],
  ["the gateway to the solver", gateway, solver, 8089, true],
  ["the gateway to another pod beside it", gateway, other, 8080, false],
  ["the gateway to Istio's control plane", gateway, istiod, 15012, true],
  ["the gateway to its other ports", gateway, istiod, 15014, false],
  ["the gateway to the chat app", gateway, chat, 8080, true],
  ["the gateway to another port there", gateway, chat, 9090, false],
  ["the gateway to the world", gateway, world, 443, false],
  ["the gateway to the metadata service", gateway, metadata, 80, false],
  ["the solver to the world", solver, world, 443, false],
  ["the solver to the chat app", solver, chat, 8080, false],
];

describe.each(READINGS)("the gateway's namespace, as %s reads policies", (reading) => {
  it.each(cases)("%s", async (_, from, to, port, allowed) => {
    const { resources } = await run();
    expect(allows(policiesOf(resources), { from, to, port }, reading)).toBe(allowed);
  });

  it("opens nothing for ACME where no issuer makes certificates", async () => {
    const { resources } = await run({ tls: { secret: { namespace: "certificates", name: "wildcard" } } });
    expect(allows(policiesOf(resources), { from: gateway, to: solver, port: 8089 }, reading)).toBe(false);
  });

  it("lets a class without pods at the challenges, and at nothing else", async () => {
    const { resources } = await run({
      className: "azure-alb-external",
      clients: [{ cidr: "10.225.0.0/24" }],
      acmeHttp01: true,
    });
    const policies = policiesOf(resources);
    const subnet = { address: "10.225.0.7" };
    expect(allows(policies, { from: subnet, to: solver, port: 8089 }, reading)).toBe(true);
    expect(allows(policies, { from: subnet, to: solver, port: 8080 }, reading)).toBe(false);
    expect(allows(policies, { from: subnet, to: other, port: 8089 }, reading)).toBe(false);
    expect(allows(policies, { from: { address: "10.226.0.7" }, to: solver, port: 8089 }, reading)).toBe(
      false,
    );
  });
});
