import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadKubeconfig } from "../../../cli/diagnose/kubeconfig.ts";
import { kubeconfigFor } from "./support/api.ts";

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "diagnose-"));
  file = join(dir, "config");
  await writeFile(file, kubeconfigFor("https://aks.example"));
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function piped(text: string): void {
  vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from([text]) as never);
}

describe("kubeconfig", () => {
  test("from a file, from KUBECONFIG, and from standard input", async () => {
    const server = async (choice: { file?: string }) =>
      (await loadKubeconfig(choice)).getCurrentCluster()?.server;
    expect(await server({ file })).toBe("https://aks.example");
    vi.stubEnv("KUBECONFIG", file);
    expect(await server({})).toBe("https://aks.example");
    piped(kubeconfigFor("https://piped.example"));
    expect(await server({ file: "-" })).toBe("https://piped.example");
  });

  test("in the context that is asked for", async () => {
    const parts = JSON.parse(kubeconfigFor("https://aks.example"));
    parts.contexts.push({ name: "prod", context: { cluster: "c", user: "u" } });
    piped(JSON.stringify(parts));
    expect((await loadKubeconfig({ file: "-", context: "prod" })).getCurrentContext()).toBe("prod");
  });

  test.each([
    ["a context that it hasn't", { context: "prod" }, "--context prod is not in the kubeconfig; it has dev"],
    ["no file", { file: "/no/such/file" }, "there is no kubeconfig at /no/such/file"],
  ])("with %s", async (_, choice, message) => {
    await expect(loadKubeconfig({ file, ...choice })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  test.each([
    ["", "standard input is empty"],
    ["[secret]\n", "needs --show-secrets"],
    ["just: [a", "standard input is not a kubeconfig"],
    ["{}", "no current context with a cluster"],
  ])("from standard input with %j", async (text, message) => {
    piped(text);
    await expect(loadKubeconfig({ file: "-" })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  test("from KUBECONFIG that names nothing", async () => {
    vi.stubEnv("KUBECONFIG", join(dir, "gone"));
    await expect(loadKubeconfig({})).rejects.toMatchObject({ exitCode: 2 });
  });

  test("without a current context", async () => {
    const { "current-context": _, ...parts } = JSON.parse(kubeconfigFor("https://aks.example"));
    piped(JSON.stringify(parts));
    await expect(loadKubeconfig({ file: "-" })).rejects.toMatchObject({
      message: expect.stringContaining("--context"),
    });
  });
});
