import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { administrator, QUESTION, startChatWorld } from "../../support/chatWorld.ts";
import { kubeconfigFor } from "../diagnose/support/api.ts";
import { forwardPort } from "../diagnose/support/portForward.ts";
import { runHere } from "../running.ts";

const IN_CLUSTER = "http://chat.chat.svc.cluster.local";

/** A folder for PATH with a `pulumi` that prints this, and writes down how it was called. */
async function pulumiThat(script: string): Promise<Record<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), "chat-stack-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "pulumi"), `#!${process.execPath}\n${script}`);
  await chmod(join(dir, "pulumi"), 0o755);
  return { PATH: `${dir}:${dirname(process.execPath)}`, NO_PROXY: "127.0.0.1" };
}

const printing = (outputs: object) => pulumiThat(`console.log(${JSON.stringify(JSON.stringify(outputs))})`);

const ask = (env: Record<string, string>, ...args: string[]) => runHere(["chat-ask", ...args, QUESTION], env);

test("a stack's app is asked at its public address, as its administrator", async () => {
  const { url } = await startChatWorld();
  const env = await printing({ chat: { url: IN_CLUSTER, publicUrl: url, administrator } });
  const { code, stdout, stderr } = await ask(env);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("CHANGELOG.md");
});

test("the stack is the one that is named, and its secrets are asked for", async () => {
  const args = '["stack","output","--json","--show-secrets","-s","prod","--non-interactive"]';
  const env = await pulumiThat(
    `if (JSON.stringify(process.argv.slice(2)) !== ${JSON.stringify(args)}) process.exit(9);\nconsole.log("{}")`,
  );
  const { code, stderr } = await ask(env, "-s", "prod");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: stack prod has no chat app; `pulumi config set chat\.enabled true --path -s prod`/,
  );
});

test("what pulumi says is said, but not what it prints", async () => {
  const env = await pulumiThat(
    `console.log('{"chat": "the-secret"}'); console.error("error: no stack named 'dev' found"); process.exit(1)`,
  );
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toBe("error: the outputs of stack dev can't be read: error: no stack named 'dev' found\n");
  expect((await ask({ PATH: "/nowhere" })).stderr).toBe(
    "error: pulumi is not on PATH; name the chat app with --url instead\n",
  );
});

interface ClusterOptions {
  /** Where a forwarded connection comes out. */
  to: string;
  ready?: boolean;
  forbidden?: boolean;
  absent?: boolean;
}

/** An API server that knows the chat app's Service and its pod, and forwards its port. */
async function cluster({ to, ready = true, forbidden = false, absent = false }: ClusterOptions) {
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
    const status = absent ? 404 : 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(absent ? { kind: "Status", code: 404, message: "not found" } : found));
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
  return { asked, env: await printing({ chat: { url: IN_CLUSTER, administrator }, kubeconfig }) };
}

test("without a public address its port is forwarded, from a ready pod, for WebSockets as well", async () => {
  const { url } = await startChatWorld();
  const { asked, env } = await cluster({ to: url });
  const { code, stdout, stderr } = await ask(env, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  // It was watched while it was made, which goes by a WebSocket only.
  expect(JSON.parse(stdout).calls[0].seconds).toBeGreaterThan(0);
  expect(asked.slice(0, 2)).toEqual([
    "/api/v1/namespaces/chat/services/chat",
    "/api/v1/namespaces/chat/pods?labelSelector=app%3Dchat",
  ]);
  expect(asked[2]).toMatch(/^\/api\/v1\/namespaces\/chat\/pods\/chat-1\/portforward\?ports=8080/);
});

test("a chat app that isn't ready is said to be so, with its pods and what to look at", async () => {
  const { env } = await cluster({ to: "http://127.0.0.1:1", ready: false });
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toBe(
    [
      "error: the chat app isn't ready: service/chat in namespace chat has chat-1 is ImagePullBackOff",
      "wait until it is, or look why it isn't",
      "  kubectl -n chat get pods,events",
      "",
    ].join("\n"),
  );
});

test.each<[string, Partial<ClusterOptions>, string]>([
  ["there is no Service", { absent: true }, "service/chat in namespace chat can't be reached: there is none"],
  [
    "the rights are missing",
    { forbidden: true },
    "the rights to get and create pods/portforward are missing",
  ],
  ["nobody listens in the pod", {}, "connection refused"],
])("%s", async (_what, options, words) => {
  const { env } = await cluster({ to: "http://127.0.0.1:1", ...options });
  const { code, stderr } = await ask(env);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

test("where a proxy leads into the cluster, the name is enough", async () => {
  const env = await printing({ chat: { url: IN_CLUSTER, administrator } });
  // As on a machine outside of the cluster, whatever the one of the test has for DNS: that it was tried is enough.
  const cause = Object.assign(new Error(), { code: "ENOTFOUND" });
  const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed", { cause }));
  onTestFinished(() => asked.mockRestore());
  const { stderr } = await ask({ ...env, HTTP_PROXY: "http://127.0.0.1:1", NODE_USE_ENV_PROXY: "1" });
  expect(stderr).toContain(
    "http://chat.chat.svc.cluster.local can't be reached: no such host name is known here",
  );
  const without = await ask(env);
  expect(without.stderr).toBe(
    "error: stack dev has no output kubeconfig; forward the chat app's port, and name it with --url\n",
  );
});
