import type { Provider } from "@pulumi/kubernetes/provider.js";
import type * as pulumi from "@pulumi/pulumi";

/** A cluster, as far as what runs in it has to know it. */
export interface ClusterPlace {
  /** Its provider for Pulumi. */
  provider: Provider;
  /** How it is reached by what waits for something in it; a secret. */
  kubeconfig: pulumi.Input<string>;
  /** What must be there before anything is made in it. */
  dependsOn: pulumi.Resource[];
  /** Another value when its implementation of the Gateway API was changed. @default - nobody changes it here */
  gatewayApi?: pulumi.Input<string>;
}
