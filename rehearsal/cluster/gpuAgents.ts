import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { gpusOf } from "./gpuHardware.ts";
import { agentOf, discoveredLabels, type GpuAgent, pciLabels } from "./gpuLabels.ts";
import { labelPatch, offerPatch } from "./gpuPatches.ts";
import { keepWatching } from "./watch.ts";

/** The calls by which nodes are told of their GPUs. */
export type GpuApi = Pick<CoreV1Api, "patchNode" | "patchNodeStatus">;

/**
 * Makes GPUs known as they become known in a cluster: a node offers them while a device plugin runs on it, and
 * has their labels once node-feature-discovery and gpu-feature-discovery have run there.
 *
 * @param scanMs how long it takes until what gpu-feature-discovery has written into its file, or removed, is seen
 * by node-feature-discovery's worker. A real one looks once a minute.
 * @returns a function that ends it.
 */
export async function startGpuAgents(kubeconfig: string, scanMs = 2_000): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const agents = new GpuAgents(core, scanMs);
  const nodes = makeInformer(config, "/api/v1/nodes", () => core.listNode());
  const pods = makeInformer(config, "/api/v1/pods", () => core.listPodForAllNamespaces());
  for (const event of ["add", "update", "delete"] as const) {
    nodes.on(event, (node) => agents.seeNode(node, event === "delete"));
    pods.on(event, (pod) => agents.seePod(pod, event === "delete"));
  }
  const failed = (error: unknown) => console.error(`GPU agents: watch: ${error}`);
  const stops = [await keepWatching(nodes, failed), await keepWatching(pods, failed)];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await agents.close();
  };
}

/** An agent that runs on a node. */
interface Running {
  agent: GpuAgent;
  node: string;
}

/** Keeps nodes in step with the agents that run on them. */
export class GpuAgents {
  readonly #api: GpuApi;
  readonly #scanMs: number;
  readonly #nodes = new Map<string, V1Node>();
  readonly #running = new Map<string, Running>();
  /** The labels that each node's worker has told of last. */
  readonly #told = new Map<string, Record<string, string>>();
  readonly #scans = new Map<string, NodeJS.Timeout>();
  #queue = Promise.resolve();

  constructor(api: GpuApi, scanMs: number) {
    this.#api = api;
    this.#scanMs = scanMs;
  }

  /** Takes note of a node as it is now. */
  seeNode(node: V1Node, gone: boolean): void {
    const name = node.metadata?.name ?? "";
    if (gone) {
      this.#nodes.delete(name);
      this.#told.delete(name);
      return;
    }
    const isNew = !this.#nodes.has(name);
    this.#nodes.set(name, node);
    // Pods are watched apart from nodes: a worker may be seen before its node.
    if (isNew && this.#hasWorker(name)) {
      this.#scan(name);
    } else {
      this.#update(name);
    }
  }

  /** Takes note of a pod as it is now. */
  seePod(pod: V1Pod, gone: boolean): void {
    const node = pod.spec?.nodeName;
    const agent = pod.spec?.containers.map(agentOf).find((found) => found !== undefined);
    if (node === undefined || agent === undefined) {
      return;
    }
    const key = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
    const alive = !gone && pod.status?.phase === "Running" && !pod.metadata?.deletionTimestamp;
    if (alive === this.#running.has(key)) {
      return;
    }
    if (alive) {
      this.#running.set(key, { agent, node });
    } else {
      this.#running.delete(key);
    }
    switch (agent) {
      case "device-plugin":
        this.#update(node);
        break;
      case "gpu-feature-discovery":
        this.#scanSoon(node);
        break;
      case "nfd-grpc-worker":
      case "nfd-worker":
        // What was told by gRPC stays with the master; an object of the API goes with the worker's pod.
        if (alive || agent === "nfd-worker") {
          this.#scan(node);
        }
        break;
      case "nfd-master":
        for (const name of this.#nodes.keys()) {
          this.#update(name);
        }
    }
  }

  /** Changes nothing any more, and waits for what is under way. */
  async close(): Promise<void> {
    for (const timer of this.#scans.values()) {
      clearTimeout(timer);
    }
    this.#nodes.clear();
    await this.#queue;
  }

  #runs(agent: GpuAgent, node?: string): boolean {
    return [...this.#running.values()].some(
      (running) => running.agent === agent && (node === undefined || running.node === node),
    );
  }

  #hasWorker(node: string): boolean {
    return this.#runs("nfd-worker", node) || this.#runs("nfd-grpc-worker", node);
  }

  #scanSoon(node: string): void {
    if (!this.#scans.has(node)) {
      const timer = setTimeout(() => {
        this.#scans.delete(node);
        if (this.#hasWorker(node)) {
          this.#scan(node);
        }
      }, this.#scanMs);
      this.#scans.set(node, timer);
    }
  }

  /** A look of the worker's, or the end of one whose findings go with it. */
  #scan(name: string): void {
    const node = this.#nodes.get(name);
    const hardware = node && this.#hasWorker(name) ? gpusOf(node) : undefined;
    const discovered =
      hardware && this.#runs("gpu-feature-discovery", name) ? discoveredLabels(hardware) : {};
    this.#told.set(name, hardware ? { ...pciLabels, ...discovered } : {});
    this.#update(name);
  }

  #update(name: string): void {
    this.#queue = this.#queue
      .then(async () => {
        const node = this.#nodes.get(name);
        if (node) {
          await this.#offer(name, node);
          await this.#label(name, node);
        }
      })
      .catch((error: unknown) => {
        // A node that has gone needs nothing; it is told of as gone, too.
        if (!(error instanceof ApiException && error.code === 404)) {
          console.error(`GPU agents: ${name}: ${error}`);
        }
      });
  }

  async #offer(name: string, node: V1Node): Promise<void> {
    const body = offerPatch(node, this.#runs("device-plugin", name) ? gpusOf(node)?.count : undefined);
    if (body) {
      this.#keep(name, await this.#api.patchNodeStatus({ name, body }, mergePatch));
    }
  }

  /** Labels stay as they are while there is no master. */
  async #label(name: string, node: V1Node): Promise<void> {
    const told = this.#told.get(name);
    const body = told && this.#runs("nfd-master") ? labelPatch(node, told) : undefined;
    if (body) {
      this.#keep(name, await this.#api.patchNode({ name, body }, mergePatch));
    }
  }

  /** What was changed is looked at as changed, also before the watch tells of it. */
  #keep(name: string, node: V1Node): void {
    if (this.#nodes.has(name)) {
      this.#nodes.set(name, node);
    }
  }
}

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
