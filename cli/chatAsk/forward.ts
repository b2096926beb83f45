import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { CoreV1Api, KubeConfig, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { openForward, type PodPort } from "../diagnose/portForward.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

/** A Service of the cluster that can be reached on a port of this machine. */
export interface Forwarded {
  url: URL;
  /** Why a connection could not be forwarded, in the API server's or the kubelet's words. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** How long the API server may take to forward a connection. */
const openMs = 15_000;

/**
 * Does what `kubectl port-forward service/<name>` does, on a free port of loopback: each connection is a WebSocket
 * to the API server and on to a ready pod.
 *
 * @param url the Service's address in the cluster
 * @throws {UserError} when there is no such Service, or none of its pods is ready
 */
export async function forward(kubeconfig: string, url: URL): Promise<Forwarded> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const place = await podBehind(config.makeApiClient(CoreV1Api), url);
  const sockets = new Set<Socket>();
  const said: (() => string)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    openForward(config, place, openMs).then(
      ({ stream, problem, close }) => {
        said.push(problem);
        socket.on("close", close);
        socket.pipe(stream).pipe(socket);
        if (socket.destroyed) close();
      },
      (error: Error) => {
        said.push(() => error.message);
        socket.destroy();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    problem: () => said.map((each) => each()).find(Boolean),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** The calls that find a Service's pods. */
type PodApi = Pick<CoreV1Api, "readNamespacedService" | "listNamespacedPod">;

/** A ready pod behind a Service, and its own port. */
export async function podBehind(api: PodApi, url: URL): Promise<PodPort> {
  const [name = "", namespace = ""] = url.hostname.split(".");
  const where = `service/${visible(name)} in namespace ${visible(namespace)}`;
  const { spec } = await api.readNamespacedService({ name, namespace }).catch((error: unknown): never => {
    const { code, message } = error as { code?: number; message?: string };
    const why =
      code === 404
        ? "there is none"
        : code === 401 || code === 403
          ? "the kubeconfig has no right to read it"
          : `the cluster doesn't answer: ${visible((message ?? String(error)).split("\n")[0] ?? "")}`;
    throw new UserError(`${where} can't be reached: ${why}`, exitCodes.failed);
  });
  const labelSelector = Object.entries(spec?.selector ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const { items } = await api.listNamespacedPod({ namespace, labelSelector });
  const pod = items.find(isReady);
  if (pod?.metadata?.name === undefined) throw notReady(where, namespace, items);
  return { namespace, pod: pod.metadata.name, port: portOf(spec, Number(url.port || 80), pod) };
}

function portOf(spec: V1Service["spec"], port: number, pod: V1Pod): number {
  const target = spec?.ports?.find((each) => each.port === port)?.targetPort ?? port;
  if (typeof target === "number") return target;
  const named = (pod.spec?.containers ?? [])
    .flatMap(({ ports }) => ports ?? [])
    .find(({ name }) => name === target);
  return named?.containerPort ?? port;
}

function isReady({ status, metadata }: V1Pod): boolean {
  const ready = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
  return ready === true && metadata?.deletionTimestamp === undefined;
}

function notReady(where: string, namespace: string, pods: readonly V1Pod[]): UserError {
  const states = pods.map(({ metadata, status }) => {
    const waiting = status?.containerStatuses?.map(({ state }) => state?.waiting?.reason).find(Boolean);
    return `${metadata?.name} is ${waiting ?? (status?.phase === "Running" ? "starting" : status?.phase)}`;
  });
  return new UserError(
    [
      `the chat app isn't ready: ${where} has ${states.length > 0 ? visible(states.join(", ")) : "no pods"}`,
      "wait until it is, or look why it isn't",
      `  kubectl -n ${namespace} get pods,events`,
    ].join("\n"),
    exitCodes.failed,
  );
}
