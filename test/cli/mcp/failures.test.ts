import { describe, expect, test } from "vitest";
import { explained } from "../../../cli/mcp/failure.ts";
import { forwarding, isService } from "../../../cli/mcp/forwarding.ts";
import { mcp, messageOf, serving } from "./serving.ts";

const { answer, refusing } = serving();

const rpc = (message: string) => JSON.stringify({ jsonrpc: "2.0", error: { code: -32_001, message }, id: 1 });

describe("what a server refuses", () => {
  test.each([
    [
      401,
      { "www-authenticate": 'Bearer resource_metadata="https://mcp.example/meta", scope="mcp.call"' },
      "",
      "wants a bearer token (401) (Bearer, scope mcp.call, resource metadata https://mcp.example/meta); " +
        "give one by MCP_TOKEN or --token-file",
    ],
    [401, {}, "", "wants a bearer token (401); give one by MCP_TOKEN or --token-file"],
    [403, {}, rpc("Origin is not allowed"), "doesn't allow it (403): Origin is not allowed"],
    [
      404,
      {},
      "Not found",
      "has no MCP endpoint there (404): Not found; is the path right? It is usually /mcp",
    ],
    [405, {}, "", "has no MCP endpoint there (405); is the path right? It is usually /mcp"],
    [
      413,
      {},
      rpc("Body is larger than 10 bytes"),
      "finds the arguments too large (413): Body is larger than 10 bytes",
    ],
    [
      429,
      { "retry-after": "7" },
      rpc("Slow down"),
      "has had too many calls (429): Slow down; try again in 7 s",
    ],
    [
      503,
      { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "content-type": "text/html" },
      "<html>\u001b[31m",
      "can't serve now (503); try again after Wed, 21 Oct 2026 07:28:00 GMT",
    ],
    [418, {}, "\u001b[31mteapot", "answers 418: \\u001b[31mteapot"],
  ])("%i %j %s", async (status, headers, body, message) => {
    const url = await refusing(status, headers as Record<string, string>, body);
    expect(await mcp([url])).toEqual({ code: 1, stdout: "", stderr: `error: ${url} ${message}\n` });
  });

  test.each([
    [
      401,
      {
        "www-authenticate": 'Bearer realm="x", error="invalid_token", error_description="The token expired"',
      },
      "doesn't take the token (401) (Bearer, error invalid_token, error description The token expired); " +
        "get a new one, for the audience that it wants",
    ],
    [403, {}, "doesn't allow it to the token's owner (403)"],
  ])("%i, with a token, which isn't shown", async (status, headers, message) => {
    const url = await refusing(status, headers as Record<string, string>);
    const { stderr } = await mcp([url], { MCP_TOKEN: "secret-token" });
    expect(stderr).toBe(`error: ${url} ${message}\n`);
  });

  test("a token that the server repeats isn't shown", async () => {
    const url = await refusing(400, {}, "unknown token secret-token");
    const { stderr } = await mcp([url], { MCP_TOKEN: "secret-token" });
    expect(stderr).toBe(`error: ${url} answers 400: unknown token [token]\n`);
  });

  test("the same by SSE, where the SDK keeps no more than the status", async () => {
    const url = (await refusing(429, { "retry-after": "7" })).replace(/mcp$/, "sse");
    expect((await mcp([url])).stderr).toBe(`error: ${url} has had too many calls (429); try again in 7 s\n`);
  });

  test("a session that has ended", async () => {
    const url = await answer(async (request, response) => {
      const { id, method } = await messageOf(request);
      response.setHeader("content-type", "application/json");
      if (method === "initialize") {
        const result = {
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "x", version: "1" },
        };
        response.setHeader("mcp-session-id", "a").end(JSON.stringify({ jsonrpc: "2.0", id, result }));
      } else if (id === undefined) response.writeHead(202).end();
      else response.writeHead(404).end(rpc("Session not found"));
    });
    expect((await mcp([url])).stderr).toBe(
      `error: ${url} has ended the session (404): it has started anew, or the session was idle; try again\n`,
    );
  });

  test("a JSON-RPC error, with when to try again", async () => {
    const url = await answer(async (request, response) => {
      const error = { code: -32_029, message: "limit\u001b[0m", data: { retryAfterSeconds: 4 } };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: (await messageOf(request)).id, error }));
    });
    expect((await mcp([url])).stderr).toBe(
      "error: the server refuses: MCP error -32029: limit\\u001b[0m; try again in 4 s\n",
    );
  });

  test("what isn't an answer of MCP", async () => {
    const url = await refusing(200, { "content-type": "text/html" }, "<html>");
    expect((await mcp([url])).stderr).toMatch(
      /doesn't answer as an MCP server \(.*text\/html\); is the path right/,
    );
  });

  test("a place elsewhere, where the token isn't sent", async () => {
    const seen: unknown[] = [];
    const other = await answer((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    const url = await refusing(307, { location: other });
    const { code, stderr } = await mcp([url, "--header", "x-key=1"], { MCP_TOKEN: "secret" });
    expect([code, stderr, seen]).toEqual([
      1,
      expect.stringContaining(`Redirect to ${other} not followed`),
      [],
    ]);
  });
});

describe("a server that can't be reached", () => {
  test("nobody listens", async () => {
    const closed = await closedPort();
    expect(await mcp([closed])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        `error: ${closed} refuses the connection: is the server running, and is the port right? ` +
        "One in a cluster needs kubectl port-forward\n",
    });
  });

  test("an answer never comes", async () => {
    for (const path of ["mcp", "sse"]) {
      const url = (await answer(() => {})).replace(/mcp$/, path);
      expect((await mcp([url, "--timeout", "0.2"])).stderr).toMatch(/gave no answer within 0\.2 s/);
    }
  });

  const failed = (code: string, url: string) =>
    explained(
      new TypeError("fetch failed", { cause: Object.assign(new Error("oh"), { code }) }),
      { transport: "http", url: new URL(url), headers: {} },
      1000,
    ).message;

  test.each([
    ["ENOTFOUND", "https://mcp.example/mcp?key=secret", "the name mcp.example does not resolve"],
    [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "https://mcp.example/mcp",
      "name its file with --ca or NODE_EXTRA_CA_CERTS",
    ],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "https://mcp.example/mcp", "has a certificate for another name: oh"],
    ["CERT_HAS_EXPIRED", "https://mcp.example/mcp", "has a certificate that has expired"],
    ["ECONNRESET", "https://mcp.example/mcp", "can't be used: oh"],
  ])("%s", (code, url, message) => {
    expect(failed(code, url)).toMatch(/^https:\/\/mcp\.example\/mcp /);
    expect(failed(code, url)).toContain(message);
  });

  test.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"])("%s of a Service of a cluster", (code) => {
    expect(failed(code, "http://echo.mcp.svc.cluster.local:3000/mcp")).toMatch(
      /kubectl -n mcp port-forward service\/echo 3000:3000\n {2}npm run mcp -- http:\/\/localhost:3000\/mcp$/,
    );
  });

  test("port 80 of a Service is forwarded to one that everybody may have", () => {
    expect(forwarding(new URL("http://echo.mcp.svc/mcp"))).toContain("service/echo 8080:80\n");
    expect(isService(new URL("http://echo.example.com"))).toBe(false);
  });
});

/** The URL of a port that was free a moment ago. */
async function closedPort(): Promise<string> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/mcp`;
}
