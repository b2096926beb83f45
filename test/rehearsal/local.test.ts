import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { ask } from "./support/chat.ts";
import { linesOf, mcp, tokensOf } from "./support/mcp.ts";
import { raiseStage, refusals, type Stage } from "./support/stage.ts";

const PACK = ["--policy-pack", "policies"];

let stage: Stage;
let before: Inventory;
beforeAll(async () => {
  stage = await raiseStage({ stack: "local" });
  before = await takeInventory(stage.running, join(stage.toolchain.bin, "kubectl"));
});
afterAll(() => stage?.close());

/** What Azure was asked, but for what the test itself looks at. */
async function azureCalls(): Promise<string[]> {
  const log = await readFile(join(stage.running.dir, "logs", "arm.log"), "utf8");
  return log
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).path as string)
    .filter((path) => !path.startsWith("/_rehearsal/"));
}

/** A model that somebody else runs in the cluster, at the address that Pulumi.local.yaml names. */
async function runModel(): Promise<void> {
  const labels = { app: "ollama" };
  const metadata = { name: "ollama", namespace: "ollama" };
  await stage.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "ollama" } });
  await stage.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, labels },
    spec: {
      containers: [
        {
          name: "model",
          // The one image here whose program answers as a model does.
          image: "mcr.microsoft.com/aks/kaito/kaito-base:0.2.0",
          command: [
            "python3",
            "/workspace/vllm/inference_api.py",
            "--served-model-name=qwen3:4b",
            "--tool-call-parser=hermes",
            "--enable-auto-tool-choice",
          ],
          ports: [{ containerPort: 5000 }],
        },
      ],
    },
  });
  await stage.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: labels, ports: [{ port: 11434, targetPort: 5000 }] },
  });
}

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("the local stack", () => {
  test("goes to no cluster by accident: another current context ends the preview", async () => {
    const { env, dir } = stage.running;
    const mine = env["KUBECONFIG"] ?? "";
    const config = parse(await readFile(mine, "utf8"));
    const contexts = [...config.contexts, { name: "prod", context: config.contexts[0].context }];
    env["KUBECONFIG"] = join(dir, "other.kubeconfig");
    onTestFinished(() => {
      env["KUBECONFIG"] = mine;
    });
    await writeFile(env["KUBECONFIG"], stringify({ ...config, contexts, "current-context": "prod" }));
    const refused = await stage.pulumi("up", "--yes", "--skip-preview", ...PACK);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.errors.join("\n")).toMatch(/"kind-mcpaas"[\s\S]*"prod"[\s\S]*kubectl config use-context/);
    expect(refused.changes["create"] ?? 0).toBeLessThanOrEqual(1);
  });

  test("comes up with the policy pack", async () => {
    const up = await stage.pulumi("up", "--yes", "--skip-preview", ...PACK);
    expect(up.errors).toEqual([]);
    expect(up.exitCode).toBe(0);
    expect(refusals(up)).toEqual([]);
    expect(Object.keys(up.policyPacks)).toHaveLength(1);
  });

  test("answers those who have a token, through the guard", async () => {
    const { echo = {} } = await tokensOf(stage);
    const answer = await mcp(stage, "echo", echo["team"] ?? "", "echo", '{"message": "hello"}');
    expect(answer.exitCode, answer.stderr).toBe(0);
    expect(answer.json.content?.[0]?.text).toBe("Echo: hello");
    const refused = await mcp(stage, "echo", "somebody-elses", "echo", '{"message": "hello"}');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/401/);
    const audit = await linesOf(stage, "echo", "guard");
    expect(audit).toContainEqual(expect.objectContaining({ caller: "team", tool: "echo" }));
  });

  test("answers a question with the model that it was told of and a search", async () => {
    await runModel();
    await stage.kubectl("wait", "--for=condition=Ready", "pod/ollama", "-n", "ollama");
    const { exitCode, report, stderr } = await ask(stage, "What are the latest features in AKS?");
    expect(exitCode, stderr).toBe(0);
    expect(report).toMatchObject({ model: "qwen3:4b" });
    expect(report.answer).toMatch(/artifact streaming/i);
    expect(report.calls.map(({ tool }) => tool)).toContain("open-websearch_search");
  });

  test("stays as it is at a second up and a refresh", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...PACK);
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
    const refresh = await stage.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(refresh.changed).toEqual([]);
    expect(refresh.exitCode).toBe(0);
  });

  test("leaves nothing, and has asked Azure nothing", async () => {
    await stage.kubectl("delete", "namespace", "ollama");
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.exitCode).toBe(0);
    const after = await takeInventory(stage.running, join(stage.toolchain.bin, "kubectl"));
    expect(leftovers(before, after)).toEqual({ azure: [], cluster: [] });
    expect(await azureCalls()).toEqual([]);
  });
});
