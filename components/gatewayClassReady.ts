import * as pulumi from "@pulumi/pulumi";
import { thinProvider } from "./dynamic/thinProvider.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

/** Arguments of {@link GatewayClassReady}. */
export interface GatewayClassReadyArgs {
  /**
   * The kubeconfig with which the class is looked at, its text or the path of a file: that of the provider. Treated
   * as a secret; a new one changes nothing. Its user must be able to get gatewayclasses.
   */
  kubeconfig: pulumi.Input<string>;
  /** Name of the GatewayClass. */
  className: string;
  /**
   * Whatever tells that the class is made anew, such as the id of what makes it: when it changes, the class is waited
   * for again. @default - nothing
   */
  trigger?: pulumi.Input<string>;
  /** How long to wait, in minutes, 1 to 60. A new one changes nothing. @default 15 */
  timeoutMinutes?: number;
}

/**
 * Waits until the cluster has the Gateway API and a GatewayClass whose controller has accepted it. AKS installs both
 * some minutes after it has said that it did; a Gateway that comes before is an error, and cert-manager looks for the
 * Gateway API only when it starts.
 *
 * Give what needs the class `dependsOn` on it. It makes nothing, and deleting it does nothing.
 */
export class GatewayClassReady extends pulumi.dynamic.Resource {
  constructor(name: string, args: GatewayClassReadyArgs, opts?: pulumi.CustomResourceOptions) {
    if (args.className === "") {
      throw new InputPropertyError("className", 'must name a class, for example "approuting-istio"');
    }
    const props = {
      kubeconfig: pulumi.secret(args.kubeconfig),
      className: args.className,
      trigger: args.trigger ?? "",
      timeoutMinutes: ensure("timeoutMinutes", args.timeoutMinutes ?? 15, wholeNumber(1, 60)),
    };
    super(provider, name, props, opts, "mcpaas", "GatewayClassReady");
  }
}

const provider = thinProvider<typeof import("./gatewayClassReady/provider.ts")>("gatewayClassReady/provider");
