import ipaddr from "ipaddr.js";
import { OUTSIDE, type Parties } from "./networkPolicy/matrix.ts";
import type { Party } from "./networkPolicy.ts";
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
 * All who could call or be called: the pods of the view, a stranger in each of its namespaces, other pods of the
 * cluster, addresses outside, and for each range that a policy names the last address of it. Each pod has an address.
 */
export function partiesOf({ pods, namespaces, policies }: ClusterView): Parties {
  const strangers: StackPod[] = [...namespaces.keys()].map((namespace) => ({
    namespace,
    name: "stranger",
    labels: { app: "stranger" },
  }));
  const all = [...pods, ...strangers, ...OTHERS];
  const parties = new Map<string, Party>(
    all.map((pod, i) => [
      `${pod.namespace}/${pod.name}`,
      {
        ...pod,
        address: pod.address ?? `10.244.${Math.floor(i / 250)}.${(i % 250) + 2}`,
        namespaceLabels: namespaces.get(pod.namespace)?.labels ?? {},
      },
    ]),
  );
  if (parties.size !== all.length) throw new Error("two pods have one name, and only one would be judged");
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
