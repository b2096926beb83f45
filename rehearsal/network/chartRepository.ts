import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";

/** Chart repositories that are served. */
export interface ChartRepositories {
  port: number;
  /** The public hosts that are answered for. */
  hosts: string[];
  close(): Promise<void>;
}

/** As the web server in front of upstream's repositories names them. */
const contentTypes: Readonly<Record<string, string>> = {
  ".yaml": "text/yaml; charset=utf-8",
  ".tgz": "application/gzip",
};

/**
 * Serves the toolchain's HTTP chart repositories: each host's files at the paths that they have in public,
 * an index and archives.
 *
 * @param port where to listen; 0 takes a free one.
 */
export async function serveChartRepositories(share: string, port = 0): Promise<ChartRepositories> {
  const root = join(share, "charts", "https");
  const hosts = await readdir(root);
  const server = createServer(async (request, response) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    // A URL's path has no dots left in it, encoded or not: it can't leave the host's folder.
    const path = URL.parse(request.url ?? "/", "http://host")?.pathname ?? "/";
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405).end();
    } else if (hosts.includes(host)) {
      await sendFile(join(root, host, path), request.method === "HEAD", response);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    hosts,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function sendFile(file: string, headOnly: boolean, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  const ending = /\.[^.]+$/.exec(file)?.[0] ?? "";
  response.writeHead(200, {
    "content-length": found.size,
    "content-type": contentTypes[ending] ?? "application/octet-stream",
  });
  if (headOnly) {
    response.end();
  } else {
    createReadStream(file).pipe(response);
  }
}
