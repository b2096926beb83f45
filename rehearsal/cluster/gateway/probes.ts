import type { V1Service } from "@kubernetes/client-node";

const prefix = "service.beta.kubernetes.io/";
/** Where Istio's proxy says that it is ready, whatever it has listeners for. */
const status = { port: 15021, path: "/healthz/ready" };

/**
 * Whether Azure's load balancer would take the pods behind a port for healthy, once they are ready, and so let
 * anybody in. It asks each port in its own protocol, which a Service's appProtocol tells, and by HTTP for "/", where
 * a Gateway has no route for the address that it is asked by; unless annotations have it ask otherwise.
 * Source: pkg/provider/azure_loadbalancer_healthprobe.go of kubernetes-sigs/cloud-provider-azure.
 */
export function letsIn({ metadata, spec }: V1Service, port: number): boolean {
  const annotations = metadata?.annotations ?? {};
  const ofPort = (what: string) => annotations[`${prefix}port_${port}_health-probe_${what}`];
  const ofAll = (what: string) => annotations[`${prefix}azure-load-balancer-health-probe-${what}`];
  if (annotations[`${prefix}port_${port}_no_probe_rule`] === "true") {
    return true;
  }
  const appProtocol = spec?.ports?.find((one) => one.port === port)?.appProtocol;
  const protocol = (ofPort("protocol") ?? appProtocol ?? ofAll("protocol") ?? "tcp").toLowerCase();
  if (protocol !== "http" && protocol !== "https") {
    return true;
  }
  // There is no annotation for the ports of all.
  const asked = Number(ofPort("port") ?? port);
  const path = ofPort("request-path") ?? ofAll("request-path");
  return asked === status.port && protocol === "http" && path === status.path;
}
