import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { EXECUTING_TOOLS } from "../../../components/innovationEngine/settings.ts";
import { InnovationEngine, type InnovationEngineArgs } from "../../../components/innovationEngine.ts";
import { readConfig } from "../../../servers/innovation-engine/config.ts";
import { type Registered, resolved, runWithMocks } from "../../support/mocks.ts";

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

// As the real provider does, which names what has no name.
const named = ({ metadata }: { metadata: object }) => ({
  metadata: { name: "ie-catalogue-1a2b", ...metadata },
});
const guard = { image: "example.azurecr.io/mcp/guard:0.1.0", authentication: { tokens: { chat: {} } } };

const run = (args: Partial<InnovationEngineArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new InnovationEngine("ie", {
        namespace: "mcp",
        image: "example.azurecr.io/mcp/innovation-engine:0.1.0",
        guard,
        ...args,
      }),
    { outputs: { [CONFIG_MAP]: named }, knownInPreview: [CONFIG_MAP] },
    options,
  );

const everything = (names: string[]) => Object.fromEntries(names.map((name) => [name, "x"]));

type Find = (type: string, name?: string) => Registered;
const envOf = (find: Find) => find(SERVER).inputs.spec.deployment.env;
const guardOf = (find: Find) => parse(find(CONFIG_MAP, "ie.guard").inputs.data["guard.yaml"]);

describe.each([{ preview: false }, { preview: true }])(
  "InnovationEngine, preview: $preview",
  ({ preview }) => {
    it("only reads, and writes to /tmp alone", async () => {
      const { find, result } = await run({}, { preview });
      const { deployment } = find(SERVER).inputs.spec;
      expect(deployment.env).toMatchObject({ TRANSPORT: "http", ALLOW_EXECUTE: "false" });
      expect(deployment.env).not.toHaveProperty("CATALOGUE_DIR");
      expect(deployment.securityContext.readOnlyRootFilesystem).toBe(true);
      expect(await resolved(result.url)).toBe("http://ie.mcp.svc.cluster.local:3000/mcp");
    });

    it("has its catalogue where the server looks for it", async () => {
      const { find } = await run({ catalogue: { "hello.md": "# Hello" } }, { preview });
      const map = find(CONFIG_MAP, "ie-catalogue");
      expect(map.inputs).toMatchObject({ metadata: { namespace: "mcp" }, data: { "hello.md": "# Hello" } });
      expect(map.inputs.metadata).not.toHaveProperty("name");
      expect(find(SERVER).inputs.spec.deployment.configMapRefs).toEqual([{ name: "ie-catalogue-1a2b" }]);
      expect(envOf(find)["CATALOGUE_DIR"]).toBe("/configmaps/ie-catalogue-1a2b");
    });
  },
);

describe("InnovationEngine", () => {
  it("takes a catalogue that is there already", async () => {
    const { find } = await run({ catalogueConfigMap: "documents" });
    expect(envOf(find)["CATALOGUE_DIR"]).toBe("/configmaps/documents");
    expect(find(SERVER).inputs.spec.deployment.configMapRefs).toEqual([{ name: "documents" }]);
  });

  it("lets only operators execute, whatever else is allowed", async () => {
    const authorization = { rules: [{ effect: "allow" as const, tools: ["*"] }] };
    const { find } = await run({ allowExecute: true, guard: { ...guard, authorization } });
    expect(guardOf(find).authorization.rules).toEqual([
      { effect: "allow", tools: ["execute_document", "test_document"], roles: ["operator"] },
      { effect: "deny", tools: ["execute_document", "test_document"] },
      { effect: "allow", tools: ["*"] },
    ]);
  });

  it("knows every tool that executes", async () => {
    const folder = join(import.meta.dirname, "../../../servers/innovation-engine/tools");
    const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
    const tools = await Promise.all(files.map(async (file) => (await import(join(folder, file))).default));
    const executing = tools.filter(({ executes }) => executes).map(({ name }) => name);
    expect(executing.toSorted()).toEqual([...EXECUTING_TOOLS]);
  });

  it("gives a call as long as a run has, and time in the queue", async () => {
    const { find } = await run({
      allowExecute: true,
      runSeconds: 5000,
      maxRuns: 1,
      allowedVariables: ["A", "B"],
    });
    expect(envOf(find)).toMatchObject({ RUN_SECONDS: "5000", MAX_RUNS: "1", ALLOWED_VARIABLES: "A,B" });
    expect(guardOf(find).limits.callSeconds).toBe(5060);
    expect(find(SERVER).inputs.spec.timeout).toBe("3600s");
    expect(guardOf((await run()).find).limits).toEqual({});
  });

  it("gives its own needs up for what somebody says of it", async () => {
    const limits = { callSeconds: 30, sessions: 7 };
    const { find } = await run({ allowExecute: true, transport: "stdio", guard: { ...guard, limits } });
    expect(guardOf(find).limits).toEqual(limits);
  });

  it("has as many sessions over stdio as its memory has room for processes", async () => {
    expect(guardOf((await run({ transport: "stdio" })).find).limits).toEqual({ sessions: 2 });
  });

  it("passes on to documents what they sign in with, if it has an identity", async () => {
    const clientId = "00000000-0000-0000-0000-000000000001";
    const { PASS_ENVIRONMENT } = envOf((await run({ workloadIdentityClientId: clientId })).find);
    const names = PASS_ENVIRONMENT.split(",");
    // What it passes on by itself as long as nothing is said.
    const byItself = Object.keys(readConfig(everything(names)).passedEnvironment);
    expect(names).toEqual([
      ...byItself,
      "AZURE_CLIENT_ID",
      "AZURE_TENANT_ID",
      "AZURE_FEDERATED_TOKEN_FILE",
      "AZURE_AUTHORITY_HOST",
    ]);
    const given = readConfig({ ...everything(names), PASS_ENVIRONMENT });
    expect(Object.keys(given.passedEnvironment)).toEqual(names);
    expect(envOf((await run()).find)).not.toHaveProperty("PASS_ENVIRONMENT");
  });

  it("is started by KMCP's gateway for stdio", async () => {
    const { spec } = (await run({ transport: "stdio" })).find(SERVER).inputs;
    expect(spec.deployment).toMatchObject({ cmd: "node", args: ["/app/innovation-engine/main.ts"] });
    expect(spec.deployment.env["TRANSPORT"]).toBe("stdio");
  });

  it.each<[string, object, RegExp]>([
    ["no guard", { guard: "none" }, /^guard: "none" is not allowed/],
    [
      "runs that nobody may start",
      { runSeconds: 5 },
      /^allowExecute: must be true where there is runSeconds/,
    ],
    [
      "two catalogues",
      { catalogue: { "a.md": "" }, catalogueConfigMap: "b" },
      /^catalogueConfigMap: must be left/,
    ],
    [
      "a document in a folder",
      { catalogue: { "a/b.md": "" } },
      /^catalogue\.a\/b\.md: must be a name of letters/,
    ],
    ["a catalogue without documents", { catalogue: { "a.ini": "" } }, /^catalogue: must be documents/],
    ["too many runs", { allowExecute: true, maxRuns: 101 }, /^maxRuns: 101 is not allowed/],
    ["an argument that isn't there", { colour: "red" }, /^colour: /],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
