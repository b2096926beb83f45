import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pulumi, pulumiAnswer } from "../../rehearsal/engine.ts";
import type { Running } from "../../rehearsal/environment.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { copiedExample, install, packed } from "./support/programFolder.ts";
import { raiseStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let archive: string;
let users: Running;
/** Where people work: outside the checkout, whose own modules nothing finds from there. */
let place: string;

beforeAll(async () => {
  stage = await raiseStage();
  place = join(stage.running.dir, "..", "people");
  await mkdir(place);
  archive = await packed(place);
  // The cluster of these programs is that of the kubeconfig, without Azure.
  const { kubeconfig } = stage.running.environment;
  users = { ...stage.running, env: { ...stage.running.env, KUBECONFIG: kubeconfig } };
  await stage.apply(node("node-1"));
});
afterAll(() => stage?.close());

/** A node that somebody else's cluster has. */
function node(name: string) {
  const capacity = { cpu: "8", memory: "16Gi", pods: "50", "ephemeral-storage": "64Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    status: { capacity, allocatable: capacity },
  };
}

const images = {
  image: "demoreg1.azurecr.io/mcp/echo:0.1.0",
  guardImage: "demoreg1.azurecr.io/mcp/guard:0.1.0",
};

async function setImages(program: Running): Promise<void> {
  for (const [key, value] of Object.entries(images)) {
    await pulumiAnswer(program, ["config", "set", key, value]);
  }
}

/** Resources of a stack by type, and how many of each. */
async function kinds(program: Running): Promise<Record<string, number>> {
  const { deployment } = JSON.parse(await pulumiAnswer(program, ["stack", "export"]));
  const types = deployment.resources.map(({ type }: { type: string }) => type);
  return Object.fromEntries(
    types.map((type: string) => [type, types.filter((t: string) => t === type).length]),
  );
}

test("the archive holds what is built and what says what it is, and nothing else", async () => {
  const { stdout } = await execa("tar", ["-tzf", archive]);
  const files = stdout.split("\n").map((file) => file.replace(/^package\//, ""));
  const built = files.filter((file) => /^(components|plugin)\/.+\.(js|d\.ts)$/.test(file));
  expect(files.filter((file) => !built.includes(file)).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "PulumiPlugin.yaml",
    "README.md",
    "package.json",
    "plugin/schema.json",
  ]);
  expect(built).toEqual(
    expect.arrayContaining(["components/index.js", "components/index.d.ts", "plugin/main.js"]),
  );
});

test("Pulumi takes the schema, with the types of Kubernetes that it refers to", async () => {
  const schema = join(place, "dist/plugin/schema.json");
  await execa("pulumi", ["schema", "check", schema], { env: users.env, extendEnv: false });
});

// Of Azure's and KAITO's example a preview: what they make is made by the stacks' own tests.
test.each([
  ["registry-and-cluster", ["azure-native:containerservice:ManagedCluster", "mcpaas:index:AcrForAks"]],
  ["kaito-model", ["mcpaas:index:KaitoInstall", "mcpaas:index:KaitoWorkspace"]],
  ["chat", ["mcpaas:index:ChatApp", "kubernetes:apps/v1:Deployment"]],
])("the example %s is previewed with the installed package", async (example, expected) => {
  const folder = join(place, example);
  const program = await copiedExample(users, example, folder);
  await install(archive, folder);
  const preview = await pulumi(program, ["preview"]);
  const log = await readFile(preview.log, "utf8");
  expect(preview.exitCode, log).toBe(0);
  for (const type of expected) {
    expect(log).toContain(type);
  }
});

test("a program in a folder of its own is made with the installed package", async () => {
  const folder = join(place, "mcp-server");
  const program = await copiedExample(users, "mcp-server", folder);
  await install(archive, folder, ["typescript", "@types/node"]);
  await copyFile(join(repository, "tsconfig.json"), join(folder, "tsconfig.json"));
  await execa(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "--noEmit"], {
    cwd: folder,
  });
  await setImages(program);

  await liveThrough(program);
});

test("the same program in YAML is made with two components of the package", async () => {
  const folder = join(place, "yaml");
  const program = await copiedExample(users, "yaml", folder);
  await install(archive, folder);
  await setImages(program);
  const file = join(folder, "Pulumi.yaml");
  const text = await readFile(file, "utf8");
  // The map is plain, and what is in it comes from a resource: in the first preview nobody knows it yet.
  const withEnv = text.replace(
    "transport: http",
    `transport: http\n      env:\n        PLACE: \${tools.namespace}`,
  );
  await writeFile(file, withEnv);
  await liveThrough(program);

  // Another language's compiler doesn't know the arguments: the component says what is wrong, and with which.
  await writeFile(file, text.replace("transport: http", "transport: http\n      port: 70000"));
  const wrong = await pulumi(program, ["preview"]);
  expect(wrong.exitCode).not.toBe(0);
  expect(await readFile(wrong.log, "utf8")).toMatch(
    /property port .* 70000 is not allowed; it must be a whole number/,
  );
});

/** A life of the program: made, then made again without a change, then gone. */
async function liveThrough(program: Running): Promise<void> {
  await done(program, "up", "--yes");
  expect(await kinds(program)).toMatchObject({
    "mcpaas:index:RestrictedNamespace": 1,
    "mcpaas:index:McpServerDeployment": 1,
    "pulumi-nodejs:dynamic/mcpaas:GeneratedKey": 1,
    "kubernetes:apps/v1:Deployment": 1,
  });
  const { url, tokens } = JSON.parse(await pulumiAnswer(program, ["stack", "output", "--json"]));
  expect(url).toMatch(/^http:\/\/echo\.[a-z0-9-]+\.svc\.cluster\.local:3000\/mcp$/);
  expect(tokens).toBe("[secret]");
  await done(program, "up", "--yes", "--expect-no-changes");
  await done(program, "destroy", "--yes");
}

async function done(program: Running, ...args: string[]): Promise<void> {
  const result = await pulumi(program, args);
  expect(result.exitCode, await readFile(result.log, "utf8")).toBe(0);
}
