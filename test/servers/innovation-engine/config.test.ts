import { describe, expect, it } from "vitest";
import { readConfig } from "../../../servers/innovation-engine/config.ts";

describe("the Innovation Engine server's settings", () => {
  it("have defaults with which nothing is executed", () => {
    const { http, catalogueDir, ...rest } = readConfig({});
    expect(http.port).toBe(3000);
    expect(catalogueDir).toMatch(/servers\/innovation-engine\/catalogue$/);
    expect(rest).toEqual({
      transport: "http",
      iePath: "ie",
      allowExecute: false,
      allowInline: true,
      workDir: "/tmp",
      reportsDir: "/tmp/innovation-engine-reports",
      maxReports: 100,
      runSeconds: 900,
      killGraceSeconds: 5,
      heartbeatSeconds: 10,
      maxRuns: 2,
      maxQueued: 16,
      maxOutputBytes: 262_144,
      maxOutputLines: 5000,
      maxDocumentBytes: 131_072,
      allowedVariables: [],
      passedEnvironment: {},
      runPath: "/usr/local/bin:/usr/bin:/bin",
    });
  });

  it("pass on the variables of the server that they name, if it has them", () => {
    const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", SECRET: "x", REGION: "here" };
    expect(readConfig(env).passedEnvironment).toEqual({ KUBERNETES_SERVICE_HOST: "10.0.0.1" });
    const named = { ...env, PASS_ENVIRONMENT: "REGION, MISSING" };
    expect(readConfig(named).passedEnvironment).toEqual({ REGION: "here" });
    expect(readConfig({ ...env, PASS_ENVIRONMENT: "" }).passedEnvironment).toEqual({});
  });

  it.each([
    ["ALLOW_EXECUTE", "yes", 'ALLOW_EXECUTE must be true or false, not "yes"'],
    ["TRANSPORT", "sse", 'TRANSPORT must be http or stdio, not "sse"'],
    ["WORK_DIR", "tmp", 'WORK_DIR must be an absolute path such as /tmp, not "tmp"'],
    ["RUN_SECONDS", "0", 'RUN_SECONDS must be a whole number from 1 to 86400, not "0"'],
    ["ALLOWED_VARIABLES", "A,B=1", 'ALLOWED_VARIABLES must list names of variables, not "B=1"'],
    ["IE_PATH", "", "IE_PATH must not be empty"],
  ])("refuse %s=%s", (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(message);
  });
});
