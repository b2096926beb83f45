import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { messageOf, openReader, type Reader } from "../../../cli/diagnose/reader.ts";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { kubeconfigFor } from "./support/api.ts";

let server: Server;
let url: string;
let connections = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/never") return;
    if (request.url === "/halfway") {
      response.writeHead(200);
      response.write("{");
      return;
    }
    if (request.url === "/proxy") {
      response.writeHead(502).end("<html>Bad Gateway</html>");
      return;
    }
    response.writeHead(200, { date: "Mon, 23 Nov 2026 12:00:00 GMT" });
    response.end(
      JSON.stringify({
        url: request.url,
        accept: request.headers.accept,
        who: request.headers.authorization,
      }),
    );
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function reader(timeoutMs = 10_000, to = url): Promise<Reader> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfigFor(to));
  return openReader(config, timeoutMs);
}

describe("reader", () => {
  test("asks as the user of the kubeconfig, and knows the server's time", async () => {
    const api = await reader();
    expect(
      await api.get("/api/v1/pods", { query: { limit: "5" }, accept: "application/json;as=Table" }),
    ).toEqual({
      ok: true,
      body: { url: "/api/v1/pods?limit=5", accept: "application/json;as=Table", who: "Bearer t" },
    });
    expect(api.serverTime?.toISOString()).toBe("2026-11-23T12:00:00.000Z");
    await api.close();
  });

  test("doesn't open a connection for each request", async () => {
    const api = await reader();
    const before = connections;
    for (let i = 0; i < 5; i++) await api.get("/a");
    expect(connections - before).toBeLessThan(5);
    await api.close();
  });

  test.each(["/never", "/halfway"])("gives up on %s", async (path) => {
    const api = await reader(100);
    expect(await api.get(path)).toEqual({ ok: false, refusal: "timeout", message: "no answer within 0.1 s" });
  });

  test("passes on what isn't a Status", async () => {
    const api = await reader();
    expect(await api.get("/proxy")).toEqual({
      ok: false,
      refusal: "failed",
      message: "HTTP 502: <html>Bad Gateway</html>",
    });
    await api.close();
  });

  test("says why nobody answers", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const api = await reader(10_000, `http://127.0.0.1:${port}`);
    expect(await api.get("/apis")).toMatchObject({
      ok: false,
      refusal: "failed",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await api.close();
  });

  test("trusts the certificate authority of the kubeconfig, and no other", async () => {
    const authority = await CertificateAuthority.create("test");
    const { key, cert } = await authority.issue({ name: "api", hosts: ["127.0.0.1"] });
    const secure = createSecureServer({ key, cert }, (_, response) => response.end("{}"));
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const to = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    const ask = async (ca: string) => {
      const parts = JSON.parse(kubeconfigFor(to));
      parts.clusters[0].cluster = {
        server: to,
        "certificate-authority-data": Buffer.from(ca).toString("base64"),
      };
      const config = new KubeConfig();
      config.loadFromString(JSON.stringify(parts));
      const api = await openReader(config, 10_000);
      const answer = await api.get("/apis");
      await api.close();
      return answer;
    };
    expect(await ask(authority.cert)).toEqual({ ok: true, body: {} });
    const other = await CertificateAuthority.create("other");
    expect(await ask(other.cert)).toMatchObject({ ok: false, refusal: "failed" });
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });

  test("needs the program that gets the credentials", async () => {
    const config = new KubeConfig();
    const parts = JSON.parse(kubeconfigFor("https://aks.example"));
    parts.users[0].user = {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "no-such-kubelogin",
        interactiveMode: "Never",
      },
    };
    config.loadFromString(JSON.stringify(parts));
    await expect(openReader(config, 1000)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("needs kubelogin on PATH"),
    });
  });
});

test("the innermost message is told", () => {
  const cause = new AggregateError([new Error("connect ECONNREFUSED ::1:443")]);
  expect(messageOf(new TypeError("fetch failed", { cause }))).toBe("connect ECONNREFUSED ::1:443");
  expect(messageOf("text")).toBe("text");
});
