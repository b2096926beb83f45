import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
  type V1Pod,
  type V1Service,
} from "@kubernetes/client-node";
import { openForward, type PodPort } from "../diagnose/portForward.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

/** A Service of the cluster that can be reached on a port of this machine. */
export interface Forwarded {
  url: URL;
  /** Why the last connection could not be forwarded, in the API server's or the kubelet's words. */
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
 * @param signal ends the search for the pod
 * @throws {UserError} when there is no such Service, none of its pods is ready, or they may not be read
 */
export async function forward(kubeconfig: string, url: URL, signal: AbortSignal): Promise<Forwarded> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const place = await podBehind(coreOf(config, signal), url, signal);
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  let said: () => string = () => "";
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    openForward(config, place, openMs, closing.signal).then(
      ({ stream, problem, close }) => {
        said = problem;
        socket.on("close", close);
        socket.pipe(stream).pipe(socket);
        if (socket.destroyed) close();
      },
      (error: Error) => {
        said = () => error.message;
        socket.destroy();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    problem: () => said() || undefined,
    async close() {
      closing.abort();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** A ready pod behind a Service, and its own port. */
async function podBehind(api: CoreV1Api, url: URL, signal: AbortSignal): Promise<PodPort> {
  const [name = "", namespace = ""] = url.hostname.split(".");
  const where = `service/${visible(name)} in namespace ${visible(namespace)}`;
  const unread = (error: unknown): never => {
    throw new UserError(`${where} can't be reached: ${whyUnread(error, signal)}`, exitCodes.failed);
  };
  const { spec } = await api.readNamespacedService({ name, namespace }).catch(unread);
  const labelSelector = Object.entries(spec?.selector ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const { items } = await api.listNamespacedPod({ namespace, labelSelector }).catch(unread);
  const pod = items.find(isReady);
  if (pod?.metadata?.name === undefined) throw notReady(where, namespace, items);
  return { namespace, pod: pod.metadata.name, port: portOf(spec, Number(url.port || 80), pod) };
}

/** What KubeConfig.makeApiClient makes, whose requests end with a signal. */
function coreOf(config: KubeConfig, signal: AbortSignal): CoreV1Api {
  const signalled = {
    pre: async (request: RequestContext) => {
      request.setSignal(signal);
      return request;
    },
    post: async (response: ResponseContext) => response,
  };
  return new CoreV1Api(
    createConfiguration({
      baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? "", {}),
      authMethods: { default: config },
      promiseMiddleware: [signalled],
    }),
  );
}

function whyUnread(error: unknown, signal: AbortSignal): string {
  if (signal.aborted)
    return "the cluster's API server gave no answer in time; --timeout <seconds> waits longer";
  const { code, message } = error as { code?: number; message?: string };
  if (code === 404) return "there is none";
  if (code === 401) return "the cluster doesn't take the kubeconfig's credentials";
  if (code === 403)
    return "the kubeconfig lacks a right: it takes those to get services and to list pods there";
  return `the cluster doesn't answer: ${visible((message ?? String(error)).split("\n")[0] ?? "")}`;
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
