import type { V1Service } from "@kubernetes/client-node";
import type { Snapshot } from "../../../rehearsal/cluster/gateway/cluster.ts";
import type { Gateway, HttpRoute, Listener, Rule } from "../../../rehearsal/cluster/gateway/types.ts";

/** The listeners of a front door: plain HTTP for its own namespace, and TLS for `chat` from that of the chat app. */
export const httpListener: Listener = { name: "http", port: 80, protocol: "HTTP" };
export const chatListener: Listener = {
  ...{ name: "chat", hostname: "chat.example.com", port: 443, protocol: "HTTPS" },
  tls: { mode: "Terminate", certificateRefs: [{ name: "chat" }] },
  allowedRoutes: {
    namespaces: { from: "Selector", selector: { matchLabels: { "kubernetes.io/metadata.name": "chat" } } },
  },
};

export function gateway(change: Partial<Gateway["spec"]> = {}): Gateway {
  return {
    metadata: { name: "front-door", namespace: "ingress", uid: "u", generation: 3 },
    spec: { gatewayClassName: "approuting-istio", listeners: [httpListener, chatListener], ...change },
  };
}

/** A route of the chat app's namespace to its Service. */
export function route(change: Partial<HttpRoute["spec"]> = {}, rule: Rule = {}): HttpRoute {
  return {
    metadata: { name: "chat", namespace: "chat", generation: 2, creationTimestamp: new Date(0) },
    spec: {
      parentRefs: [{ name: "front-door", namespace: "ingress", sectionName: "chat" }],
      hostnames: ["chat.example.com"],
      rules: [{ backendRefs: [{ name: "chat", port: 80 }], ...rule }],
      ...change,
    },
  };
}

export const chatService: V1Service = {
  metadata: { name: "chat", namespace: "chat" },
  spec: { ports: [{ port: 80 }] },
};

/** A cluster with the two namespaces and nothing but what is given. */
export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  const namespaces = ["ingress", "chat"].map((name) => ({
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
  }));
  return {
    ...{ gateways: [gateway()], routes: [], grants: [], services: [chatService], secrets: [] },
    ...{ configMaps: [], pods: [], namespaces, ...change },
  };
}
