import type { V1EndpointSlice, V1Service } from "@kubernetes/client-node";
import { beforeEach, expect, test } from "vitest";
import { PodPorts } from "../../rehearsal/cluster/podPorts.ts";
import { type ServiceApi, serviceNetwork } from "../../rehearsal/cluster/serviceTarget.ts";

const service: V1Service = {
  metadata: { name: "workspace", namespace: "kaito" },
  spec: {
    clusterIP: "10.0.3.4",
    ports: [
      { name: "metrics", port: 8080 },
      { name: "webhook", port: 443 },
    ],
  },
};
const pod = (name: string) => ({ kind: "Pod", name, namespace: "kaito" });
const slice: V1EndpointSlice = {
  addressType: "IPv4",
  ports: [
    { name: "metrics", port: 8080 },
    { name: "webhook", port: 9443 },
  ],
  endpoints: [
    { addresses: ["10.0.0.1"], conditions: { ready: false }, targetRef: pod("starting") },
    { addresses: ["10.0.0.2"], conditions: { ready: true }, targetRef: pod("elsewhere") },
    { addresses: ["10.0.0.3"], conditions: { ready: true }, targetRef: pod("ready") },
  ],
};

let slices: V1EndpointSlice[];
let asked: unknown[];
let ports: PodPorts;
beforeEach(() => {
  slices = [slice];
  asked = [];
  ports = new PodPorts();
  ports.add(pod("starting"), new Map([[9443, 50_001]]));
  ports.add(pod("ready"), new Map([[9443, 50_002]]));
});

/** Asks for one address, of what nothing is remembered. */
const serviceTarget = (from: ServiceApi, podPorts: PodPorts, host: string, port: number) =>
  serviceNetwork(from, podPorts)(host, port);

const selectors = ["spec.clusterIP=10.0.3.4", "metadata.name=workspace,metadata.namespace=kaito"];
const api = {
  core: {
    listPodForAllNamespaces: async ({ fieldSelector }: { fieldSelector: string }) => ({
      items:
        fieldSelector === "status.podIP=10.0.0.3"
          ? [{ metadata: pod("ended") }, { metadata: pod("ready") }]
          : [],
    }),
    listServiceForAllNamespaces: async ({ fieldSelector }: { fieldSelector: string }) => ({
      items: selectors.includes(fieldSelector) ? [service] : [],
    }),
  },
  discovery: {
    listNamespacedEndpointSlice: async (query: unknown) => {
      asked.push(query);
      return { items: slices };
    },
  },
} as unknown as ServiceApi;

test("a Service's port leads to the program of a ready pod, by the name of the port", async () => {
  expect(await serviceTarget(api, ports, "10.0.3.4", 443)).toBe(50_002);
  expect(asked).toEqual([{ namespace: "kaito", labelSelector: "kubernetes.io/service-name=workspace" }]);
});

test("a pod is reached at its own address, on every port that its program listens on", async () => {
  expect(await serviceTarget(api, ports, "10.0.0.3", 9443)).toBe(50_002);
  expect(await serviceTarget(api, ports, "10.0.0.3", 443)).toBeUndefined();
});

test.each(["workspace.kaito.svc", "workspace.kaito.svc.cluster.local"])("%s is its name", async (host) => {
  expect(await serviceTarget(api, ports, host, 443)).toBe(50_002);
});

test.each([
  ["an address that no Service has", "10.0.3.5", 443],
  ["a port that the Service doesn't have", "10.0.3.4", 9443],
  ["a port that no program listens on", "10.0.3.4", 8080],
])("%s leads nowhere", async (_what, host, port) => {
  expect(await serviceTarget(api, ports, host, port)).toBeUndefined();
});

test("a Service's only port needs no name, and answers for no other", async () => {
  const { clusterIP } = service.spec ?? {};
  const unnamed = { ...service, spec: { clusterIP, ports: [{ port: 443 }] } } as V1Service;
  slices = [{ ...slice, ports: [{ name: "", port: 9443 }] }];
  const only: ServiceApi = {
    ...api,
    core: { ...api.core, listServiceForAllNamespaces: async () => ({ items: [unnamed] }) },
  };
  expect(await serviceTarget(only, ports, "10.0.3.4", 443)).toBe(50_002);
  expect(await serviceTarget(only, ports, "10.0.3.4", 8443)).toBeUndefined();
});

test("a Service whose pods are all unready leads nowhere", async () => {
  slices = [{ ...slice, endpoints: slice.endpoints?.slice(0, 2) ?? [] }];
  expect(await serviceTarget(api, ports, "10.0.3.4", 443)).toBeUndefined();
});

test("a pod's containers share its ports, and a pod that is gone has none", () => {
  ports.add(pod("ready"), new Map([[8080, 50_003]]));
  expect([ports.get(pod("ready"), 9443), ports.get(pod("ready"), 8080)]).toEqual([50_002, 50_003]);
  ports.delete(pod("ready"));
  expect(ports.get(pod("ready"), 9443)).toBeUndefined();
});

test("connections go to each of a Service's ready pods whose programs run here", async () => {
  const [unready, elsewhere, ready] = slice.endpoints ?? [];
  const other = { addresses: ["10.0.0.4"], conditions: { ready: true }, targetRef: pod("other") };
  // A Service with many pods has them in several slices.
  slices = [
    { ...slice, endpoints: [unready, elsewhere, ready].filter((one) => one !== undefined) },
    { ...slice, endpoints: [other] },
  ];
  ports.add(pod("other"), new Map([[9443, 50_004]]));
  const counts: number[] = [];
  let turn = 0;
  const target = serviceNetwork(api, ports, (count) => {
    counts.push(count);
    turn += 1;
    return turn % count;
  });
  const found = [await target("10.0.3.4", 443), await target("10.0.3.4", 443), await target("10.0.3.4", 443)];
  expect(found).toEqual([50_004, 50_002, 50_004]);
  expect(counts).toEqual([2, 2, 2]);
});

test("a Service's pods are remembered for a moment, and not those whose programs have ended", async () => {
  let now = 0;
  const target = serviceNetwork(
    api,
    ports,
    () => 0,
    () => now,
  );
  await target("10.0.3.4", 443);
  now = 199;
  await target("10.0.3.4", 443);
  expect(asked).toHaveLength(1);
  now = 200;
  await target("10.0.3.4", 443);
  expect(asked).toHaveLength(2);
  ports.delete(pod("ready"));
  expect(await target("10.0.3.4", 443)).toBeUndefined();
  await target("10.0.3.4", 443);
  expect(asked).toHaveLength(3);
});

test("pods that end still serve while no other does", async () => {
  const ending = { ready: false, serving: true, terminating: true };
  const [unready, , ready] = slice.endpoints ?? [];
  const endpoints = [unready, ready].filter((one) => one !== undefined);
  slices = [{ ...slice, endpoints: endpoints.map((one) => ({ ...one, conditions: ending })).slice(1) }];
  expect(await serviceTarget(api, ports, "10.0.3.4", 443)).toBe(50_002);
  slices = [{ ...slice, endpoints: endpoints.map((one) => ({ ...one, conditions: { ready: false } })) }];
  expect(await serviceTarget(api, ports, "10.0.3.4", 443)).toBeUndefined();
});
