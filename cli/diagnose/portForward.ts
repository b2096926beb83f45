import { request } from "node:http";
import { type Duplex, duplexPair, PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type KubeConfig, PortForward } from "@kubernetes/client-node";

/** A port of a pod. */
export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

/** A request to something in the cluster that isn't the API server. */
export interface PodRequest {
  method: "GET" | "POST" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
}

/** What it answered; any status is an answer. */
export interface PodAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The API server, or the kubelet behind it, doesn't forward the port. */
export class NotForwarded extends Error {
  readonly forbidden: boolean;

  constructor(reason: string) {
    const forbidden = /\b403$/.test(reason);
    super(forbidden ? "port-forward: the rights to get and create pods/portforward are missing" : reason);
    this.forbidden = forbidden;
  }
}

/**
 * Asks a pod as `kubectl port-forward` does: by a WebSocket to the API server and on to the kubelet, which connects
 * inside of the pod, where no NetworkPolicy looks. Nothing listens on this machine meanwhile.
 *
 * @param limits milliseconds until the port is forwarded, and then until there is the whole answer
 * @throws {NotForwarded} when it came to no connection; otherwise what went wrong with the pod
 */
export async function requestByForward(
  config: KubeConfig,
  place: PodPort,
  path: string,
  { method, headers, body }: PodRequest,
  limits: { openMs: number; answerMs: number },
): Promise<PodAnswer> {
  const { stream, problem, close } = await openForward(config, place, limits.openMs);
  const signal = AbortSignal.timeout(limits.answerMs);
  try {
    return await new Promise((resolve, reject) => {
      // Servers that look at Host, against DNS rebinding, let localhost pass.
      const sent = request({
        createConnection: () => stream,
        host: "localhost",
        port: place.port,
        path,
        method,
        headers,
        signal,
      });
      sent.on("error", reject);
      sent.on("response", (response) => {
        const { statusCode: status = 0, headers } = response;
        const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        text(response).then(
          (whole) => resolve({ status, headers: Object.fromEntries(plain), text: whole }),
          reject,
        );
      });
      sent.end(body);
    });
  } catch (error) {
    if (problem() !== "") throw new Error(problem());
    throw signal.aborted ? signal.reason : error;
  } finally {
    close();
  }
}

/**
 * A connection to a port, and what the kubelet says when it can't be had.
 *
 * @param signal ends the attempt
 * @throws {NotForwarded} when it came to no connection with the kubelet
 */
export async function openForward(
  config: KubeConfig,
  { namespace, pod, port }: PodPort,
  limitMs: number,
  signal?: AbortSignal,
) {
  const [near, far] = duplexPair();
  let problem = "";
  const said = new PassThrough().setEncoding("utf8").on("data", (chunk: string) => {
    problem += chunk;
  });
  // Its own limit is none, and one of ours would leave the socket open.
  const limited = Object.assign(Object.create(config) as KubeConfig, {
    applyToHTTPSOptions: async (options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0]) => {
      await config.applyToHTTPSOptions(options);
      Object.assign(options, { handshakeTimeout: limitMs, ...(signal && { signal }) });
    },
  });
  try {
    const forward = new PortForward(limited);
    const socket = (await forward.portForward(namespace, pod, [port], far, said, far)) as unknown as Socket;
    socket.onclose = () => far.end();
    return { stream: near as Duplex, problem: () => problem, close: () => socket.terminate() };
  } catch (error) {
    throw new NotForwarded(`port-forward: ${(error as { message?: string }).message ?? error}`);
  }
}

/** What is used of a WebSocket of the package `ws`, which has no types here. */
interface Socket {
  onclose: () => void;
  terminate(): void;
}
