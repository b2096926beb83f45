import { describe, expect, it } from "vitest";
import { ConfigError, readHttpConfig } from "../../../servers/mcp-http/config.ts";

describe("the settings of every server", () => {
  it("have defaults for all", () => {
    expect(readHttpConfig({})).toEqual({
      host: "0.0.0.0",
      port: 3000,
      allowedOrigins: [],
      allowedHosts: [],
      sessions: "in-memory",
      sessionTtlSeconds: 600,
      maxSessions: 1100,
      maxBodyBytes: 1_048_576,
      shutdownGraceSeconds: 10,
      logLevel: "info",
    });
  });

  it("take lists with spaces and empty places", () => {
    const { allowedOrigins, allowedHosts } = readHttpConfig({
      ALLOWED_ORIGINS: " https://a.example, http://localhost:8080 ,",
      ALLOWED_HOSTS: "echo.mcp.svc,[::1]",
    });
    expect(allowedOrigins).toEqual(["https://a.example", "http://localhost:8080"]);
    expect(allowedHosts).toEqual(["echo.mcp.svc", "[::1]"]);
  });

  it.each([
    ["PORT", "http", 'PORT must be a whole number from 0 to 65535, not "http"'],
    ["PORT", "65536", 'PORT must be a whole number from 0 to 65535, not "65536"'],
    ["PORT", "", 'PORT must be a whole number from 0 to 65535, not ""'],
    ["PORT", "1e3", 'PORT must be a whole number from 0 to 65535, not "1e3"'],
    ["HOST", "", "HOST must not be empty"],
    ["MAX_SESSIONS", "0", 'MAX_SESSIONS must be a whole number from 1 to 100000, not "0"'],
    ["MCP_SESSIONS", "sticky", 'MCP_SESSIONS must be in-memory or stateless, not "sticky"'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL must be debug, info, warn, error or silent, not "loud"'],
    [
      "ALLOWED_ORIGINS",
      "https://a.example/",
      'ALLOWED_ORIGINS must list origins such as https://chat.example.com, not "https://a.example/"',
    ],
    ["ALLOWED_ORIGINS", "*", 'ALLOWED_ORIGINS must list origins such as https://chat.example.com, not "*"'],
    [
      "ALLOWED_HOSTS",
      "echo:3000",
      'ALLOWED_HOSTS must list host names without ports such as echo.mcp.svc, not "echo:3000"',
    ],
  ])("refuse %s=%s", (name, value, message) => {
    expect(() => readHttpConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  it("name all that is wrong at once", () => {
    expect(() => readHttpConfig({ PORT: "x", MAX_BODY_BYTES: "1" })).toThrow(
      /PORT must .*; MAX_BODY_BYTES must /,
    );
  });
});
