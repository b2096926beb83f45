import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { ClusterAddOns } from "../arm/addOns.ts";
import type { CertificateAuthority } from "../certs.ts";
import type { Processes } from "../processes.ts";
import { crdsIn, installCrds, removeCrds } from "./crds.ts";
import { offerApiGroup } from "./metrics/apiService.ts";
import { customMetrics } from "./metrics/customMetrics.ts";
import { resourceMetrics } from "./metrics/resourceMetrics.ts";
import { UsageWatch } from "./metrics/usage.ts";
import type { PodPorts } from "./podPorts.ts";
import { ManagedPrometheus } from "./prometheus/managedPrometheus.ts";
import { queryPrometheus } from "./prometheus/query.ts";

/** What the add-ons are run with. */
export interface AddOnOptions {
  ca: CertificateAuthority;
  processes: Processes;
  podPorts: PodPorts;
  server: string;
  adminKubeconfig: string;
  /** The toolchain's programs and data. */
  bin: string;
  share: string;
  dir: string;
  /** Where Prometheus listens, when it runs. */
  prometheusPort: number;
  /** The proxy by which pods are reached at their addresses. */
  proxy: string;
}

const keda = "KEDA's definitions";

/**
 * What AKS and Azure Monitor bring into a cluster: the metrics of pods that `kubectl top` and autoscalers ask for,
 * always; Prometheus, with an adapter that autoscalers ask for its metrics, and KEDA's kinds when its profile says so.
 */
export class AddOns {
  readonly #options: AddOnOptions;
  readonly #config = new KubeConfig();
  readonly #usage: UsageWatch;
  readonly #prometheus: ManagedPrometheus;
  #withdrawAdapter: (() => Promise<void>) | undefined;
  #hasKeda = false;

  constructor(options: AddOnOptions) {
    this.#options = options;
    this.#config.loadFromFile(options.adminKubeconfig);
    this.#usage = new UsageWatch(() => options.processes.ids());
    this.#prometheus = new ManagedPrometheus({ ...options, port: options.prometheusPort });
  }

  /** Offers what every cluster of AKS has. */
  async start(): Promise<void> {
    const core = this.#config.makeApiClient(CoreV1Api);
    const metrics = resourceMetrics(core, (program) => this.#usage.of(program));
    await offerApiGroup({ ...this.#place, service: "metrics-server", podIP: "10.244.255.10" }, metrics);
  }

  /** Makes the cluster what its profile says, which is undefined when there is no cluster. */
  async sync(addOns: ClusterAddOns | undefined): Promise<void> {
    const wanted = addOns ?? nothing;
    await this.#prometheus.sync(wanted);
    const scrapes = wanted.prometheus.enabled && wanted.prometheus.workspaces.length > 0;
    if (scrapes && !this.#withdrawAdapter) {
      const ask = (expression: string) => queryPrometheus(this.#prometheus.endpoint, expression);
      this.#withdrawAdapter = await offerApiGroup(
        { ...this.#place, service: "prometheus-adapter", podIP: "10.244.255.11" },
        customMetrics(this.#config.makeApiClient(CoreV1Api), ask),
      );
    } else if (!scrapes && this.#withdrawAdapter) {
      await this.#withdrawAdapter();
      this.#withdrawAdapter = undefined;
    }
    if (wanted.keda !== this.#hasKeda) {
      const crds = await crdsIn(join(this.#options.share, "keda", "crds"));
      await (wanted.keda ? installCrds : removeCrds)(this.#config, keda, crds);
      this.#hasKeda = wanted.keda;
    }
  }

  /** Lets the cluster be as it is. */
  async close(): Promise<void> {
    this.#usage.close();
    await this.#prometheus.close();
  }

  get #place() {
    const { ca, podPorts } = this.#options;
    return { config: this.#config, ca, podPorts };
  }
}

const nothing: Pick<ClusterAddOns, "cluster" | "keda" | "ruleGroups" | "prometheus"> = {
  ...{ cluster: "", keda: false, ruleGroups: [] },
  prometheus: { enabled: false, metricLabelsAllowlist: "", metricAnnotationsAllowList: "", workspaces: [] },
};
