import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagnose } from "../../cli/diagnose/run.ts";
import { type Inventory, leftovers, takeInventory } from "../../rehearsal/inventory.ts";
import { raiseStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let before: Inventory;

/** Everything that the dev stack can be asked for beside its one model. */
const ASKED: Record<string, string> = {
  "mcpaas:location": "westus3",
  "mcpaas:cluster.gpuPool.minCount": "4",
  "mcpaas:cluster.gpuPool.maxCount": "4",
  "mcpaas:cluster.moreGpuPools.large.preferredSkus[0]": "Standard_NC40ads_H100_v5",
  "mcpaas:models.mistral.model": "mistral-7b-instruct",
  "mcpaas:models.mistral.inferenceSet.replicas": "2",
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

const findings = (subject?: string) => diagnose(stage.running.environment.kubeconfig, { subject });

beforeAll(async () => {
  stage = await raiseStage();
  before = await takeInventory(stage.running, join(stage.toolchain.bin, "kubectl"));
});
afterAll(() => stage?.close());

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
      /mcpaas:models.phi-4-mini: .*HF_TOKEN|accessToken/,
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
    for (const [path, value] of Object.entries(ASKED)) {
      await stage.set(path, value);
    }
    const up = await stage.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policies");
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
    expect(set.status.readyReplicas).toBe(2);
  });

  test("a second up changes nothing", async () => {
    const again = await stage.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(again.changed).toEqual([]);
    expect(again.exitCode).toBe(0);
  });

  test("diagnose finds all of it ready", async () => {
    const report = await findings();
    expect(report.ready).toBe(true);
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
