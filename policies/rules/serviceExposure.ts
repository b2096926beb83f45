import { type Allowance, allowanceSchema, isAllowed } from "../lib/allowances.ts";
import { rule } from "../lib/rule.ts";
import { shown } from "../lib/security.ts";
import { dig, isHidden } from "../lib/unknown.ts";

const service = /^kubernetes:core\/v1:Service(Patch)?$/;

/** Source: https://learn.microsoft.com/azure/aks/internal-lb */
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** Configuration of `service-exposure`. */
export interface ServiceExposureConfig {
  /** Services that may be reached from outside by what they are. */
  allowed: Allowance[];
}

/** Services lead to pods from within the cluster, or the virtual network. */
export const serviceExposure = rule<ServiceExposureConfig>({
  name: "service-exposure",
  displayName: "Services stay inside",
  severity: "high",
  demands: "No Service is a NodePort, a LoadBalancer with a public address, or has externalIPs.",
  why:
    "Such a Service is open to whoever reaches the address, without the gateway's TLS and authentication; externalIPs " +
    "even lets it take other machines' traffic.",
  fix: 'Use type ClusterIP behind a Gateway, or set the annotation service.beta.kubernetes.io/azure-load-balancer-internal: "true".',
  config: {
    allowed: { ...allowanceSchema("NodePort, LoadBalancer or externalIPs"), default: [] },
  },
  unknowns: "fail",
  applies: (type) => service.test(type),
  check({ name, props }, { allowed }, found) {
    const object = dig(props, "metadata", "name") ?? name;
    const refuse = (what: string, text: string) => {
      if (!isAllowed(allowed, object, what)) found.violation(text);
    };
    const type = dig(props, "spec", "type");
    isHidden(type, found);
    if (type === "NodePort")
      refuse(type, "The Service is open on every node's address (spec.type is NodePort).");
    if (type === "LoadBalancer") {
      const internal = dig(props, "metadata", "annotations", INTERNAL);
      if (!isHidden(internal, found) && String(internal) !== "true") {
        const at = `metadata.annotations["${INTERNAL}"] is ${shown(internal)}`;
        refuse(type, `The Service has a public address (spec.type is LoadBalancer, ${at}).`);
      }
    }
    const ips = dig(props, "spec", "externalIPs");
    if (!isHidden(ips, found) && Array.isArray(ips) && ips.length > 0) {
      refuse("externalIPs", `The Service takes the traffic of ${shown(ips)} (spec.externalIPs).`);
    }
  },
});
