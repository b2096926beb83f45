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
  // Like a pod of this project, but in a namespace of somebody else's.
  { namespace: "team-a", name: "lookalike", labels: { "app.kubernetes.io/name": "open-webui" } },
];

/**
 * All who could call or be called: the pods of the view, a stranger in each of its namespaces, other pods of the
 * cluster, and addresses outside. Each pod has an address.
 */
export function partiesOf({ pods, namespaces }: ClusterView): Parties {
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
  return parties;
}
