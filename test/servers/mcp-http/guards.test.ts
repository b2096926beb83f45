import { request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { initialize, post, refusal, start } from "./helpers.ts";

/** fetch sets the Host header itself, so this goes below it. */
function statusFor(url: URL, host: string): Promise<number | undefined> {
  const headers = {
    host,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  return new Promise((resolve, reject) => {
    httpRequest(url, { method: "POST", headers, agent: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    })
      .once("error", reject)
      .end(initialize);
  });
}

describe("the Origin check", () => {
  it("refuses a present Origin when none is allowed", async () => {
    const { url } = await start();
    const response = await post(url, initialize, { origin: "http://evil.example" });
    expect(await refusal(response)).toEqual({ status: 403, code: -32_000 });
  });

  it("refuses lookalikes of an allowed one, and null", async () => {
    const { url } = await start({ allowedOrigins: ["https://chat.example"] });
    for (const origin of ["https://chat.example.evil.example", "http://chat.example", "null"]) {
      expect((await refusal(await post(url, initialize, { origin }))).status).toBe(403);
    }
  });

  it("takes an allowed one and lets its page read the session id", async () => {
    const { url } = await start({ allowedOrigins: ["https://chat.example"] });
    const origin = "https://chat.example";
    const response = await post(url, initialize, { origin });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-expose-headers")).toContain("mcp-session-id");

    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "mcp-session-id",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("mcp-session-id");
  });

  it("takes its own, but only where the Host is checked, because a rebound Host would match too", async () => {
    const checked = await start();
    const own = await post(checked.url, initialize, { origin: checked.url.origin });
    expect(own.status).toBe(200);
    const unchecked = await start({ host: "0.0.0.0" });
    const url = new URL(`http://127.0.0.1:${unchecked.url.port}/mcp`);
    expect((await refusal(await post(url, initialize, { origin: url.origin }))).status).toBe(403);
  });

  it("takes a request without one, and allows no page to read the answer", async () => {
    const { url } = await start();
    const response = await post(url, initialize);
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the Host check", () => {
  it("takes only loopback names on loopback", async () => {
    const { url } = await start();
    expect(await statusFor(url, `localhost:${url.port}`)).toBe(200);
    expect(await statusFor(url, "rebound.evil.example")).toBe(403);
  });

  it("takes only the names that it is told to", async () => {
    const { url } = await start({ allowedHosts: ["echo.mcp.svc"] });
    expect(await statusFor(url, "echo.mcp.svc:3000")).toBe(200);
    expect(await statusFor(url, `localhost:${url.port}`)).toBe(403);
  });

  it("takes any name on all addresses, where a cluster has many for it", async () => {
    const { url } = await start({ host: "0.0.0.0" });
    expect(await statusFor(url, "echo.mcp.svc.cluster.local:3000")).toBe(200);
  });
});
