/** A port that a program listens on in its pod, where it is alone; here processes share a network. */
export interface ListeningPort {
  /** The port in the pod: its number, or the name that the container gives it. */
  inPod: number | string;
  /** Tells the program of another one: a flag in which `{port}` is replaced, or an environment variable. */
  tell: { flag: string } | { variable: string };
}

/** An image whose program really runs here while a pod of it is running. */
export interface RealImage {
  /** The image's repository, without tag. */
  repository: string;
  /** The program in the toolchain's `bin` folder. */
  program: string;
  /** Flags that follow the pod's own: what cannot hold outside a pod. */
  args: string[];
  /** Variables that hold what a program finds in files of its pod; `{namespace}` is that of the pod. */
  env: Readonly<Record<string, string>>;
  ports: readonly ListeningPort[];
}

const probes = { flag: "--health-probe-bind-address=127.0.0.1:{port}" };

/** What KAITO's two controllers have in common. Source: cmd/workspace/main.go, cmd/ragengine/main.go v0.11.0. */
const kaito = {
  args: ["--metrics-bind-address=0"],
  env: {
    // In a pod it is read from the service account's folder (pkg/utils/common.go, GetReleaseNamespace).
    RELEASE_NAMESPACE: "{namespace}",
    // The webhook's library (knative.dev/pkg) serves profiles and metrics of its own on fixed ports. It ends
    // the webhook when it can't have the first; 0 is any free one.
    PROFILING_PORT: "0",
    METRICS_PROMETHEUS_HOST: "127.0.0.1",
  },
  ports: [
    { inPod: 8081, tell: probes },
    { inPod: "https-webhook", tell: { variable: "WEBHOOK_PORT" } },
    // Here 0 is refused.
    { inPod: 9090, tell: { variable: "METRICS_PROMETHEUS_PORT" } },
  ],
};

/** Controllers that the rehearsal runs for real. */
export const realImages: readonly RealImage[] = [
  {
    repository: "ghcr.io/kagent-dev/kmcp/controller",
    program: "kmcp",
    // The election's namespace is known only inside a pod.
    args: ["--metrics-bind-address=0", "--leader-elect=false"],
    env: {},
    ports: [{ inPod: "health", tell: probes }],
  },
  { repository: "mcr.microsoft.com/aks/kaito/workspace", program: "kaito-workspace", ...kaito },
  { repository: "mcr.microsoft.com/aks/kaito/ragengine", program: "kaito-ragengine", ...kaito },
];

/** An image's repository, without tag and digest. */
export function repositoryOf(image: string | undefined): string {
  // A colon before the last slash belongs to the registry's port.
  return (image ?? "").replace(/@.*$/, "").replace(/:[^/]*$/, "");
}
