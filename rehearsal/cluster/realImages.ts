import { join } from "node:path";
import { repository as checkout } from "../workspace.ts";
import { adaptGuardSettings, anyNameOnLoopback, guardPorts } from "./guardSettings.ts";
import type { LocalPod } from "./localPod.ts";

/** A port that a program listens on in its pod, where it is alone; here processes share a network. */
export interface ListeningPort {
  /** The port in the pod: its number, the name that the container gives it, or the variable that holds it. */
  inPod: number | string | { variable: string };
  /** Tells the program of another one: a flag in which `{port}` is replaced, or an environment variable. */
  tell: { flag: string } | { variable: string };
}

/** A file of the pod that tells a program of ports and paths, which are others here. */
export interface SettingsFile {
  /** The variable that names the file. */
  variable: string;
  /** Where it is in the pod without that variable. */
  path: string;
  /** The ports of the pod that the program listens on by this file. */
  ports: (text: string) => readonly number[];
  /** The file as it has to be here. */
  adapt: (text: string, here: LocalPod) => string;
}

/** An image whose program really runs here while a pod of it is running. */
export interface RealImage {
  /** The image's repository, without tag; a registry of Azure's is `azurecr.io`, whatever its name. */
  repository: string;
  /**
   * A program in the toolchain's `bin` folder, with its first argument; a script that Node runs, below the checkout;
   * or a program of the user's, with arguments that do what the image's own command does.
   */
  program:
    | { tool: string; command?: string }
    | { script: string }
    | { path: string; args: readonly string[] };
  /**
   * What a container's own command has in it when it starts this program of the image, which then gets the command
   * as arguments. @default - a tool runs whatever the command is, and anything else in containers without one
   */
  startedBy?: string;
  /** Flags that follow the pod's own: what cannot hold outside a pod; `{kubeconfig}` is a file for its account. */
  args: readonly string[];
  /** Variables for what a program finds in its image or in files, unless the pod sets them; `{namespace}` is the pod's. */
  env: Readonly<Record<string, string>>;
  /** The variable that tells the program where the pod's folders are here, as a JSON object. @default - none does */
  mounts?: string;
  ports: readonly ListeningPort[];
  settings?: SettingsFile;
  /** Whether it asks hosts outside of the cluster. @default false */
  asksOutside?: boolean;
}

const metrics = { flag: "--metrics-bind-address=127.0.0.1:{port}" };
const probes = { flag: "--health-probe-bind-address=127.0.0.1:{port}" };

/** What KAITO's two controllers have in common. Source: cmd/workspace/main.go, cmd/ragengine/main.go v0.11.0. */
const kaito = {
  args: [],
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
    { inPod: "http-metrics", tell: metrics },
    { inPod: "https-webhook", tell: { variable: "WEBHOOK_PORT" } },
    // Here 0 is refused.
    { inPod: 9090, tell: { variable: "METRICS_PROMETHEUS_PORT" } },
  ],
};

/** What cert-manager's programs have in common: one program here, by its first argument. */
const certManager = (part: string, command: string) => ({
  repository: `quay.io/jetstack/cert-manager-${part}`,
  program: { tool: "cert-manager", command },
  env: {},
});

/** An MCP server that is told its port by the variable PORT. */
const server = {
  args: [],
  env: { HOST: anyNameOnLoopback },
  ports: [{ inPod: { variable: "PORT" }, tell: { variable: "PORT" } }],
};

/**
 * Open WebUI itself, when the machine has it: its package's own command, with the pod's environment. The image's
 * start script, which reads PORT and calls uvicorn by itself, isn't run.
 */
const openWebUi = process.env["MCPAAS_OPEN_WEBUI"];

/** Programs that the rehearsal runs for real; `rehearsal/README.md` says which of them are upstream's. */
export const realImages: readonly RealImage[] = [
  {
    repository: "ghcr.io/kagent-dev/kmcp/controller",
    program: { tool: "kmcp" },
    // The election's namespace is known only inside a pod. Of two flags the last one holds: metrics are served if the
    // pod has a port for them.
    args: ["--metrics-bind-address=0", "--leader-elect=false"],
    env: {},
    ports: [
      { inPod: "health", tell: probes },
      { inPod: "metrics", tell: metrics },
    ],
  },
  { repository: "mcr.microsoft.com/aks/kaito/workspace", program: { tool: "kaito-workspace" }, ...kaito },
  { repository: "mcr.microsoft.com/aks/kaito/ragengine", program: { tool: "kaito-ragengine" }, ...kaito },
  {
    ...certManager("controller", "controller"),
    args: ["--kubeconfig={kubeconfig}"],
    ports: [{ inPod: "http-healthz", tell: { flag: "--internal-healthz-listen-address=127.0.0.1:{port}" } }],
    asksOutside: true,
  },
  { ...certManager("cainjector", "cainjector"), args: ["--metrics-listen-address=0"], ports: [] },
  {
    ...certManager("webhook", "webhook"),
    args: ["--kubeconfig={kubeconfig}", "--metrics-listen-address=0"],
    ports: [
      { inPod: "https", tell: { flag: "--secure-port={port}" } },
      { inPod: "healthcheck", tell: { flag: "--healthz-port={port}" } },
    ],
  },
  {
    ...certManager("acmesolver", "acmesolver"),
    args: [],
    ports: [{ inPod: "http", tell: { flag: "--listen-port={port}" } }],
  },
  { repository: "azurecr.io/mcp/echo", program: { script: "servers/echo/main.ts" }, ...server },
  {
    repository: "azurecr.io/mcp/open-websearch",
    program: { script: "rehearsal/servers/openWebSearch/main.ts" },
    ...server,
  },
  {
    repository: "azurecr.io/mcp/innovation-engine",
    program: { script: "servers/innovation-engine/main.ts" },
    ...server,
    env: {
      ...server.env,
      IE_PATH: process.env["MCPAAS_IE"] ?? join(checkout, "rehearsal/servers/innovationEngine/ie"),
    },
  },
  {
    repository: "azurecr.io/mcp/guard",
    program: { script: "servers/guard/main.ts" },
    args: [],
    env: {},
    ports: [],
    settings: {
      variable: "GUARD_CONFIG",
      path: "/etc/mcp-guard/guard.yaml",
      ports: guardPorts,
      adapt: adaptGuardSettings,
    },
  },
  {
    repository: "ghcr.io/open-webui/open-webui",
    program: openWebUi
      ? { path: openWebUi, args: ["serve", "--host=127.0.0.1"] }
      : { script: "rehearsal/servers/openWebUi/main.ts" },
    args: [],
    env: {},
    ports: [{ inPod: 8080, tell: openWebUi ? { flag: "--port={port}" } : { variable: "PORT" } }],
  },
  {
    // The same image trains, and serves on another runtime.
    repository: "mcr.microsoft.com/aks/kaito/kaito-base",
    startedBy: "/workspace/vllm/inference_api.py",
    program: { script: "rehearsal/servers/model/main.ts" },
    args: [],
    env: {},
    mounts: "PATHS",
    ports: [{ inPod: 5000, tell: { variable: "PORT" } }],
  },
];
