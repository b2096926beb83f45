import type { Call, Outside, Pod, Policy } from "../../support/networkPolicy.ts";

export const pod = (
  namespace: string,
  labels: Record<string, string> = {},
  more: Partial<Pod> = {},
): Pod => ({
  namespace,
  labels,
  ...more,
});
export const web = pod("shop", { app: "web" }, { address: "10.244.1.2" });
export const db = pod(
  "shop",
  { app: "db" },
  {
    address: "10.244.1.3",
    ports: [
      { name: "sql", containerPort: 5432 },
      { name: "sql", containerPort: 53, protocol: "UDP" },
      { containerPort: 80 },
    ],
  },
);
export const stranger = pod(
  "other",
  { app: "web" },
  { address: "10.244.2.2", namespaceLabels: { team: "red" } },
);
export const world: Outside = { address: "20.1.2.3" };
export const node: Outside = { address: "10.224.0.4", kind: "node" };
export const ownNode: Outside = { address: "10.224.0.5", kind: "own-node" };

export const policy = (spec: Policy["spec"], namespace = "shop"): Policy => ({
  metadata: { namespace },
  spec,
});
export const selecting = { podSelector: { matchLabels: { app: "db" } } };
export const into = (ingress: Policy["spec"]["ingress"]) =>
  policy({ ...selecting, policyTypes: ["Ingress"], ingress });

export const sql = (from: Call["from"], more: Partial<Call> = {}): Call => ({
  from,
  to: db,
  port: 5432,
  ...more,
});
