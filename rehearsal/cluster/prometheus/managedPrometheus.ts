import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from "@kubernetes/client-node";
import type { ClusterAddOns } from "../../arm/addOns.ts";
import type { CertificateAuthority } from "../../certs.ts";
import { type Processes, waitUntil } from "../../processes.ts";
import { writeKubeconfig } from "../kubeconfig.ts";
import { keepWatching } from "../watch.ts";
import { agentUser, grantAgent, revokeAgent } from "./agentRights.ts";
import { prometheusConfig } from "./config.ts";
import { ruleFile } from "./rules.ts";

/** What Prometheus is run with. */
export interface PrometheusOptions {
  ca: CertificateAuthority;
  server: string;
  adminKubeconfig: string;
  bin: string;
  dir: string;
  /** Where it listens on this machine. */
  port: number;
  /** The proxy by which pods are reached at their addresses. */
  proxy: string;
  processes: Pick<Processes, "start" | "stop">;
}

/** The ConfigMap that Azure's agent reads. */
const source = { namespace: "kube-system", name: "ama-metrics-prometheus-config", key: "prometheus-config" };

/**
 * Stands for Azure's agent of managed Prometheus, its workspace and its rules, by a Prometheus: it scrapes what the
 * agent's ConfigMap says, and follows the rule groups that Azure holds.
 */
export class ManagedPrometheus {
  readonly #options: PrometheusOptions;
  readonly #config = new KubeConfig();
  readonly #dir: string;
  #stopWatch: (() => Promise<void>) | undefined;
  #cluster = "";
  #scraping: string | undefined;
  // One change after the other: a file isn't read while it is half written.
  #queue = Promise.resolve();

  constructor(options: PrometheusOptions) {
    this.#options = options;
    this.#config.loadFromFile(options.adminKubeconfig);
    this.#dir = join(options.dir, "prometheus");
  }

  /** Runs as the cluster's profile says: with the agent on, and a workspace that its metrics go to. */
  async sync({
    cluster,
    prometheus,
    ruleGroups,
  }: Pick<ClusterAddOns, "cluster" | "prometheus" | "ruleGroups">): Promise<void> {
    if (!prometheus.enabled || prometheus.workspaces.length === 0) {
      await this.#stop();
      return;
    }
    await mkdir(this.#dir, { recursive: true });
    this.#cluster = cluster;
    await writeFile(join(this.#dir, "rules.yaml"), ruleFile(ruleGroups));
    if (this.#stopWatch) {
      await this.#reload();
    } else {
      await this.#start();
    }
  }

  /** Lets the ConfigMap be; the process ends with the others. */
  async close(): Promise<void> {
    const stop = this.#stopWatch;
    this.#stopWatch = undefined;
    await stop?.();
    await this.#queue;
  }

  async #start(): Promise<void> {
    const { ca, server, bin, port, processes } = this.#options;
    await grantAgent(this.#config);
    await writeKubeconfig(this.#kubeconfig, {
      ...{ server, ca: ca.cert, context: "ama-metrics" },
      user: await ca.issue({ name: agentUser }),
    });
    await this.#write();
    await processes.start({
      name: "prometheus",
      program: join(bin, "prometheus"),
      args: [
        `--config.file=${join(this.#dir, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(this.#dir, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--web.enable-lifecycle",
        "--log.level=warn",
      ],
    });
    await waitUntil("Prometheus", 60, async () => (await fetch(`${this.endpoint}/-/ready`)).ok);
    const core = this.#config.makeApiClient(CoreV1Api);
    const informer = makeInformer(this.#config, `/api/v1/namespaces/${source.namespace}/configmaps`, () =>
      core.listNamespacedConfigMap({ namespace: source.namespace }),
    );
    const see = ({ metadata, data }: V1ConfigMap) => {
      if (metadata?.name === source.name) {
        this.#scraping = data?.[source.key];
        void this.#reload();
      }
    };
    informer.on("add", see);
    informer.on("update", see);
    informer.on("delete", ({ metadata }) => see(metadata ? { metadata } : {}));
    this.#stopWatch = await keepWatching(informer, (error) => console.error(`prometheus: watch: ${error}`));
  }

  async #stop(): Promise<void> {
    if (this.#stopWatch) {
      await this.close();
      await this.#options.processes.stop("prometheus");
      await revokeAgent(this.#config);
    }
  }

  /** Where it answers. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get #kubeconfig(): string {
    return join(this.#dir, "agent.kubeconfig");
  }

  async #write(): Promise<void> {
    const config = prometheusConfig(this.#scraping, {
      cluster: this.#cluster,
      kubeconfig: this.#kubeconfig,
      proxy: this.#options.proxy,
      ruleFile: join(this.#dir, "rules.yaml"),
    });
    await writeFile(join(this.#dir, "prometheus.yaml"), config);
  }

  /** Has it read its files again; one that it can't read it goes on without, as the agent does. */
  #reload(): Promise<void> {
    this.#queue = this.#queue
      .then(async () => {
        await this.#write();
        const answer = await fetch(`${this.endpoint}/-/reload`, { method: "POST" });
        if (!answer.ok) {
          console.error(`prometheus: ${await answer.text()}`);
        }
      })
      .catch((error) => console.error(`prometheus: ${error}`));
    return this.#queue;
  }
}
