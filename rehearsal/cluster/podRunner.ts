import { join } from "node:path";
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  type V1Container,
  type V1EnvVar,
  type V1Pod,
} from "@kubernetes/client-node";
import type { Processes } from "../processes.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** An image whose program really runs here while a pod of it is running. */
export interface RealImage {
  /** The image's repository, without tag. */
  repository: string;
  /** The program in the toolchain's `bin` folder. */
  program: string;
  /** Flags that follow the pod's own: what cannot hold outside a pod. */
  args: string[];
}

/** Controllers that the rehearsal runs for real. */
export const realImages: readonly RealImage[] = [
  {
    repository: "ghcr.io/kagent-dev/kmcp/controller",
    program: "kmcp",
    // Pods have network namespaces of their own and these processes share one: no fixed ports. The
    // election's namespace is known only inside a pod.
    args: ["--metrics-bind-address=0", "--health-probe-bind-address=127.0.0.1:0", "--leader-elect=false"],
  },
];

/** What the runner is started with. */
export interface PodRunnerOptions {
  adminKubeconfig: string;
  server: string;
  /** PEM. */
  ca: string;
  bin: string;
  dir: string;
  processes: Processes;
  images?: readonly RealImage[];
}

/**
 * Runs the real program of a controller's pod for as long as the pod runs: with the pod's arguments
 * and environment, and with a token of the pod's own service account, so that the controller may do
 * what its chart allows it and no more.
 *
 * @returns a function that ends the watch; the processes end with the others.
 */
export async function startPodRunner(options: PodRunnerOptions): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromFile(options.adminKubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const images = options.images ?? realImages;
  const running = new Set<string>();
  // One change after the other: a pod that ends while its program starts must not leave it behind.
  let queue = Promise.resolve();
  const inTurn = (step: () => Promise<void>) => {
    queue = queue.then(step).catch((error) => console.error(`pod runner: ${error}`));
  };

  const reconcile = (pod: V1Pod, gone: boolean) => {
    const alive = !gone && pod.status?.phase === "Running" && !pod.metadata?.deletionTimestamp;
    for (const container of pod.spec?.containers ?? []) {
      const image = images.find(({ repository }) => container.image?.split(/[:@]/)[0] === repository);
      if (!image) {
        continue;
      }
      const name = `pod-${pod.metadata?.namespace}-${pod.metadata?.name}-${container.name}`;
      inTurn(async () => {
        if (alive && !running.has(name)) {
          running.add(name);
          await runContainer(options, core, pod, container, image, name);
        } else if (!alive && running.delete(name)) {
          await options.processes.stop(name);
        }
      });
    }
  };
  const informer = makeInformer(config, "/api/v1/pods", () => core.listPodForAllNamespaces());
  informer.on("add", (pod) => reconcile(pod, false));
  informer.on("update", (pod) => reconcile(pod, false));
  informer.on("delete", (pod) => reconcile(pod, true));
  let stopped = false;
  informer.on("error", () => {
    // The API server ends a watch now and then.
    if (!stopped) {
      setTimeout(() => informer.start(), 500);
    }
  });
  await informer.start();
  return async () => {
    stopped = true;
    await informer.stop();
    await queue;
  };
}

async function runContainer(
  options: PodRunnerOptions,
  core: CoreV1Api,
  pod: V1Pod,
  container: V1Container,
  image: RealImage,
  name: string,
): Promise<void> {
  const namespace = pod.metadata?.namespace ?? "default";
  let token: string;
  try {
    const answer = await core.createNamespacedServiceAccountToken({
      name: pod.spec?.serviceAccountName ?? "default",
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 24 * 3600 } },
    });
    token = answer.status?.token ?? "";
  } catch (error) {
    // The namespace is being deleted: the pod goes with it.
    if (error instanceof ApiException && [404, 403].includes(error.code)) {
      return;
    }
    throw error;
  }
  const kubeconfig = await writeKubeconfig(join(options.dir, `${name}.kubeconfig`), {
    server: options.server,
    ca: options.ca,
    context: name,
    user: { token },
  });
  await options.processes.start(
    {
      name,
      program: join(options.bin, image.program),
      args: [...(container.args ?? []), ...image.args],
      env: { PATH: process.env["PATH"], ...environmentOf(pod, container.env ?? []), KUBECONFIG: kubeconfig },
    },
    // A controller that crashes shows in the stack, as it would in a cluster; it doesn't end the rehearsal.
    true,
  );
}

function environmentOf(pod: V1Pod, variables: readonly V1EnvVar[]): Record<string, string> {
  const fields: Record<string, string | undefined> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName,
    "status.podIP": pod.status?.podIP,
  };
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [
      name,
      value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? "",
    ]),
  );
}
