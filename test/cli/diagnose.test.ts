import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { type Api, startApi, type World } from "./diagnose/support/api.ts";
import { condition, gpuNode, kaitoController, workspace } from "./diagnose/support/objects.ts";

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const started: Api[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
});

async function api(world: World): Promise<Api> {
  const one = await startApi(world);
  started.push(one);
  return one;
}

async function diagnose(...args: string[]): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const catching = (stream: keyof typeof written) => (text: unknown) => {
    written[stream] += `${text}\n`;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(catching("stdout"));
  vi.spyOn(process.stderr, "write").mockImplementation(catching("stderr"));
  vi.spyOn(console, "log").mockImplementation(catching("stdout"));
  vi.spyOn(console, "error").mockImplementation(catching("stderr"));
  try {
    return { code: await main(["diagnose", ...args]), ...written };
  } finally {
    vi.restoreAllMocks();
  }
}

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
    const now = await diagnose("--kubeconfig", kubeconfig, "--save", file);
    const requests = asked.length;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1 });
    expect(await diagnose("--from", file)).toEqual(now);
    expect(asked.length).toBe(requests);
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
    const { writeFile } = await import("node:fs/promises");
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
