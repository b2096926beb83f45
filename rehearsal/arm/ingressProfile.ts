import { clusterType } from "./agentPools.ts";
import type { Store } from "./store.ts";
import { pick } from "./types/clusterDefaults.ts";

/** What AKS has to offer in a cluster for requests from outside. */
export interface IngressProfile {
  /** The Gateway API's definitions are installed. */
  gatewayApi: boolean;
  /** Application routing serves the class `approuting-istio`. */
  appRoutingIstio: boolean;
}

/** That of the first cluster there is, as there is one control plane; undefined without a cluster. */
export function ingressProfileOf(store: Store): IngressProfile | undefined {
  const cluster = store.ofType(clusterType).find(({ state }) => state !== "Deleting");
  if (!cluster) {
    return undefined;
  }
  const profile = cluster.body.properties["ingressProfile"];
  const istio = ["webAppRouting", "gatewayAPIImplementations", "appRoutingIstio", "mode"];
  return {
    gatewayApi: pick(profile, "gatewayAPI", "installation") === "Standard",
    appRoutingIstio: pick(profile, ...istio) === "Enabled",
  };
}
