import { ApiException, type V1Node } from "@kubernetes/client-node";
import { beforeEach, expect, test } from "vitest";
import type { AgentPoolState } from "../../rehearsal/arm/agentPools.ts";
import { gpusOf } from "../../rehearsal/cluster/gpuHardware.ts";
import { type NodeApi, reconcileNodes } from "../../rehearsal/cluster/nodes.ts";
import { mergePatch } from "./support/mergePatch.ts";

const pool: AgentPoolState = {
  clusterId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/demo",
  clusterName: "demo",
  location: "eastus",
  nodeResourceGroup: "MC_rg_demo_eastus",
  name: "user",
  vmSize: "Standard_D2s_v5",
  count: 1,
  mode: "User",
  labels: { team: "a" },
  taints: ["team=a:NoSchedule"],
  zones: [],
  spot: false,
  osSku: "Ubuntu",
  arch: "amd64",
  vCPUs: 2,
  memoryGiB: 8,
  gpus: 0,
};

/** The nodes of an API server, with its merge patches and its versions. */
class FakeNodes {
  readonly nodes = new Map<string, V1Node>();
  writes: string[] = [];
  /** Runs between the next read and the write that follows it. */
  meanwhile: (() => void) | undefined;
  #version = 0;

  readonly api = {
    listNode: async () => ({ items: [...this.nodes.values()] }),
    readNode: async ({ name }: { name: string }) => structuredClone(this.node(name)),
    createNode: async ({ body }: { body: V1Node }) => this.put("create", structuredClone(body)),
    deleteNode: async ({ name }: { name: string }) => {
      this.writes.push(`delete ${name}`);
      this.nodes.delete(name);
    },
    patchNode: async ({ name, body }: { name: string; body: V1Node }) => {
      this.meanwhile?.();
      this.meanwhile = undefined;
      const seen = body.metadata?.resourceVersion;
      if (seen !== undefined && seen !== this.node(name).metadata?.resourceVersion) {
        throw new ApiException(409, "the object has been modified", "", {});
      }
      return this.put("patch", mergePatch(this.node(name), body) as V1Node);
    },
  } as unknown as NodeApi;

  put(verb: string, node: V1Node): V1Node {
    this.#version += 1;
    node.metadata = { ...node.metadata, resourceVersion: String(this.#version) };
    this.nodes.set(String(node.metadata.name), node);
    this.writes.push(`${verb} ${node.metadata.name}`);
    return node;
  }

  node(name: string): V1Node {
    return this.nodes.get(name) as V1Node;
  }

  get only(): V1Node {
    return [...this.nodes.values()][0] as V1Node;
  }
}

let fake: FakeNodes;
const sync = (...pools: AgentPoolState[]) => reconcileNodes(fake.api, pools);
beforeEach(async () => {
  fake = new FakeNodes();
  await sync(pool);
});

test("a node has AKS's labels, the architecture that Azure's list has, and its pool's labels and taints", async () => {
  expect(fake.only.metadata?.labels).toMatchObject({
    "kubernetes.io/arch": "amd64",
    "kubernetes.azure.com/agentpool": "user",
    "topology.kubernetes.io/zone": "0",
    team: "a",
  });
  expect(fake.only.spec?.taints).toEqual([{ key: "team", value: "a", effect: "NoSchedule" }]);
  // By its name this size would pass for an x64 one.
  await sync({ ...pool, vmSize: "Standard_X2", arch: "arm64" });
  expect(fake.only.metadata?.labels?.["kubernetes.io/arch"]).toBe("arm64");
});

test("a GPU node offers no GPU before a device plugin has said so, and knows what its machine has", async () => {
  await sync({ ...pool, name: "gpu", gpus: 1, gpuModel: "NVIDIA A10", gpuMemoryGiB: 24 });
  expect(gpusOf(fake.only)?.product).toBe("NVIDIA A10-24Q");
  expect(Object.keys(fake.only.status?.capacity ?? {})).not.toContain("nvidia.com/gpu");
  expect(fake.only.metadata?.labels?.["accelerator"]).toBe("nvidia");
});

test("pools that didn't change are left alone; nodes come and go with the count", async () => {
  fake.writes = [];
  await sync(pool);
  expect(fake.writes).toEqual([]);
  const first = fake.only.metadata?.name;
  await sync({ ...pool, count: 2 });
  const second = [...fake.nodes.keys()][1];
  await sync(pool);
  expect(fake.writes).toEqual([`create ${second}`, `delete ${second}`]);
  expect([...fake.nodes.keys()]).toEqual([first]);
});

test("labels of the pool are added, changed and removed on a node that stays; other labels stay", async () => {
  await sync({ ...pool, labels: { team: "a", tier: "1" } });
  fake.put("label", mergePatch(fake.only, { metadata: { labels: { mine: "yes" } } }) as V1Node);
  await sync({ ...pool, labels: { tier: "2" }, mode: "System" });
  const labels = fake.only.metadata?.labels ?? {};
  expect(labels).toMatchObject({ tier: "2", mine: "yes", "kubernetes.azure.com/mode": "system" });
  expect(labels).not.toHaveProperty("team");
});

test("taints of the pool are added, changed and removed; those of Kubernetes's controllers stay", async () => {
  const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoExecute" };
  const own = { key: "team", value: "a", effect: "NoSchedule" };
  fake.put("taint", mergePatch(fake.only, { spec: { taints: [own, notReady] } }) as V1Node);
  await sync({ ...pool, taints: ["team=b:NoSchedule", "sku=gpu:NoSchedule"] });
  expect(fake.only.spec?.taints).toEqual([
    notReady,
    { key: "team", value: "b", effect: "NoSchedule" },
    { key: "sku", value: "gpu", effect: "NoSchedule" },
  ]);
  await sync({ ...pool, taints: [] });
  expect(fake.only.spec?.taints).toEqual([notReady]);
});

test("a change that comes between is not overwritten", async () => {
  fake.meanwhile = () => {
    fake.put(
      "taint",
      mergePatch(fake.only, { spec: { taints: [{ key: "x", effect: "NoExecute" }] } }) as V1Node,
    );
  };
  await sync({ ...pool, labels: { team: "b" }, taints: [] });
  expect(fake.only.metadata?.labels?.["team"]).toBe("b");
  expect(fake.only.spec?.taints).toEqual([{ key: "x", effect: "NoExecute" }]);
});
