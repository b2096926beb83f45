import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellEnvironment } from "../../rehearsal/shell.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { ask, type Pod } from "./support/chat.ts";
import { mcp, tokensOf } from "./support/mcp.ts";
import { raiseStage, type Stage, WITHOUT_MONITORING } from "./support/stage.ts";

// What docs/troubleshooting.md has, and no other file here breaks.

const QUESTION = "What are the latest features in AKS?";
const ECHO = "http://echo.mcp.svc.cluster.local:3000/mcp";
const GPU_NODES = ["-l", "kubernetes.azure.com/agentpool=gpu"];
const PARSER = "mcpaas:models.phi-4-mini.config.toolCallParser";

let stage: Stage;
beforeAll(async () => {
  stage = await raiseStage();
  await stage.setAll({ ...WITHOUT_MONITORING, "mcpaas:innovationEngine.enabled": "false" });
});
afterAll(() => stage?.close());

/** Runs `mcpaas` as somebody at the rehearsal's shell does, but for variables that are other, or not there. */
async function typed(words: string[], env: Record<string, string | undefined> = {}) {
  const { exitCode, all } = await execa(process.execPath, [join(repository, "cli", "mcpaas.ts"), ...words], {
    cwd: stage.running.project,
    env: { ...shellEnvironment(stage.running), ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode, text: all };
}
/** Outside of the cluster nothing leads to Services by their names. */
const outside = { HTTP_PROXY: undefined };

/** Ends the model's pod, does something, and waits until another one is ready. */
async function withoutModel(meanwhile: () => Promise<unknown>): Promise<void> {
  const before = await modelPod();
  // Not waiting: the next one has its name.
  await stage.kubectl("delete", "pod", "phi-4-mini-0", "-n", "models", "--wait=false");
  await stage.until(async () => (await modelPod())?.metadata.uid !== before?.metadata.uid);
  await meanwhile();
  const ready = ["--for=condition=Ready", "--timeout=120s"];
  await stage.until(async () => (await modelPod()) !== undefined);
  await stage.kubectl("wait", "pod/phi-4-mini-0", "-n", "models", ...ready);
}

async function modelPod(): Promise<Pod | undefined> {
  const { items } = await stage.get<{ items: Pod[] }>("pods", "-n", "models");
  return items.find(({ metadata }) => metadata.name === "phi-4-mini-0");
}

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("what troubleshooting is about", () => {
  test("a model that can't call tools is refused by the settings", async () => {
    await stage.unset(PARSER);
    const preview = await stage.pulumi("preview");
    await stage.set(PARSER, "phi4_mini_json");
    expect(preview.exitCode).not.toBe(0);
    expect(await stage.output(preview)).toMatch(
      /mcpaas:models\.phi-4-mini\.config\.toolCallParser\s+found {4}nothing\s+allowed {2}vLLM's parser of .* tool calls/,
    );
  });

  test("an MCP server that is asked without a token, with a wrong one, elsewhere, or from outside", async () => {
    const up = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(up.errors).toEqual([]);
    expect((await typed(["mcp", ECHO])).text).toContain(
      `${ECHO} wants a bearer token (401) (Bearer); give one by MCP_TOKEN or --token-file`,
    );
    expect((await typed(["mcp", ECHO], { MCP_TOKEN: "wrong" })).text).toContain(
      "doesn't take the token (401): The token is not known",
    );
    const token = (await tokensOf(stage))["echo"]?.["team"] ?? "";
    expect((await typed(["mcp", ECHO.replace("/mcp", "/")], { MCP_TOKEN: token })).text).toContain(
      "has no MCP endpoint there (404): Not found; the MCP endpoint is /mcp",
    );
    const away = await typed(["mcp", ECHO], { ...outside, MCP_TOKEN: token });
    expect(away.text).toContain("is a Service, whose name only its cluster knows");
    expect(away.text).toContain("kubectl -n mcp port-forward service/echo 3000:3000");
  });

  test("a page of elsewhere that calls an MCP server", async () => {
    const script = `
      const headers = { origin: "https://evil.example.com", "content-type": "application/json" };
      const response = await fetch(process.argv[1], { method: "POST", headers, body: "{}" });
      console.log(response.status, await response.text());`;
    const args = ["--input-type=module", "--eval", script, ECHO];
    const { stdout } = await execa(process.execPath, args, { env: shellEnvironment(stage.running) });
    expect(stdout).toMatch(/403 .*Origin \\"https:\/\/evil\.example\.com\\" is not allowed/);
  });

  test("a chat app without a pod", async () => {
    await stage.kubectl("scale", "deployment", "chat", "-n", "chat", "--replicas=0");
    await stage.until(
      async () => (await stage.kubectl("get", "pods", "-n", "chat", "-o", "name")).trim() === "",
    );
    const { exitCode, text } = await typed(["chat-ask", QUESTION], outside);
    expect(exitCode).toBe(1);
    expect(text).toContain("the chat app isn't ready: service/chat in namespace chat has no pods");
    await stage.kubectl("scale", "deployment", "chat", "-n", "chat", "--replicas=1");
    await stage.kubectl("rollout", "status", "deployment/chat", "-n", "chat", "--timeout=120s");
  });

  test("a model whose node takes no pods", async () => {
    await stage.kubectl("cordon", ...GPU_NODES);
    await withoutModel(async () => {
      const { exitCode, text } = await typed(["diagnose", "workspace/phi-4-mini"]);
      expect(exitCode).toBe(1);
      expect(text).toMatch(/very likely: Every node that it could use is cordoned/);
      expect(text).toMatch(/kubectl uncordon aks-gpu-/);
      await stage.kubectl("uncordon", ...GPU_NODES);
    });
  });

  test("a context that is too short, and a tool that the caller may not call", async () => {
    await stage.setAll({
      "mcpaas:models.phi-4-mini.config.maxModelLength": "300",
      "mcpaas:mcpServers.echo.guard.authorization.rules[0].effect": "deny",
      "mcpaas:mcpServers.echo.guard.authorization.rules[0].tools[0]": "echo",
    });
    const up = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(up.errors).toEqual([]);
    const { exitCode, stderr } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /the question with what the tools found is too long for model phi-4-mini-instruct/,
    );
    expect(stderr).toMatch(/the model's context length is only 300 tokens/);
    const token = (await tokensOf(stage))["echo"]?.["team"] ?? "";
    const denied = await mcp(stage, "echo", token, "echo", '{"message":"hello"}');
    expect(denied.stderr).toContain("there is no tool echo; the server has none");
  });

  test("a model that was told of no parser behind the settings' back", async () => {
    const data = { "inference_config.yaml": "vllm:\n  max-model-len: 65536\n" };
    const metadata = { name: "no-parser", namespace: "models" };
    await stage.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data });
    const patch = JSON.stringify({ inference: { config: "no-parser" } });
    await stage.kubectl("patch", "workspace", "phi-4-mini", "-n", "models", "--type=merge", "-p", patch);
    await stage.until(async () =>
      /name: no-parser/.test(
        await stage.kubectl("get", "statefulset", "phi-4-mini", "-n", "models", "-o", "yaml"),
      ),
    );
    await withoutModel(async () => {});
    const { exitCode, stderr } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/tools can't be called by model phi-4-mini-instruct/);
    expect(stderr).toMatch(/--enable-auto-tool-choice/);
  });
});
