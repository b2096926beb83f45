/**
 * What a pod of Istio's gateway asks for and may use, unless AKS's Istio is told otherwise.
 * Source: `global.proxy.resources` in manifests/charts/istio-control/istio-discovery/values.yaml of istio/istio.
 */
const GATEWAY_POD = { cpu: 0.1, memoryMiB: 128, memoryLimitMiB: 1024 };

/**
 * What a pod of cert-manager's that answers a challenge asks for and may use.
 * Source: the flags acme-http01-solver-resource-* of cert-manager's controller.
 */
const SOLVER_POD = { cpu: 0.01, memoryMiB: 64, memoryLimitMiB: 64 };

/** AKS's own, where nobody asked for others. */
const DEFAULT_MAX = 5;

/**
 * The quota of the Gateway's namespace: the gateway's pods, those that an update of its Deployment has besides (a
 * quarter, Kubernetes' default), and a pod for the challenge of each host; at least what every RestrictedNamespace
 * has. A quota that is too small would end the autoscaler's work without a word.
 */
export function gatewayQuota(max = DEFAULT_MAX, hosts = 1): Record<string, string> {
  const gateways = max + Math.ceil(max / 4) + 1;
  const sum = (key: keyof typeof GATEWAY_POD) => gateways * GATEWAY_POD[key] + hosts * SOLVER_POD[key];
  const atLeast = (least: number, needed: number) => Math.max(least, Math.ceil(needed));
  return {
    pods: String(atLeast(50, gateways + hosts)),
    "requests.cpu": String(atLeast(8, sum("cpu"))),
    "requests.memory": `${atLeast(16, sum("memoryMiB") / 1024)}Gi`,
    "limits.memory": `${atLeast(32, sum("memoryLimitMiB") / 1024)}Gi`,
  };
}
