import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer: what is sent as JSON or, a string, as it is; with another status than 200 if it says so. */
export interface Reply {
  status?: number;
  body: unknown;
}

/** As much of a Kubernetes API server as a job is watched through. */
export interface ApiServer {
  kubeconfig: string;
  /** What was asked for, decoded. */
  asked: string[];
  /** The tokens that were sent. */
  tokens: Set<string | undefined>;
  close(): Promise<void>;
}

/** Starts one that answers by path, without the query; everything else is not found. */
export async function startApiServer(
  replies: Record<string, Reply | ((request: IncomingMessage) => Reply)>,
): Promise<ApiServer> {
  const asked: string[] = [];
  const tokens = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(decodeURIComponent(url));
    tokens.add(request.headers.authorization);
    const found = replies[url.split("?")[0] as string];
    const reply = typeof found === "function" ? found(request) : found;
    const { status = 200, body } = reply ?? { status: 404, body: { message: `${url} not found` } };
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    tokens,
    kubeconfig: [
      "apiVersion: v1",
      "kind: Config",
      "current-context: c",
      "contexts: [{ name: c, context: { cluster: c, user: u } }]",
      `clusters: [{ name: c, cluster: { server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true } }]`,
      "users: [{ name: u, user: { token: sesame } }]",
    ].join("\n"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
