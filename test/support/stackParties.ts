import { isDeepStrictEqual } from "node:util";
import ipaddr from "ipaddr.js";
import { OUTSIDE, type Parties } from "./networkPolicy/matrix.ts";
import type { Party, Pod } from "./networkPolicy.ts";
import { tableName } from "./stackPods/names.ts";
import type { ClusterView, StackPod } from "./stackPods.ts";

/** Pods that are on every cluster of AKS, or may be: nothing of this project closes their namespaces. */
const OTHERS: readonly StackPod[] = [
  {
    namespace: "kube-system",
    name: "coredns",
    labels: { "k8s-app": "kube-dns" },
    ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }],
  },
  { namespace: "kube-system", name: "konnectivity-agent", labels: { app: "konnectivity-agent" } },
  { namespace: "kube-system", name: "metrics-server", labels: { "k8s-app": "metrics-server" } },
  // Azure's agent of managed Prometheus: its Deployment, which scrapes pods, and its DaemonSet, which doesn't.
  { namespace: "kube-system", name: "ama-metrics", labels: { rsName: "ama-metrics" } },
  { namespace: "kube-system", name: "ama-metrics-node", labels: { dsName: "ama-metrics-node" } },
  {
    namespace: "aks-istio-system",
    name: "istiod",
    labels: { app: "istiod" },
    ports: [{ containerPort: 15012 }],
  },
  { namespace: "monitoring", name: "prometheus", labels: { app: "prometheus" } },
  { namespace: "team-a", name: "agent", labels: { app: "agent" } },
  // Like a pod of this project, but in a namespace of somebody else's.
  { namespace: "team-a", name: "lookalike", labels: { "app.kubernetes.io/name": "open-webui" } },
];

/**
 * All who could call or be called: the pods of the view by the names of the tables, a stranger in each of its namespaces, other pods of the
 * cluster, addresses outside, and for each range that a policy names the last address of it. Each pod has an address.
 */
export function partiesOf({ pods, namespaces, policies }: ClusterView): Parties {
  const strangers: StackPod[] = [...namespaces.keys()].map((namespace) => ({
    namespace,
    name: "stranger",
    labels: { app: "stranger" },
  }));
  const named = pods.map((pod) => ({ ...pod, name: tableName(pod.labels ?? {}) }));
  const parties = new Map<string, Party>();
  for (const [i, pod] of [...named, ...strangers, ...OTHERS].entries()) {
    const name = `${pod.namespace}/${pod.name}`;
    const other = parties.get(name) as Pod | undefined;
    // Replicas, or pods that policies can't tell apart.
    if (other !== undefined && !isDeepStrictEqual({ ...other.labels }, { ...pod.labels })) {
      throw new Error(`two kinds of pods are called ${name}, and only one would be judged`);
    }
    parties.set(name, {
      ...pod,
      ports: [...(other?.ports ?? []), ...(pod.ports ?? [])],
      address: pod.address ?? `10.244.${Math.floor(i / 250)}.${(i % 250) + 2}`,
      namespaceLabels: namespaces.get(pod.namespace)?.labels ?? {},
    });
  }
  for (const [name, outside] of Object.entries(OUTSIDE)) parties.set(name, outside);
  for (const range of rangesOf(policies)) {
    const address = within(range);
    const where = ipaddr.parse(address).range() === "unicast" ? "public" : "private";
    parties.set(`@${where}:${range}`, { address });
  }
  return parties;
}

/** The ranges of addresses that policies name, but for everywhere. */
function rangesOf(policies: ClusterView["policies"]): Set<string> {
  const rules = policies.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
  const peers = rules.flatMap(({ from = [], to = [] }) => [...from, ...to]);
  const named = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr] : []));
  return new Set(named.filter((range) => !range.endsWith("/0")));
}

/** The last address of a range. */
function within(range: string): string {
  const [address, prefix] = ipaddr.parseCIDR(range);
  const bytes = address
    .toByteArray()
    .map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, prefix - 8 * i))));
  return ipaddr.fromByteArray(bytes).toString();
}
