import { KubeConfig } from "@kubernetes/client-node";
import type { IngressProfile } from "../../arm/ingressProfile.ts";
import { installCrds, removeCrds } from "../crds.ts";
import { startGatewayController } from "./controller.ts";
import { gatewayCrds, offerClass, withdrawClass } from "./crds.ts";
import type { GatewayServer } from "./server.ts";

/**
 * What AKS does in a cluster for its ingress profile: installs the Gateway API, and runs the control plane that
 * serves the class of application routing.
 */
export class Gateways {
  readonly #config = new KubeConfig();
  readonly #share: string;
  readonly #server: Pick<GatewayServer, "program">;
  #installed = false;
  #stop: (() => Promise<void>) | undefined;

  /** @param share the toolchain's data. */
  constructor(kubeconfig: string, share: string, server: Pick<GatewayServer, "program">) {
    this.#config.loadFromFile(kubeconfig);
    this.#share = share;
    this.#server = server;
  }

  /** Makes the cluster what the profile says, which is undefined when there is no cluster. */
  async sync(profile: IngressProfile | undefined): Promise<void> {
    const { gatewayApi = false, appRoutingIstio = false } = profile ?? {};
    if (gatewayApi && !this.#installed) {
      await installCrds(this.#config, "the Gateway API", await gatewayCrds(this.#share));
      this.#installed = true;
    }
    const serves = this.#installed && appRoutingIstio;
    if (serves && !this.#stop) {
      this.#stop = await startGatewayController(this.#config, (listeners) => this.#server.program(listeners));
      await offerClass(this.#config);
    } else if (!serves && this.#stop) {
      await this.close();
      await withdrawClass(this.#config);
    }
    if (!gatewayApi && this.#installed) {
      await removeCrds(this.#config, "the Gateway API", await gatewayCrds(this.#share));
      this.#installed = false;
    }
  }

  /** Lets Gateways be as they are. */
  async close(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }
}
