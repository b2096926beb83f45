import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Api, startApi, type World } from "./diagnose/support/api.ts";
import { condition, gpuNode, kaitoController, workspace } from "./diagnose/support/objects.ts";
import { runHere } from "./running.ts";

const started: Api[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
});

async function api(world: World): Promise<Api> {
  const one = await startApi(world);
  started.push(one);
  return one;
}

const diagnose = (...args: string[]) => runHere(["diagnose", ...args]);

const world = (status: "True" | "False"): World => ({
  objects: {
    deployments: [kaitoController()],
    nodes: status === "True" ? [gpuNode()] : [],
    workspaces: [workspace("phi", { conditions: [condition("WorkspaceSucceeded", status, "x", "waiting")] })],
  },
});

describe("mcpaas diagnose", () => {
  test("ends with 0 when all is ready", async () => {
    const { kubeconfig } = await api(world("True"));
    const { code, stdout } = await diagnose("--kubeconfig", kubeconfig);
    expect(code).toBe(0);
    expect(stdout).toContain("All ready");
  });

  test("ends with 1 when something isn't, and says why", async () => {
    const { kubeconfig } = await api(world("False"));
    const { code, stdout } = await diagnose("workspace/phi", "-n", "models", "--kubeconfig", kubeconfig);
    expect(code).toBe(1);
    expect(stdout).toContain("No node has the labels mcpaas.dev/pool=gpu");
    // What isn't a terminal gets no colours.
    expect(stdout).not.toContain("\u001b[");
  });

  test("prints JSON", async () => {
    const { kubeconfig } = await api(world("False"));
    const { stdout } = await diagnose("--json", "--kubeconfig", kubeconfig);
    expect(JSON.parse(stdout)).toMatchObject({
      ready: false,
      context: "dev",
      subjects: [{ name: "kaito" }, { name: "phi" }],
    });
  });

  test("judges later what it saved", async () => {
    const { kubeconfig, dir, asked } = await api(world("False"));
    const file = join(dir, "platform.json");
    await writeFile(file, "something else", { mode: 0o644 });
    const now = await diagnose("--kubeconfig", kubeconfig, "--save", file);
    const requests = asked.length;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1 });
    expect(await diagnose("--from", file)).toEqual(now);
    expect(asked.length).toBe(requests);
  });

  test("takes a kind that a file doesn't have for one that wasn't read", async () => {
    const { kubeconfig, dir } = await api(world("False"));
    const file = join(dir, "platform.json");
    await diagnose("--kubeconfig", kubeconfig, "--save", file);
    const saved = JSON.parse(await readFile(file, "utf8"));
    delete saved.lists.nodes;
    await writeFile(file, JSON.stringify(saved));
    const { stdout } = await diagnose("--from", file, "--json");
    const report = JSON.parse(stdout);
    expect(report.unread).toEqual([{ what: "nodes", forbidden: false, why: `not in ${file}` }]);
    expect(stdout).not.toContain("no-matching-node");
  });

  test.each([
    ["a kind that there isn't", ["foo/bar"], "is no kind that can be diagnosed"],
    ["a time that isn't one", ["--timeout", "soon"], "It must be a number of seconds"],
    ["--from beside --context", ["--from", "x", "--context", "y"], "--from can't be used with"],
    ["a file that there isn't", ["--from", "/no/such/file"], "can't read --from /no/such/file"],
    ["a file of something else", ["--from", "package.json"], "was not made by `diagnose --save`"],
    ["a flag that there isn't", ["--fix"], "unknown option"],
  ])("ends with 2 for %s", async (_, args, message) => {
    const { kubeconfig } = await api({});
    const { code, stderr } = await diagnose(
      ...(args[0] === "foo/bar" ? [...args, "--kubeconfig", kubeconfig] : args),
    );
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("ends with 2 when the cluster isn't there", async () => {
    const { kubeconfig, close } = await api({});
    const text = await readFile(kubeconfig, "utf8");
    started.splice(0);
    await close();
    const other = await api({});
    await writeFile(other.kubeconfig, text);
    const { code, stderr } = await diagnose("--kubeconfig", other.kubeconfig);
    expect(code).toBe(2);
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+ can't be reached/);
  });

  test("shows its help", async () => {
    const { code, stdout } = await diagnose("--help");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "pulumi stack output kubeconfig --show-secrets -s dev | npm run diagnose -- --kubeconfig -",
    );
  });
});
