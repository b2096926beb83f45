import type { Row } from "../support/networkPolicy/matrix.ts";
import type { Reading } from "../support/networkPolicy.ts";
import type { Table } from "../support/stackNetwork.ts";

// Who may call whom. Whatever isn't here is denied, for every pod of the stack's namespaces, as caller and as called:
// other pods, addresses of the internet and of the private network, nodes, and what answers a pod as if it were its
// node (@metadata, @wireserver, @link-local), which no row has.

const row = (from: string, to: string, ...ports: string[]): Row => ({ from, to, ports });
const rows = (from: string, to: readonly string[], ...ports: string[]): Row[] =>
  to.map((each) => row(from, each, ...ports));

/** Namespaces that deny what isn't named: their pods reach the cluster's DNS and no more. */
const closed = (...namespaces: string[]): Row[] =>
  namespaces.map((namespace) => row(`${namespace}/*`, "kube-system/coredns", "UDP 53", "TCP 53"));

/**
 * Namespaces of controllers, which call the API server, that no policy can name. So they reach all that isn't closed
 * itself; nodes by the documented reading only.
 */
const controllers = (...namespaces: string[]): Row[] =>
  namespaces.flatMap((namespace) => [
    ...rows(`${namespace}/*`, ["kube-system/*", "aks-istio-system/*", "monitoring/*", "team-a/*"], "any"),
    ...rows(`${namespace}/*`, ["@public:*", "@public-v6", "@private:*"], "any"),
    { ...row(`${namespace}/*`, "@node", "any"), reading: "kubernetes" satisfies Reading },
  ]);

/** The internet on port 443; the API server of AKS has an address there. */
const internet = (...pods: string[]): Row[] => pods.map((pod) => row(pod, "@public:*", "TCP 443"));

const FRONT_DOOR = ["TCP 80", "TCP 443", "TCP 15021"];

/** Who reads metrics: the agent of managed Prometheus, and of its pods only those that scrape. */
const AGENT = "kube-system/ama-metrics";

/** Metrics that both stacks have. */
const METRICS: Row[] = [
  row(AGENT, "kmcp-system/kmcp", "TCP 8080"),
  row(AGENT, "kaito-workspace/kaito-workspace", "TCP 8080"),
  row(AGENT, "gpu-metrics/dcgm-exporter", "TCP 9400"),
];

/** What both stacks have: webhooks that the API server calls through AKS's agents, and the finding of GPUs. */
const KAITO: Row[] = [
  ...controllers("kaito-workspace"),
  row("kube-system/konnectivity-agent", "kaito-workspace/kaito-workspace", "TCP 9443"),
  row("kaito-workspace/nfd-worker", "kaito-workspace/nfd-master", "TCP 8080"),
];

/** The stack of Pulumi.dev.yaml. */
const DEV: readonly Row[] = [
  ...controllers("kmcp-system"),
  ...KAITO,
  ...METRICS,
  ...closed("chat", "gpu-metrics", "mcp", "models"),

  ...rows(AGENT, ["mcp/echo", "mcp/innovation-engine", "mcp/open-websearch"], "TCP 9464"),
  row(AGENT, "models/phi-4-mini", "TCP 5000"),

  ...rows("chat/chat", ["mcp/echo", "mcp/innovation-engine", "mcp/open-websearch"], "TCP 3000"),
  row("chat/chat", "models/phi-4-mini", "TCP 5000"),

  ...internet("mcp/open-websearch", "models/phi-4-mini"),
];

const OPEN = ["kaito-workspace/*", "kmcp-system/*", "kaito-ragengine/*", "cert-manager/*"];

const SERVERS = ["aks-mcp", "echo", "files", "innovation-engine", "open-websearch", "wide"].map(
  (name) => `mcp/${name}`,
);

const CERT_MANAGER = ["cert-manager-controller", "cert-manager-cainjector", "cert-manager-webhook"].map(
  (name) => `cert-manager/${name}`,
);

const EVERYTHING: readonly Row[] = [
  ...controllers("kmcp-system", "kaito-ragengine", "cert-manager"),
  ...KAITO,
  ...METRICS,
  ...closed("chat", "gpu-metrics", "ingress", "mcp", "models"),

  ...rows(AGENT, SERVERS, "TCP 9464"),
  ...rows(AGENT, ["models/phi", "models/many", "models/tuned", "models/closed"], "TCP 5000"),
  row(AGENT, "kaito-ragengine/kaito-ragengine", "TCP 8080"),
  ...rows(AGENT, CERT_MANAGER, "TCP 9402"),
  row(AGENT, "ingress/front-door", "TCP 15090"),

  // The front door: everybody who isn't closed in reaches it. It reaches what is routed, Istio and ACME's solvers.
  ...["@*", "aks-istio-system/*", "kube-system/*", "monitoring/*", "team-a/*", ...OPEN].map((from) =>
    row(from, "ingress/front-door", ...FRONT_DOOR),
  ),
  row("ingress/front-door", "chat/chat", "TCP 8080"),
  row("ingress/front-door", "mcp/echo", "TCP 3000"),
  row("ingress/front-door", "ingress/acme-solver", "TCP 8089"),
  row("ingress/front-door", "aks-istio-system/istiod", "TCP 15012"),

  // The chat app: what its settings name.
  ...rows("chat/chat", ["mcp/echo", "mcp/open-websearch", "mcp/wide"], "TCP 3000"),
  ...rows("chat/chat", ["models/phi", "models/many", "models/tuned", "models/docs"], "TCP 5000"),

  row("chat/chat", "chat/chat-database", "TCP 5432"),
  row("chat/chat", "chat/chat-redis", "TCP 6379"),
  row("chat/chat-database-backup", "chat/chat-database", "TCP 5432"),

  // Nobody listed the clients of aks-mcp, innovation-engine and library, and the chat app calls others: nobody does.
  row("team-a/agent", "mcp/wide", "TCP 3000"),
  ...rows("monitoring/prometheus", SERVERS, "TCP 9464"),
  row("models/docs", "models/phi", "TCP 5000"),
  row("models/library", "models/many", "TCP 5000"),
  row("models/library", "models/library-qdrant", "TCP 6333"),
  // Pods that share a model, which each pool of several nodes may make of one.
  ...["phi", "many", "tuned", "closed"].map((model) => row(`models/${model}`, `models/${model}`, "any")),

  ...internet("mcp/open-websearch", "models/phi", "models/many", "models/tuned", "models/dolly"),
  ...internet("models/docs", "models/library"),
  ...rows("mcp/wide", ["@private:network", "@private:10.240.0.0/24"], "TCP 8443"),
  // Azure Resource Manager as the settings tell its addresses, and Entra ID's sign-in as Microsoft lists them.
  ...rows("mcp/aks-mcp", ["@public:api-server", "@public:20.50.60.0/24"], "TCP 443"),
  ...rows(
    "mcp/aks-mcp",
    ["20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"].map(
      (range) => `@public:${range}`,
    ),
    "TCP 443",
  ),

  row("kube-system/konnectivity-agent", "kaito-ragengine/kaito-ragengine", "TCP 9443"),
  row("kube-system/konnectivity-agent", "cert-manager/cert-manager-webhook", "TCP 10250"),
];

/** The stack of Pulumi.dev.yaml, and one with everything (stacks.ts). */
export const TABLES = {
  dev: {
    namespaces: ["chat", "gpu-metrics", "kaito-workspace", "kmcp-system", "mcp", "models"],
    closed: ["chat", "gpu-metrics", "mcp", "models"],
    rows: DEV,
    openToAll: [],
  },
  everything: {
    namespaces: [
      "cert-manager",
      "chat",
      "gpu-metrics",
      "ingress",
      "kaito-ragengine",
      "kaito-workspace",
      "kmcp-system",
      "mcp",
      "models",
    ],
    closed: ["chat", "gpu-metrics", "ingress", "mcp", "models"],
    rows: EVERYTHING,
    openToAll: [row("*", "ingress/front-door", ...FRONT_DOOR)],
  },
} satisfies Record<string, Table>;
