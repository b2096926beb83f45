import { ApiException, type V1Node, type V1Pod } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GpuAgents, type GpuApi } from "../../rehearsal/cluster/gpuAgents.ts";
import { gpuAnnotation } from "../../rehearsal/cluster/gpuHardware.ts";
import { mergePatch } from "./support/mergePatch.ts";

const hardware = { count: 2, product: "NVIDIA A10-24Q", memoryMiB: 24512, compute: { major: 8, minor: 6 } };
const pci = "feature.node.kubernetes.io/pci-10de.present";
const product = "nvidia.com/gpu.product";

/** Nodes of an API server that tells of every change, as a watch does. */
class FakeCluster {
  readonly nodes = new Map<string, V1Node>();
  patches = 0;
  readonly api = {
    patchNode: async ({ name, body }: { name: string; body: unknown }) => this.patch(name, body),
    patchNodeStatus: async ({ name, body }: { name: string; body: unknown }) => this.patch(name, body),
  } as unknown as GpuApi;
  agents = new GpuAgents(this.api, 2_000);

  add(name: string, gpus: boolean): void {
    const annotations = gpus ? gpuAnnotation(hardware) : {};
    this.nodes.set(name, { metadata: { name, annotations, labels: { mine: "yes" } } });
    this.agents.seeNode(this.node(name), false);
  }

  patch(name: string, body: unknown): V1Node {
    if (!this.nodes.has(name)) {
      throw new ApiException(404, "not found", "", {});
    }
    this.patches += 1;
    const patched = mergePatch(this.node(name), body) as V1Node;
    this.nodes.set(name, patched);
    this.agents.seeNode(patched, false);
    return patched;
  }

  node(name: string): V1Node {
    return this.nodes.get(name) as V1Node;
  }

  labels(name = "gpu"): Record<string, string> {
    return this.node(name).metadata?.labels ?? {};
  }

  offered(name = "gpu"): unknown[] {
    const { capacity, allocatable } = this.node(name).status ?? {};
    return [capacity?.["nvidia.com/gpu"], allocatable?.["nvidia.com/gpu"]];
  }
}

const images = {
  plugin: { image: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1" },
  discovery: { image: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4", command: ["gpu-feature-discovery"] },
  worker: { image: "mirror.example.com/nfd/node-feature-discovery:v0.15.3", command: ["nfd-worker"] },
  grpcWorker: {
    image: "registry.k8s.io/nfd/node-feature-discovery:v0.15.3",
    command: ["nfd-worker"],
    args: ["-server=master:8080", "-enable-nodefeature-api=false"],
  },
  master: { image: "registry.k8s.io/nfd/node-feature-discovery:v0.15.3", command: ["nfd-master"] },
};

function podOf(
  what: keyof typeof images,
  { node = "gpu", phase = "Running", deleted = false, copy = "" } = {},
): V1Pod {
  return {
    metadata: {
      name: `${what}-${node}${copy}`,
      namespace: "kaito",
      ...(deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: { nodeName: node, containers: [{ name: "main", ...images[what] }] },
    status: { phase },
  };
}

let cluster: FakeCluster;
beforeEach(() => {
  vi.useFakeTimers();
  cluster = new FakeCluster();
  cluster.add("gpu", true);
  cluster.add("cpu", false);
});
afterEach(async () => {
  await cluster.agents.close();
  vi.useRealTimers();
});

const see = (...args: Parameters<typeof podOf>) => cluster.agents.seePod(podOf(...args), false);
/** Lets what is queued happen; nothing that waits for a look of the worker's does. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const nextLook = () => vi.advanceTimersByTimeAsync(2_000);

test("a node offers its GPUs while a device plugin runs on it, and none afterwards", async () => {
  await settle();
  expect(cluster.offered()).toEqual([undefined, undefined]);
  see("plugin", { phase: "Pending" });
  await settle();
  expect(cluster.offered()).toEqual([undefined, undefined]);
  see("plugin");
  see("plugin", { node: "cpu" });
  await settle();
  expect(cluster.offered()).toEqual(["2", "2"]);
  expect(cluster.offered("cpu")).toEqual([undefined, undefined]);
  see("plugin", { deleted: true });
  await settle();
  expect(cluster.offered()).toEqual(["2", "0"]);
});

test("of two device plugins one is enough", async () => {
  see("plugin");
  see("plugin", { copy: "-2" });
  cluster.agents.seePod(podOf("plugin"), true);
  await settle();
  expect(cluster.offered()).toEqual(["2", "2"]);
});

test("the label of the PCI device needs node-feature-discovery's worker on the node, and a master", async () => {
  see("worker");
  await settle();
  expect(cluster.labels()).toEqual({ mine: "yes" });
  see("master", { node: "cpu" });
  see("worker", { node: "cpu" });
  await settle();
  expect(cluster.labels()).toEqual({ mine: "yes", [pci]: "true" });
  expect(cluster.labels("cpu")).toEqual({ mine: "yes" });
  see("worker", { deleted: true });
  await settle();
  expect(cluster.labels()).toEqual({ mine: "yes" });
});

test("what gpu-feature-discovery finds shows at the worker's next look, and goes at the next but it", async () => {
  see("master");
  see("worker");
  see("discovery");
  await vi.advanceTimersByTimeAsync(1_999);
  expect(cluster.labels()).not.toHaveProperty([product]);
  await vi.advanceTimersByTimeAsync(1);
  expect(cluster.labels()).toMatchObject({
    [pci]: "true",
    [product]: "NVIDIA-A10-24Q",
    "nvidia.com/gpu.count": "2",
    "nvidia.com/gpu.memory": "24512",
    "nvidia.com/gpu.compute.major": "8",
  });
  see("discovery", { deleted: true });
  await settle();
  expect(cluster.labels()).toHaveProperty([product]);
  await nextLook();
  expect(cluster.labels()).toEqual({ mine: "yes", [pci]: "true" });
});

test("a worker that starts looks at once; without one, or without a master, nothing is labelled", async () => {
  see("discovery");
  await nextLook();
  see("worker");
  await settle();
  expect(cluster.labels()).toEqual({ mine: "yes" });
  see("master");
  await settle();
  expect(cluster.labels()).toHaveProperty([product]);
  // Labels outlive the master that would take them away.
  see("master", { deleted: true });
  see("worker", { deleted: true });
  see("discovery", { deleted: true });
  await nextLook();
  expect(cluster.labels()).toHaveProperty([product]);
});

test("what a worker told its master by gRPC stays without it; what it left in the API goes with it", async () => {
  see("master");
  see("grpcWorker");
  see("discovery");
  await nextLook();
  expect(cluster.labels()).toHaveProperty([product]);
  see("grpcWorker", { deleted: true });
  see("discovery", { deleted: true });
  await nextLook();
  expect(cluster.labels()).toHaveProperty([product]);
  see("grpcWorker", { copy: "-2" });
  await settle();
  expect(cluster.labels()).toEqual({ mine: "yes", [pci]: "true" });
});

test("a worker that is seen before its node finds its GPUs all the same", async () => {
  see("master");
  see("worker", { node: "late" });
  await settle();
  cluster.add("late", true);
  await settle();
  expect(cluster.labels("late")).toHaveProperty([pci]);
});

test("a node that is as it has to be is left alone, and one that has gone does no harm", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  see("plugin");
  see("master");
  see("worker");
  await settle();
  const { patches } = cluster;
  cluster.agents.seeNode(cluster.node("gpu"), false);
  see("plugin");
  await settle();
  expect(cluster.patches).toBe(patches);
  cluster.nodes.delete("gpu");
  see("plugin", { deleted: true });
  await settle();
  expect(logged).not.toHaveBeenCalled();
});

test("nothing is changed once it is closed", async () => {
  see("master");
  see("worker");
  see("discovery");
  await settle();
  const { patches } = cluster;
  await cluster.agents.close();
  expect(vi.getTimerCount()).toBe(0);
  await nextLook();
  expect(cluster.patches).toBe(patches);
});
