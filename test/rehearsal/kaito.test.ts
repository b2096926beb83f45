import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagnose } from "../../cli/diagnose/run.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { filesBelow, raiseStage, refusals, type Stage, WITHOUT_MCP } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;

/** Everything that the dev stack can be asked for beside its one model. */
const ASKED: Record<string, string> = {
  "mcpaas:location": "westus3",
  // 96 vCPUs of A100: room for three nodes here, and for another pool below.
  "mcpaas:cluster.gpuPool.minCount": "3",
  "mcpaas:cluster.gpuPool.maxCount": "3",
  // Nothing scales up here, and RAG engines ask for half a core each.
  "mcpaas:cluster.userPool.minCount": "4",
  "mcpaas:cluster.userPool.maxCount": "4",
  "mcpaas:cluster.moreGpuPools.large.preferredSkus[0]": "Standard_NC40ads_H100_v5",
  // Tested with the dev stack; here they would only take time.
  ...WITHOUT_MCP,
  "mcpaas:chat.enabled": "false",
  "mcpaas:models.mistral.model": "mistral-7b-instruct",
  "mcpaas:models.mistral.inferenceSet.replicas": "1",
  "mcpaas:models.tuned.model": "phi-4-mini-instruct",
  "mcpaas:models.tuned.pool": "large",
  "mcpaas:models.tuned.adapters[0].tuningJob": "dolly",
  "mcpaas:ragEngines.search.embedding.local.modelId": "BAAI/bge-small-en-v1.5",
  "mcpaas:ragEngines.docs.volume.size": "1Gi",
  "mcpaas:ragEngines.docs.inference.model": "phi-4-mini",
  "mcpaas:ragEngines.many.qdrant.deploy": "true",
  "mcpaas:tuningJobs.dolly.preset": "phi-4-mini-instruct",
  "mcpaas:tuningJobs.dolly.input.urls[0]": "https://example.com/dolly.parquet",
  "mcpaas:tuningJobs.dolly.output.repository": "adapters/dolly",
};

interface Conditions {
  status: { conditions: { type: string; status: string }[] };
}

const conditionOf = async (type: string, ...object: string[]) => {
  const { status } = await stage.get<Conditions>(...object, "-n", "models");
  return status.conditions.find((condition) => condition.type === type)?.status;
};

const diagnosed = (subject?: string) => diagnose(stage.running.environment.kubeconfig, { subject });

/** The causes that diagnose finds for one subject, most likely first, and its warnings. */
const causesOf = async (subject: string) => {
  const { subjects } = await diagnosed(subject);
  return subjects.flatMap(({ causes, warnings }) => [...causes, ...warnings].map(({ cause }) => cause));
};

/** Pulumi hands a dynamic provider the stack's whole configuration, so that one follows every setting. */
const ownChanges = (changed: string[]) =>
  changed.filter((line) => !line.endsWith("pulumi:providers:pulumi-nodejs default"));

/** Takes an object away, and returns what puts it back as it was. */
const takeAway = async (...object: string[]) => {
  const {
    metadata,
    status: _,
    ...rest
  } = await stage.get<{ metadata: Record<string, unknown>; status?: object }>(...object);
  const { name, namespace, labels, annotations } = metadata;
  await stage.kubectl("delete", ...object, "--wait");
  return () => stage.apply({ ...rest, metadata: { name, namespace, labels, annotations } });
};

/** Waits until `kubectl wait` or a like command is content; it gives up by itself. */
const restartModel = () =>
  stage.kubectl("delete", "pod", "phi-4-mini-0", "-n", "models", "--wait=false", "--ignore-not-found");
const modelBack = async () => {
  await stage.kubectl(
    "wait",
    "workspace/phi-4-mini",
    "-n",
    "models",
    "--for=condition=WorkspaceSucceeded",
    "--timeout=120s",
  );
};

beforeAll(async () => {
  stage = await raiseStage();
  before = await takeInventory(stage.running, join(stage.toolchain.bin, "kubectl"));
});
afterAll(() => stage?.close());

test("diagnose says of a cluster without KAITO that its CRD is missing", async () => {
  expect(await causesOf("workspace/phi-4-mini")).toEqual(["crd-missing"]);
});

describe("bad input fails in the preview, with the setting and what to do", () => {
  test.each([
    ["mcpaas:models.phi-4-mini.model", "phi-4-mini-instrut", /the nearest are "phi-4-mini-instruct"/],
    ["mcpaas:models.phi-4-mini.template.spec.hostNetwork", "true", /either model or template, and not both/],
    [
      "mcpaas:tuningJobs.dolly.preset",
      "phi-4-mini-instruct",
      /mcpaas:tuningJobs.dolly.output\n\s+found {4}nothing/,
    ],
    ["mcpaas:cluster.gpuPool.minCount", "0", /at least 1, because KAITO refuses models.phi-4-mini/],
    ["mcpaas:cluster.gpuPool.vmSize", "Standard_NC4as_T4_v3", /gpuPool.vmSize\n.*\n.*this one has T4 GPUs/],
    [
      "mcpaas:models.phi-4-mini.model",
      "llama-3.3-70b-instruct",
      /mcpaas:models.phi-4-mini.model\n.*\n.*pulumi config set --secret mcpaas:huggingFaceToken/,
    ],
    [
      "mcpaas:models.phi-4-mini.model",
      "phi-4",
      /mcpaas:models.phi-4-mini: .*Standard_NV36ads_A10_v5.*Standard_NC24ads_A100_v4/s,
    ],
  ])("%s: %s", async (path, value, message) => {
    const file = join(stage.running.project, "Pulumi.dev.yaml");
    const settings = await readFile(file, "utf8");
    await stage.set(path, value);
    const preview = await stage.pulumi("preview");
    expect(preview.exitCode).not.toBe(0);
    expect(await stage.output(preview)).toMatch(message);
    await writeFile(file, settings);
  });
});

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("everything KAITO", () => {
  test("comes up under the policy pack", async () => {
    await stage.setAll(ASKED);
    // More GPUs than anybody would pay for by the default.
    const config = join(stage.running.dir, "policy-config.json");
    await writeFile(config, JSON.stringify({ "monthly-cost": { ceiling: 100_000 } }));
    const packs = ["--policy-pack", "policies", "--policy-pack-config", config];
    const up = await stage.pulumi("up", "--yes", "--skip-preview", ...packs);
    expect(refusals(up)).toEqual([]);
    expect(up.errors).toEqual([]);
    expect(up.exitCode).toBe(0);
  });

  test("the real controllers say that all of it is ready", async () => {
    expect(await conditionOf("WorkspaceSucceeded", "workspace", "phi-4-mini")).toBe("True");
    expect(await conditionOf("WorkspaceSucceeded", "workspace", "tuned")).toBe("True");
    expect(await conditionOf("WorkspaceSucceeded", "workspace", "dolly")).toBe("True");
    for (const engine of ["search", "docs", "many"]) {
      expect(await conditionOf("RAGEngineSucceeded", "ragengine", engine)).toBe("True");
    }
    const set = await stage.get<{ status: { readyReplicas: number } }>(
      "inferenceset",
      "mistral",
      "-n",
      "models",
    );
    expect(set.status.readyReplicas).toBe(1);
  });

  test("no password of the registry is in clear text in the state or the logs", async () => {
    const { items } = await stage.get<{ items: { type: string; data: Record<string, string> }[] }>(
      "secrets",
      "-n",
      "models",
    );
    const logins = items.filter(({ type }) => type === "kubernetes.io/dockerconfigjson");
    const passwords = logins.flatMap(({ data }) => {
      const text = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
      const { auths } = JSON.parse(text) as { auths: Record<string, { password: string }> };
      return Object.values(auths).map(({ password }) => password);
    });
    expect(new Set(passwords).size).toBe(2);
    const files = await Promise.all(
      ["state", "logs"].map((place) => filesBelow(join(stage.running.dir, place))),
    );
    for (const file of files.flat()) {
      const text = await readFile(file, "utf8");
      expect([file, ...passwords.filter((password) => text.includes(password))]).toEqual([file]);
    }
  });

  test("a second up changes nothing", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
  });

  test("diagnose finds all of it ready", async () => {
    const { ready, subjects } = await diagnosed();
    expect(
      subjects.filter(({ state }) => state !== "ready").map(({ name, line }) => `${name}: ${line}`),
    ).toEqual([]);
    expect(ready).toBe(true);
    expect(subjects.length).toBeGreaterThan(10);
  });
});

describe("on the running platform", () => {
  test("replicas change in place, down to none and up again", async () => {
    for (const replicas of ["0", "1"]) {
      await stage.set("mcpaas:models.mistral.inferenceSet.replicas", replicas);
      const update = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(update.errors).toEqual([]);
      expect(ownChanges(update.changed)).toEqual(["update kubernetes:kaito.sh/v1beta1:InferenceSet mistral"]);
      const workspaces = async () =>
        (
          await stage.get<{ items: { metadata: { name: string } }[] }>("workspaces", "-n", "models")
        ).items.filter(({ metadata }) => metadata.name.startsWith("mistral"));
      await stage.until(async () => (await workspaces()).length === Number(replicas));
    }
  });

  describe("a model that scales", () => {
    interface Scaled {
      spec: { replicas: number };
      status: { replicas: number; selector: string };
    }
    interface Autoscaler {
      status: { desiredReplicas: number; conditions: { type: string; status: string; reason: string }[] };
    }
    const set = () => stage.get<Scaled>("inferenceset", "mistral", "-n", "models");
    const ready = async () => {
      const { items } = await stage.get<{ items: (Partial<Conditions> & { metadata: { name: string } })[] }>(
        "workspaces",
        "-n",
        "models",
      );
      return items.filter(
        ({ metadata, status }) =>
          metadata.name.startsWith("mistral-") &&
          status?.conditions?.some(({ type, status }) => type === "WorkspaceSucceeded" && status === "True"),
      ).length;
    };
    const autoscaling = "mcpaas:models.mistral.autoscaling";
    let file: string;
    let settings: string;

    beforeAll(async () => {
      file = join(stage.running.project, "Pulumi.dev.yaml");
      settings = await readFile(file, "utf8");
      await stage.unset("mcpaas:models.mistral.inferenceSet");
      // The node of the tuning job, which has ended, is free.
      await stage.set("mcpaas:cluster.gpuPool.maxCount", "4");
    });

    test("gets what AKS's KEDA takes, and the identity with which that asks", async () => {
      await stage.set(`${autoscaling}.maxReplicas`, "2");
      const up = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(up.errors).toEqual([]);
      const { spec } = await stage.get<{ spec: { triggers: { metadata: { query: string } }[] } }>(
        "scaledobject",
        "mistral",
        "-n",
        "models",
      );
      expect(spec.triggers.map(({ metadata }) => metadata.query)).toEqual([
        expect.stringContaining("vllm:num_requests_waiting{"),
        expect.stringContaining("vllm:num_requests_running{"),
      ]);
      expect((await set()).spec.replicas).toBe(1);
    });

    test("is scaled by the real autoscaler through the real controller, and no update sets it back", async () => {
      await stage.setAll({
        [`${autoscaling}.scaler`]: "custom-metrics",
        [`${autoscaling}.minReplicas`]: "2",
      });
      const up = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(up.errors).toEqual([]);
      // The controller counts a replica some time after its Workspace is ready.
      await stage.until(async () => (await ready()) === 2 && (await set()).status.replicas === 2);
      const { spec, status } = await set();
      expect(spec.replicas).toBe(2);
      const hpa = await stage.get<Autoscaler>("hpa", "mistral", "-n", "models");
      expect(hpa.status.conditions).toContainEqual(
        expect.objectContaining({ type: "AbleToScale", status: "True" }),
      );
      const { items } = await stage.get<{ items: object[] }>("pods", "-n", "models", "-l", status.selector);
      expect(items).toHaveLength(2);
      // Something else of it changes: what the autoscaler set stays.
      await stage.set("mcpaas:models.mistral.clients[0].namespace", "mcp");
      const update = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(update.errors).toEqual([]);
      expect((await set()).spec.replicas).toBe(2);
      const refreshed = await stage.pulumi(
        "up",
        "--yes",
        "--skip-preview",
        "--refresh",
        "--expect-no-changes",
      );
      expect(refreshed.changed).toEqual([]);
      expect((await set()).spec.replicas).toBe(2);
    });

    test("goes back to replicas that are set, when the autoscaler has been told the number before", async () => {
      // Pulumi deletes the autoscaler last: with another number it could set that once more.
      await stage.setAll({ [`${autoscaling}.minReplicas`]: "1", [`${autoscaling}.maxReplicas`]: "1" });
      const limited = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(limited.errors).toEqual([]);
      await stage.until(async () => (await set()).spec.replicas === 1 && (await ready()) === 1);
      await writeFile(file, settings);
      const up = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(up.errors).toEqual([]);
      expect((await set()).spec.replicas).toBe(1);
      await expect(stage.get("hpa", "mistral", "-n", "models")).rejects.toThrow(/not found/i);
    });
  });

  test("a preview of a new pool with a model on it passes, though KAITO would refuse the model by now", async () => {
    const file = join(stage.running.project, "Pulumi.dev.yaml");
    const settings = await readFile(file, "utf8");
    await stage.set("mcpaas:cluster.moreGpuPools.more.vmSize", "Standard_NC24ads_A100_v4");
    await stage.set("mcpaas:models.other.model", "phi-4-mini-instruct");
    await stage.set("mcpaas:models.other.pool", "more");
    const preview = await stage.pulumi("preview");
    await writeFile(file, settings);
    expect(preview.errors).toEqual([]);
    expect(preview.exitCode).toBe(0);
  });
});

const KAITO = ["-n", "kaito-workspace"];
const PLUGIN = ["daemonset", "nvidia-device-plugin-daemonset", ...KAITO];

const gpusOffered = async () => {
  interface Nodes {
    items: { status: { allocatable: Record<string, string> } }[];
  }
  const { items } = await stage.get<Nodes>("nodes");
  return items.some(({ status }) => Number(status.allocatable["nvidia.com/gpu"] ?? 0) > 0);
};

describe("diagnose says why, on clusters that were broken", () => {
  test("no device plugin", async () => {
    const back = await takeAway(...PLUGIN);
    // A pod that came back while a node still offers its GPUs would take them and never miss the plugin.
    await stage.until(async () => !(await gpusOffered()));
    await restartModel();
    await stage.until(async () => (await causesOf("workspace/phi-4-mini"))[0] === "no-gpu-on-node");
    await back();
    await modelBack();
  });

  test("two device plugins", async () => {
    const own = await stage.get<{ spec: { template: { metadata: object } } }>(...PLUGIN);
    const labels = { name: "second-plugin" };
    await stage.apply({
      ...own,
      metadata: { name: "second-plugin", namespace: "kaito-workspace" },
      spec: {
        ...own.spec,
        selector: { matchLabels: labels },
        template: { ...own.spec.template, metadata: { labels } },
      },
    });
    await stage.until(async () => (await causesOf("workspace/phi-4-mini")).includes("two-device-plugins"));
    await stage.kubectl("delete", "daemonset", "second-plugin", ...KAITO);
  });

  test("pods that the namespace's pod security refuses", async () => {
    await stage.kubectl(
      "label",
      "namespace",
      "models",
      "--overwrite",
      "pod-security.kubernetes.io/enforce=restricted",
    );
    await restartModel();
    await stage.until(async () => (await causesOf("workspace/phi-4-mini"))[0] === "pod-security");
    await stage.kubectl(
      "label",
      "namespace",
      "models",
      "--overwrite",
      "pod-security.kubernetes.io/enforce=baseline",
    );
    await modelBack();
  });

  test("a namespace's quota without room", async () => {
    const pods = (count: string) => JSON.stringify({ spec: { hard: { pods: count } } });
    await stage.kubectl("patch", "resourcequota", "quota", "-n", "models", "--type=merge", "-p", pods("1"));
    await stage.kubectl("delete", "pod", "-n", "models", "-l", "kaito.sh/ragengine=search", "--wait=false");
    await stage.until(async () => (await causesOf("ragengine/search"))[0] === "namespace-quota");
    await stage.kubectl("patch", "resourcequota", "quota", "-n", "models", "--type=merge", "-p", pods("100"));
    await stage.until(async () => (await diagnosed("ragengine/search")).ready);
  });

  test("a controller that is down, whose webhook then refuses every change", async () => {
    await stage.kubectl("scale", "deployment", "workspace", ...KAITO, "--replicas=0");
    await stage.until(async () => (await causesOf("component/kaito")).includes("webhook-unavailable"));
    await expect(stage.kubectl("annotate", "workspace", "phi-4-mini", "-n", "models", "a=b")).rejects.toThrow(
      /failed calling webhook "validation.workspace.kaito.sh"/,
    );
    await stage.kubectl("scale", "deployment", "workspace", ...KAITO, "--replicas=1");
    await stage.kubectl("rollout", "status", "deployment", "workspace", ...KAITO, "--timeout=120s");
    await stage.until(async () => (await diagnosed("component/kaito")).ready);
  });

  test("an MCP server whose namespace has no room for its pod", async () => {
    const pods = (count: string) => JSON.stringify({ spec: { hard: { pods: count } } });
    await stage.kubectl("patch", "resourcequota", "quota", "-n", "mcp", "--type=merge", "-p", pods("0"));
    await stage.kubectl("delete", "pod", "-n", "mcp", "--all", "--wait=false");
    await stage.until(async () => (await causesOf("mcpserver/echo"))[0] === "namespace-quota");
    await stage.kubectl("patch", "resourcequota", "quota", "-n", "mcp", "--type=merge", "-p", pods("50"));
    await stage.until(async () => (await diagnosed("mcpserver/echo")).ready);
  });

  test("KAITO's own webhook refuses a model that no node could take", async () => {
    const workspace = (labels: object, name: string) => ({
      apiVersion: "kaito.sh/v1beta1",
      kind: "Workspace",
      metadata: { name: "refused", namespace: "models" },
      resource: { labelSelector: { matchLabels: labels } },
      inference: { preset: { name } },
    });
    await expect(stage.apply(workspace({ not: "there" }, "phi-4-mini-instruct"))).rejects.toThrow(
      /No nodes found matching the specified label selector/,
    );
    await expect(stage.apply(workspace({ "mcpaas.dev/pool": "gpu" }, "phi-5"))).rejects.toThrow(
      /Unsupported inference preset name phi-5/,
    );
  });
});

describe("destroy", () => {
  test("ends with no object on a finalizer, while the controllers run", async () => {
    const destroy = await stage.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.errors).toEqual([]);
    expect(destroy.exitCode).toBe(0);
    const after = await takeInventory(stage.running, join(stage.toolchain.bin, "kubectl"));
    expect(leftovers(before, after)).toEqual({ azure: [], cluster: [] });
  });
});
