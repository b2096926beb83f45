import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import { administrator } from "../../support/chatWorld.ts";
import { kubeconfigFor } from "../diagnose/support/api.ts";
import { forwardPort } from "../diagnose/support/portForward.ts";

/** The chat app's address in the cluster. */
export const IN_CLUSTER = "http://chat.chat.svc.cluster.local";

/** A folder for PATH with a `pulumi` that prints this, and writes down how it was called. */
export async function pulumiThat(script: string): Promise<Record<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), "chat-stack-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "pulumi"), `#!${process.execPath}\n${script}`);
  await chmod(join(dir, "pulumi"), 0o755);
  return { PATH: `${dir}:${dirname(process.execPath)}` };
}

/** The same that prints these outputs. */
export const printing = (outputs: object) =>
  pulumiThat(`console.log(${JSON.stringify(JSON.stringify(outputs))})`);

/** What is other than usual in the cluster. */
export interface ClusterOptions {
  /** Where a forwarded connection comes out. */
  to: string;
  ready?: boolean;
  forbidden?: boolean;
  /** The status of the list of pods. @default 200 */
  pods?: number;
  /** It takes connections, and says nothing. */
  silent?: boolean;
  publicUrl?: string;
  absent?: boolean;
}

/** An API server that knows the chat app's Service and its pod, and forwards its port. */
export async function cluster(options: ClusterOptions) {
  const { to, ready = true, forbidden = false, absent = false, pods = 200, silent, publicUrl } = options;
  const asked: string[] = [];
  const pod = {
    metadata: { name: "chat-1", namespace: "chat" },
    spec: { containers: [{ name: "open-webui", ports: [{ name: "http", containerPort: 8080 }] }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: ready
        ? []
        : [{ name: "open-webui", state: { waiting: { reason: "ImagePullBackOff" } } }],
    },
  };
  const service = {
    spec: { selector: { app: "chat" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const found = request.url?.includes("/services/")
      ? service
      : { apiVersion: "v1", kind: "PodList", metadata: {}, items: [pod] };
    if (silent) return;
    const code = absent ? 404 : found === service ? 200 : pods;
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify(code === 200 ? found : { kind: "Status", code, message: "not found" }));
  });
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket) => {
    asked.push(request.url ?? "");
    sockets.add(socket);
    if (forbidden) socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    else forwardPort(request, socket, 8080, new URL(to));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const kubeconfig = kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { asked, env: await printing({ chat: { url: IN_CLUSTER, publicUrl, administrator }, kubeconfig }) };
}
