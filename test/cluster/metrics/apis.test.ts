import { request } from "node:https";
import { json } from "node:stream/consumers";
import type { V1Pod } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { customMetrics, type Query } from "../../../rehearsal/cluster/metrics/customMetrics.ts";
import { type PodApi, resourceMetrics } from "../../../rehearsal/cluster/metrics/resourceMetrics.ts";
import { type ApiGroup, frontProxy, serveApiGroup } from "../../../rehearsal/cluster/metrics/server.ts";

const pod = (name: string, containers: string[], nodeName = "node-1"): V1Pod => ({
  metadata: { name, namespace: "mcp", labels: { app: "echo" } },
  spec: { nodeName, containers: containers.map((container) => ({ name: container })) },
});
const pods = [pod("echo-1", ["server", "guard"]), pod("echo-2", ["server", "guard"]), pod("other", ["x"])];

const asked: unknown[] = [];
const api = {
  listNamespacedPod: async (query: unknown) => {
    asked.push(query);
    return { items: pods };
  },
  listPodForAllNamespaces: async () => ({ items: pods }),
} as unknown as PodApi;

const at = new Date("2026-01-02T03:04:05.678Z");
const used = new Map(
  Object.entries({
    "pod-mcp-echo-1-server": { cores: 0.25, bytes: 64 * 1024 },
    "pod-mcp-echo-1-guard": { cores: 0.000001, bytes: 32 * 1024 },
    // The other container of this pod has only just begun.
    "pod-mcp-echo-2-server": { cores: 1, bytes: 1024 },
  }),
);
const resources = resourceMetrics(api, (program) => {
  const usage = used.get(program);
  return usage && { ...usage, at, windowMs: 5_010 };
});

test("pods are listed with what each container uses, and not those that are known in part or not at all", async () => {
  asked.length = 0;
  const answer = await resources.answer({ resource: "pods", namespace: "mcp", labelSelector: "app=echo" });
  expect(asked).toEqual([{ namespace: "mcp", labelSelector: "app=echo" }]);
  expect(answer).toEqual({
    ...{ kind: "PodMetricsList", apiVersion: "metrics.k8s.io/v1beta1", metadata: {} },
    items: [
      {
        metadata: {
          ...{ name: "echo-1", namespace: "mcp", labels: { app: "echo" } },
          creationTimestamp: "2026-01-02T03:04:05Z",
        },
        timestamp: "2026-01-02T03:04:05Z",
        window: "5.010s",
        containers: [
          { name: "server", usage: { cpu: "250000000n", memory: "64Ki" } },
          { name: "guard", usage: { cpu: "1000n", memory: "32Ki" } },
        ],
      },
    ],
  });
});

test("one pod is found by its name, and one that nothing is known of isn't", async () => {
  const get = (name: string) => resources.answer({ resource: "pods", namespace: "mcp", name });
  expect(await get("echo-1")).toMatchObject({ kind: "PodMetrics", metadata: { name: "echo-1" } });
  expect(await get("echo-2")).toBeUndefined();
});

test("a node uses what the programs of its pods use", async () => {
  expect(await resources.answer({ resource: "nodes" })).toMatchObject({
    kind: "NodeMetricsList",
    items: [{ metadata: { name: "node-1" }, usage: { cpu: "1250001000n", memory: "97Ki" } }],
  });
  expect(await resources.answer({ resource: "nodes", name: "node-2" })).toBeUndefined();
});

const metric = "mcp_guard_calls_per_second";
const queries: string[] = [];
const query: Query = async (expression) => {
  queries.push(expression);
  return [
    { labels: { namespace: "mcp", pod: "echo-1" }, at, value: 12.3456 },
    { labels: { namespace: "elsewhere", pod: "echo-2" }, at, value: 7 },
  ];
};
const custom = customMetrics(api, query);

test("a metric of pods is answered for the pods that Prometheus knows", async () => {
  queries.length = 0;
  const to = { version: "v1beta2", namespace: "mcp", resource: "pods", name: "*", subresource: metric };
  expect(await custom.answer(to)).toEqual({
    ...{ kind: "MetricValueList", apiVersion: "custom.metrics.k8s.io/v1beta2", metadata: {} },
    items: [
      {
        describedObject: { kind: "Pod", namespace: "mcp", name: "echo-1", apiVersion: "/v1" },
        metric: { name: metric, selector: null },
        timestamp: "2026-01-02T03:04:05Z",
        value: "12346m",
      },
    ],
  });
  expect(queries).toEqual([expect.stringMatching(/rate\(mcp_guard_calls_total\[/)]);
  expect(await custom.answer({ ...to, version: "v1beta1" })).toMatchObject({
    items: [{ metricName: metric }],
  });
});

test.each([
  ["a metric that nobody has a rule for", { subresource: "mcp_guard_sessions" }],
  ["a pod that Prometheus doesn't know", { name: "echo-2" }],
  ["a kind that has none", { resource: "services" }],
])("%s is not found", async (_what, other) => {
  const to = { version: "v1beta2", namespace: "mcp", resource: "pods", name: "*", subresource: metric };
  expect(await custom.answer({ ...to, ...other })).toBeUndefined();
});

test("a metric of other pods alone is an empty list, and one without any series isn't found", async () => {
  const to = { version: "v1beta2", resource: "pods", name: "*", subresource: metric };
  expect(await custom.answer({ ...to, namespace: "nobodys" })).toMatchObject({ items: [] });
  const without = customMetrics(api, async () => []);
  expect(await without.answer({ ...to, namespace: "mcp" })).toBeUndefined();
});

const host = "metrics-server.kube-system.svc";
const group: ApiGroup = {
  ...{ group: "metrics.k8s.io", versions: ["v1beta1"] },
  resources: [{ name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get"] }],
  answer: async (about) => (about.name === "none" ? undefined : about),
};

/** Serves the group, and returns what asks it with a client's certificate of the given name. */
async function served(name: string) {
  const ca = await CertificateAuthority.create();
  const server = await serveApiGroup(ca, host, group);
  onTestFinished(() => server.close());
  const client = await ca.issue({ name });
  return (path: string) =>
    new Promise<{ code: number | undefined; body: unknown }>((resolve, reject) => {
      const to = { host: "127.0.0.1", port: server.port, servername: host, path, agent: false };
      const call = request({ ...to, ca: ca.cert, cert: client.cert, key: client.key }, (answer) => {
        json(answer).then((body) => resolve({ code: answer.statusCode, body }), reject);
      });
      call.on("error", reject).end();
    });
}

test("the API server is told which resources there are, and gets what it asks for", async () => {
  const ask = await served(frontProxy);
  expect(await ask("/apis/metrics.k8s.io/v1beta1")).toEqual({
    code: 200,
    body: {
      ...{ kind: "APIResourceList", apiVersion: "v1", groupVersion: "metrics.k8s.io/v1beta1" },
      resources: group.resources,
    },
  });
  expect(await ask("/apis/metrics.k8s.io/v1beta1/nodes")).toEqual({
    code: 200,
    body: { version: "v1beta1", resource: "nodes" },
  });
  expect(await ask("/apis/metrics.k8s.io/v1beta1/namespaces/mcp/pods/%2A/m?labelSelector=a%3Db")).toEqual({
    code: 200,
    body: {
      ...{ version: "v1beta1", namespace: "mcp", resource: "pods", name: "*", subresource: "m" },
      labelSelector: "a=b",
    },
  });
  expect((await ask("/apis/metrics.k8s.io/v1beta1/pods/none")).code).toBe(404);
  expect((await ask("/apis/metrics.k8s.io/v2/pods")).code).toBe(404);
});

test("nobody else is answered, though the authority vouches for it", async () => {
  const ask = await served("system:masters");
  expect((await ask("/apis/metrics.k8s.io/v1beta1/nodes")).code).toBe(403);
});
