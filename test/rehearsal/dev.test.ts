import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { METRICS, seriesOf as seriesOfMetric } from "../../components/metrics.ts";
import { azureResources } from "../../rehearsal/armControl.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { linesOf, management, mcp, tokensOf } from "./support/mcp.ts";
import { ruleGroupsOf, seriesOf, valuesOf } from "./support/prometheus.ts";
import { filesBelow, raiseStage, refusals, type Stage } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;
const packs = ["--policy-pack", "policies"];
const kubectl = () => join(stage.toolchain.bin, "kubectl");

beforeAll(async () => {
  stage = await raiseStage();
  before = await takeInventory(stage.running, kubectl());
  await stage.setAll({
    "mcpaas:aksMcp.enabled": "true",
    "mcpaas:aksMcp.image": `ghcr.io/azure/aks-mcp:v0.0.19@sha256:${"0".repeat(64)}`,
    "mcpaas:aksMcp.armEgress[0].cidr": "0.0.0.0/0",
    "mcpaas:mcpServers.files.transport": "stdio",
    "mcpaas:mcpServers.files.image": "ghcr.io/example/files:1.0.0",
    "mcpaas:mcpServers.files.command": "files",
  });
});
afterAll(() => stage?.close());

/** Which of the secrets a file holds, as they stand, in base64 as Secrets have them, or inside long base64 texts. */
async function findSecrets(file: string, secrets: string[]): Promise<string[]> {
  const text = await readFile(file, "utf8");
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{200,}={0,2}/g)].map(([match]) =>
    Buffer.from(match, "base64").toString("latin1"),
  );
  const forms = (secret: string) => [secret, Buffer.from(secret).toString("base64")];
  return secrets.filter((secret) =>
    [text, ...decoded].some((content) => forms(secret).some((form) => content.includes(form))),
  );
}

/** The servers of the dev stack, whose programs run here, and with them one over stdio and AKS-MCP, whose don't. */
const SERVERS = ["echo", "open-websearch", "innovation-engine"];
const ALL_SERVERS = [...SERVERS, "files", "aks-mcp"];

interface Conditions {
  status: { conditions: { type: string; status: string }[] };
}

interface Deployment {
  metadata: { generation: number };
  spec: {
    revisionHistoryLimit: number;
    template: { spec: { containers: { name: string; image: string }[] } };
  };
  status: { availableReplicas: number };
}

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("the dev stack", () => {
  test("preview shows the VM sizes with their reasons before anything exists", async () => {
    const preview = await stage.pulumi("preview", ...packs);
    expect(preview.exitCode).toBe(0);
    const text = await stage.output(preview);
    expect(text).toMatch(/Standard_NC24ads_A100_v4/);
    expect(text).toMatch(/gpu\S* Standard_NV36ads_A10_v5/);
    expect(await azureResources(stage.running)).toEqual(before.azure);
  });

  test("up makes it, under the policy pack", async () => {
    const up = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(up.errors).toEqual([]);
    expect(up.exitCode).toBe(0);
    expect(refusals(up)).toEqual([]);
    expect(Object.keys(up.policyPacks)).toHaveLength(1);
  });

  test.each(ALL_SERVERS)(
    "the real KMCP controller has made %s ready, with the guard beside it",
    async (name) => {
      // KMCP looks again after ten seconds; that the pods are there the update has waited for.
      await stage.until(async () => {
        const { status } = await stage.get<Conditions>("mcpserver", name, "-n", "mcp");
        return status.conditions.some(
          (condition) => condition.type === "Ready" && condition.status === "True",
        );
      });
      // Only the controller makes this Deployment.
      const deployment = await stage.get<Deployment>("deployment", name, "-n", "mcp");
      expect(deployment.status.availableReplicas).toBe(1);
      expect(deployment.spec.template.spec.containers.map((container) => container.name)).toEqual([
        "mcp-server",
        "guard",
      ]);
    },
  );

  test.each(SERVERS)("the guard of %s says that the server answers it", async (name) => {
    expect(JSON.parse(await management(stage, name, "/readyz"))).toMatchObject({ status: "ready" });
  });

  test("a server's tools are called by who has its token, and by nobody else", async () => {
    const tokens = await tokensOf(stage);
    const echo = tokens["echo"]?.["team"] ?? "";
    const called = await mcp(stage, "echo", echo, "echo", '{"message":"hello"}');
    expect(called).toMatchObject({ exitCode: 0, json: { content: [{ type: "text", text: "Echo: hello" }] } });
    // The token of the same caller for another server, and one that nobody has.
    for (const wrong of [tokens["open-websearch"]?.["team"] ?? "", "0".repeat(64)]) {
      const refused = await mcp(stage, "echo", wrong, "echo", '{"message":"hello"}');
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(/401/);
    }
    const audit = (await linesOf(stage, "echo", "guard")).filter((line) => line["audit"] === true);
    expect(audit).toEqual([expect.objectContaining({ caller: "team", tool: "echo", outcome: "ok" })]);
    expect(JSON.stringify(audit)).not.toContain("hello");
    const metrics = await management(stage, "echo", "/metrics");
    expect(metrics).toMatch(/^mcp_guard_calls_total\{.*tool="echo".*outcome="ok".*\} 1$/m);
    expect(metrics).toMatch(/^mcp_guard_authentication_failures_total\{.*\} [1-9]/m);
  });

  test("web search answers from allowed engines only, and documents are read but not executed", async () => {
    const tokens = await tokensOf(stage);
    const search = (json: string) =>
      mcp(stage, "open-websearch", tokens["open-websearch"]?.["team"] ?? "", "search", json);
    const found = await search('{"query":"latest features in AKS","limit":2}');
    expect(found.exitCode).toBe(0);
    expect(found.json.content?.[0]?.text).toMatch(/"totalResults": 2/);
    const refused = await search('{"query":"AKS","engines":["baidu"]}');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/baidu.*duckduckgo/s);

    const document = (...words: string[]) =>
      mcp(stage, "innovation-engine", tokens["innovation-engine"]?.["team"] ?? "", ...words);
    expect((await document("list_catalogue")).exitCode).toBe(0);
    expect((await document()).json.tools?.map(({ name }) => name)).not.toContain("execute_document");
  });

  test("images are in the registry by the digests that the pods run", async () => {
    for (const name of SERVERS) {
      const { spec } = await stage.get<Deployment>("deployment", name, "-n", "mcp");
      const images = spec.template.spec.containers.map(({ image }) => image);
      expect(images).toEqual([
        expect.stringMatching(new RegExp(`^mcpaas\\w+\\.azurecr\\.io/mcp/${name}@sha256:[0-9a-f]{64}$`)),
        expect.stringMatching(/^mcpaas\w+\.azurecr\.io\/mcp\/guard@sha256:[0-9a-f]{64}$/),
      ]);
    }
  });

  test("the real KAITO controller has taken the model to where it answers", async () => {
    const workspace = await stage.get<{
      status: { state: string; conditions: { type: string; status: string }[] };
    }>("workspace", "phi-4-mini", "-n", "models");
    expect(workspace.status.state).toBe("Ready");
    expect(workspace.status.conditions.find(({ type }) => type === "WorkspaceSucceeded")?.status).toBe(
      "True",
    );
    // Only the controller makes this StatefulSet.
    const set = await stage.get<{ status: { readyReplicas: number } }>(
      "statefulset",
      "phi-4-mini",
      "-n",
      "models",
    );
    expect(set.status.readyReplicas).toBe(1);
  });

  test("Prometheus finds what Azure's agent is told to, and knows what it counts", async () => {
    const running = { "mcp-guard": SERVERS.length, kmcp: 1, kaito: 1, vllm: 1 };
    const always = METRICS.filter(({ needs }) => needs === undefined);
    // vLLM counts requests from the first one on.
    await stage.kubectl("get", "--raw", "/api/v1/namespaces/models/pods/phi-4-mini-0:5000/proxy/v1/models");
    // It asks every 5 s, once it has found the pods; KAITO counts its objects each minute.
    await vi.waitFor(
      async () => {
        const up = await valuesOf(stage, "sum by (job) (up)");
        const counts = Object.fromEntries(up.map(({ metric, value }) => [metric["job"], value]));
        expect(counts).toMatchObject(running);
        expect(await valuesOf(stage, 'mcp_guard_calls_total{server="echo",outcome="ok"} > 0')).not.toEqual(
          [],
        );
        // What the catalogue says of an exporter, the exporter says.
        for (const job of ["mcp-guard", "kmcp", "kaito", "vllm"] as const) {
          const said = await seriesOf(stage, job);
          const wanted = always.filter(({ jobs }) => jobs.includes(job)).flatMap(seriesOfMetric);
          expect([job, wanted.filter((series) => !said.includes(series))]).toEqual([job, []]);
        }
      },
      { timeout: 90_000, interval: 1_000 },
    );
    const [call] = await valuesOf(stage, 'mcp_guard_calls_total{server="echo",outcome="ok"}');
    expect(call?.metric).toMatchObject({
      ...{ job: "mcp-guard", cluster: "aks-mcpaas-dev", namespace: "mcp" },
      pod: expect.stringMatching(/^echo-/),
    });
  });

  test("Azure's rules are rules that Prometheus follows", async () => {
    const type = "/prometheusRuleGroups/";
    const groups = (await azureResources(stage.running)).filter((id) => id.includes(type));
    const followed = await ruleGroupsOf(stage);
    const names = groups.map((id) => id.slice(id.indexOf(type) + type.length));
    expect(followed.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(names).not.toEqual([]);
    expect(followed.flatMap(({ rules }) => rules).filter(({ health }) => health === "err")).toEqual([]);
  });

  test("autoscalers get what pods use, and how often they are called", async () => {
    const path = "/namespaces/mcp/pods/*/mcp_guard_calls_per_second";
    await vi.waitFor(
      async () => {
        const used = await stage.kubectl("top", "pods", "-n", "mcp", "--no-headers");
        expect(used).toMatch(/^echo-\S+ +\d+m +[1-9]\d*Mi/m);
        const custom = await stage.kubectl("get", "--raw", `/apis/custom.metrics.k8s.io/v1beta2${path}`);
        const { items } = JSON.parse(custom) as { items: { describedObject: { name: string } }[] };
        expect(items.map(({ describedObject: { name } }) => name)).toContainEqual(
          expect.stringMatching(/^echo-/),
        );
      },
      { timeout: 60_000, interval: 1_000 },
    );
  });

  test("the nodes are those of the pools in Azure, and the GPU pool is labelled and tainted", async () => {
    const { items } = await stage.get<{
      items: {
        metadata: { labels: Record<string, string> };
        spec: { taints?: { key: string; effect: string }[] };
      }[];
    }>("nodes");
    const pools = items.map(({ metadata }) => metadata.labels["agentpool"]).sort();
    expect(pools).toEqual(["gpu", "system", "user"]);
    const gpu = items.find(({ metadata }) => metadata.labels["agentpool"] === "gpu");
    expect(gpu?.metadata.labels["node.kubernetes.io/instance-type"]).toBe("Standard_NV36ads_A10_v5");
    expect(gpu?.spec.taints).toContainEqual(
      expect.objectContaining({ key: "sku", value: "gpu", effect: "NoSchedule" }),
    );
  });

  test("no secret is in clear text anywhere in the state or the logs", async () => {
    const config = new KubeConfig();
    config.loadFromFile(join(stage.running.dir, "cluster", "user.kubeconfig"));
    const key = config.users[0]?.keyData ?? "";
    expect(key.length).toBeGreaterThan(100);
    const tokens = Object.values(await tokensOf(stage)).flatMap((ofServer) => Object.values(ofServer));
    const secrets = [
      key,
      Buffer.from(key, "base64").toString().split("\n")[1] ?? "",
      stage.running.env["ARM_CLIENT_SECRET"] ?? "",
      stage.running.env["PULUMI_CONFIG_PASSPHRASE"] ?? "",
      ...tokens,
    ];
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    const places = ["state", "logs"].map((place) => filesBelow(join(stage.running.dir, place)));
    const files = (await Promise.all(places)).flat();
    expect(files.some((file) => file.endsWith("/dev.json"))).toBe(true);
    // The search has to find what it looks for where that may be.
    expect(await findSecrets(join(stage.running.dir, "cluster", "user.kubeconfig"), secrets)).not.toEqual([]);
    const planted = join(stage.running.dir, "secrets.json");
    await writeFile(planted, await stage.kubectl("get", "secrets", "-n", "mcp", "-o", "json"));
    expect(await findSecrets(planted, secrets)).toEqual(tokens);
    for (const file of files) {
      expect(await findSecrets(file, secrets), file).toEqual([]);
    }
  });

  test("a second up changes nothing", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...packs);
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
  });

  test("refresh finds nothing but the pools and the password that came later, and an up after it changes nothing", async () => {
    const refresh = await stage.pulumi("refresh", "--yes", "--skip-preview");
    expect(refresh.exitCode).toBe(0);
    // AKS lists every pool in the cluster's own profile, those made after the cluster too, and ACR a password's dates
    // with its token.
    expect(refresh.differences.sort()).toEqual([
      "azure-native:containerregistry:Token images-token: credentials",
      "azure-native:containerservice:ManagedCluster aks: agentPoolProfiles",
    ]);
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
  });

  test("servers stay as they were deployed, however often KMCP reconciles", async () => {
    for (const name of ALL_SERVERS) {
      const before = await stage.get<Deployment>("deployment", name, "-n", "mcp");
      for (let turn = 1; turn <= 3; turn += 1) {
        // Something that only a reconcile takes back, and something that makes it look.
        const change = JSON.stringify({ spec: { revisionHistoryLimit: turn } });
        await stage.kubectl("patch", "deployment", name, "-n", "mcp", "--type=merge", "-p", change);
        await stage.kubectl("label", "mcpserver", name, "-n", "mcp", "--overwrite", `turn=${turn}`);
        await stage.until(async () => {
          const { spec } = await stage.get<Deployment>("deployment", name, "-n", "mcp");
          return spec.revisionHistoryLimit === before.spec.revisionHistoryLimit;
        });
      }
      const after = await stage.get<Deployment>("deployment", name, "-n", "mcp");
      expect(after.spec).toEqual(before.spec);
      expect(after.status.availableReplicas).toBe(1);
    }
  });

  test("a setting changes what it is for and nothing else", async () => {
    const rule = "mcpaas:mcpServers.echo.guard.authorization.rules[0]";
    await stage.set(`${rule}.effect`, "deny");
    await stage.set(`${rule}.tools[0]`, "echo");
    const update = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(update.exitCode).toBe(0);
    // Pulumi hands a dynamic provider the stack's whole configuration, so that one follows every setting.
    const own = update.changed.filter((line) => line !== "update pulumi:providers:pulumi-nodejs default");
    // The settings of the pods before go last, when those that replace them have taken over.
    expect(own).toEqual([
      "create-replacement kubernetes:core/v1:ConfigMap echo.guard",
      "replace kubernetes:core/v1:ConfigMap echo.guard",
      "update kubernetes:kagent.dev/v1alpha1:MCPServer echo",
      "update pulumi-nodejs:dynamic/mcpaas:McpRollout echo.rollout",
      "delete-replaced kubernetes:core/v1:ConfigMap echo.guard",
    ]);
    const token = (await tokensOf(stage))["echo"]?.["team"] ?? "";
    expect((await mcp(stage, "echo", token)).json.tools).toEqual([]);
    const refused = await mcp(stage, "echo", token, "echo", '{"message":"hello"}');
    expect(refused.exitCode).not.toBe(0);
  });

  test("an update whose pods crash fails and says which, while the pods before it go on with their settings", async () => {
    const settingsMaps = async () => {
      const { items } = await stage.get<{ items: { metadata: { name: string } }[] }>(
        "configmaps",
        "-n",
        "mcp",
      );
      return items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("echo.guard"));
    };
    const before = await settingsMaps();
    expect(before).toHaveLength(1);
    const broken = { "env.MAX_SESSIONS": "none", "guard.sse": "true", readyTimeoutMinutes: "1" };
    const paths = Object.entries(broken).map(([path, value]) => [`mcpaas:mcpServers.echo.${path}`, value]);
    await stage.setAll(Object.fromEntries(paths));
    const update = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join("\n")).toMatch(/echo-[0-9a-z]+-[0-9a-z]+.*mcp-server.*exit code 1/s);
    const token = (await tokensOf(stage))["echo"]?.["team"] ?? "";
    const answer = await mcp(stage, "echo", token);
    expect(await settingsMaps()).toEqual(expect.arrayContaining(before));

    for (const [path] of paths) {
      await stage.unset(path ?? "");
    }
    const mended = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(mended.errors).toEqual([]);
    expect(await settingsMaps()).toHaveLength(1);
    expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("a pool can go after a refresh, and the cluster can still be changed afterwards", async () => {
    await stage.unset("mcpaas:models");
    // Without a model the chat app has nobody to ask: the settings refuse it.
    await stage.setAll({ "mcpaas:cluster.gpuPool.enabled": "false", "mcpaas:chat.enabled": "false" });
    const removal = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(removal.errors).toEqual([]);
    expect(removal.changed).toContain("delete azure-native:containerservice:AgentPool aks-gpu");
    await stage.set("mcpaas:tags.costCenter", "0000");
    const change = await stage.pulumi("up", "--yes", "--skip-preview");
    expect(change.errors).toEqual([]);
    expect(change.changed).toContain("update azure-native:containerservice:ManagedCluster aks");
    expect(change.changed.filter((line) => line.includes("replace"))).toEqual([]);
  });

  test("destroy leaves nothing, in Azure or in the cluster", async () => {
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.errors).toEqual([]);
    expect(destroy.exitCode).toBe(0);
    expect(leftovers(before, await takeInventory(stage.running, kubectl()))).toEqual({
      azure: [],
      cluster: [],
    });
  });
});
