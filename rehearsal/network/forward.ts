import { type IncomingMessage, request, type ServerResponse } from "node:http";

/** Passes on a request that a client made of a proxy, with the host that it asked for, to a port of this machine. */
export function forward(incoming: IncomingMessage, response: ServerResponse, url: URL, port: number): void {
  const { "proxy-connection": _, ...headers } = incoming.headers;
  const path = url.pathname + url.search;
  const onward = request(
    { host: "127.0.0.1", port, path, method: incoming.method, headers: { ...headers, host: url.host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
