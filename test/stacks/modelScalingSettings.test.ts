import { describe, expect, it } from "vitest";
import { AUTOSCALER_RANGES } from "../../components/aksWithGpuPool/autoscaler.ts";
import { hasKeda } from "../../stacks/settings/keda.ts";
import { replicasOf } from "../../stacks/settings/replicas.ts";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const PHI = { model: "phi-4-mini-instruct" };
const BASE = { location: "eastus", monitoring: { enabled: true } };

function problemsOf(input: object): string[] {
  try {
    parseSettings({ ...BASE, ...input }, "dev");
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map((each) => each.replaceAll("\n", " |"));
    throw error;
  }
  return [];
}

const scaled = (autoscaling: object, model: object = PHI) => ({
  cluster: { gpuPool: { maxCount: 200 } },
  models: { phi: { ...model, autoscaling } },
});

describe("the settings of scaling models", () => {
  it("ask for the most replicas only", () => {
    const { models, cluster } = parseSettings({ ...BASE, ...scaled({ maxReplicas: 3 }) }, "dev");
    expect(models["phi"]?.autoscaling).toEqual({
      minReplicas: 1,
      maxReplicas: 3,
      waitingRequests: 5,
      scaler: "keda",
    });
    expect(cluster.keda).toEqual({});
  });

  it.each<[string, object, string, RegExp]>([
    ["no replica at least", scaled({ minReplicas: 0, maxReplicas: 2 }), "autoscaling.minReplicas", /1/],
    ["too many replicas", scaled({ maxReplicas: 101 }), "autoscaling.maxReplicas", /100/],
    [
      "more at least than at most",
      scaled({ minReplicas: 3, maxReplicas: 2 }),
      "autoscaling.minReplicas",
      /2/,
    ],
    [
      "a set of replicas besides",
      scaled({ maxReplicas: 2 }, { ...PHI, inferenceSet: { replicas: 2 } }),
      "inferenceSet",
      /nothing beside autoscaling/,
    ],
    [
      "a server of one's own",
      scaled({ maxReplicas: 2 }, { template: { spec: {} } }),
      "template",
      /nothing with autoscaling/,
    ],
    [
      "another server than vLLM",
      scaled({ maxReplicas: 2 }, { ...PHI, runtime: "transformers" }),
      "runtime",
      /"vllm" with autoscaling/,
    ],
    [
      "a pace that KAITO's scaler doesn't know",
      scaled({ maxReplicas: 2, scaler: "kaito-scaler", scaleUp: {} }),
      "autoscaling.scaleUp",
      /nothing with the scaler "kaito-scaler"/,
    ],
    [
      "a load that KAITO's scaler doesn't know",
      scaled({ maxReplicas: 2, scaler: "kaito-scaler", runningRequests: 4 }),
      "autoscaling.runningRequests",
      /nothing with the scaler/,
    ],
    [
      "replicas that KAITO's scaler doesn't keep",
      scaled({ minReplicas: 2, maxReplicas: 2, scaler: "kaito-scaler" }),
      "autoscaling.minReplicas",
      /1 with the scaler/,
    ],
  ])("refuse %s", (_, input, key, message) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`mcpaas:models.phi.${key}`);
    expect(problems[0]).toMatch(message);
  });

  it("want a node for each replica that there may be, jobs and other models included", () => {
    const models = { phi: { ...PHI, autoscaling: { maxReplicas: 3 } }, other: PHI };
    expect(problemsOf({ cluster: { gpuPool: { maxCount: 4 } }, models })).toEqual([]);
    const [problem] = problemsOf({ cluster: { gpuPool: { maxCount: 3 } }, models });
    expect(problem).toMatch(
      /mcpaas:cluster\.gpuPool\.maxCount.* at least 4, because each pod of models\.phi/,
    );
  });

  it("are for KAITO of this stack only", () => {
    const model = { ...PHI, vmSize: "Standard_NC24ads_A100_v4", autoscaling: { maxReplicas: 2 } };
    const settings = {
      kaito: { mode: "addon" },
      cluster: { gpuPool: { enabled: false } },
      models: { phi: model },
    };
    expect(problemsOf(settings).join()).toMatch(/models\.phi\.autoscaling.*nothing with kaito\.mode "addon"/);
  });
});

describe("KEDA", () => {
  it("mustn't be off while a model scales with it", () => {
    const settings = scaled({ maxReplicas: 2 });
    const cluster = { ...settings.cluster, keda: { enabled: false } };
    expect(problemsOf({ ...settings, cluster }).join()).toMatch(
      /cluster\.keda\.enabled.* true or nothing, because of models\.phi\.autoscaling\.scaler/,
    );
    const custom = scaled({ maxReplicas: 2, scaler: "custom-metrics" });
    expect(problemsOf({ ...custom, cluster })).toEqual([]);
  });

  it("has nothing to ask without metrics", () => {
    const monitoring = { enabled: true, metrics: { enabled: false } };
    expect(
      problemsOf({ ...scaled({ maxReplicas: 2 }), monitoring, alerts: { enabled: false } }).join(),
    ).toMatch(/models\.phi\.autoscaling\.scaler.* nothing .*monitoring\.metrics/);
  });

  it.each<[object, boolean]>([
    [{}, false],
    [scaled({ maxReplicas: 2 }), true],
    [scaled({ maxReplicas: 2, scaler: "kaito-scaler" }), true],
    [scaled({ maxReplicas: 2, scaler: "custom-metrics" }), false],
    [{ cluster: { keda: { enabled: true } } }, true],
  ])("with %j: %s", (settings, there) => {
    expect(hasKeda(parseSettings({ ...BASE, ...settings }, "dev"))).toBe(there);
  });
});

describe("the settings of nodes", () => {
  it.each(Object.entries(AUTOSCALER_RANGES))("take for %s what the cluster takes", (key, [min, max]) => {
    const autoscaler = (value: number) => problemsOf({ cluster: { autoscaler: { [key]: value } } });
    expect([autoscaler(min), autoscaler(max)]).toEqual([[], []]);
    expect(autoscaler(max + 1).join()).toContain(`mcpaas:cluster.autoscaler.${key}`);
    expect(autoscaler(min - 1)).toHaveLength(1);
  });

  it.each<[object, string, RegExp]>([
    [{ fallback: {} }, "spot", /true, because fallback takes over/],
    [{ spot: true, fallback: { minCount: 2 } }, "fallback.minCount", /at most maxCount, which is 1/],
    [{ spot: true, fallback: { maxCount: 0 } }, "fallback.maxCount", /1/],
  ])("refuse the GPU pool %j", (gpuPool, key, message) => {
    const problems = problemsOf({ cluster: { gpuPool } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`mcpaas:cluster.gpuPool.${key}`);
    expect(problems[0]).toMatch(message);
    expect(problemsOf({ cluster: { moreGpuPools: { large: gpuPool } } }).join()).toContain(
      `mcpaas:cluster.moreGpuPools.large.${key}`,
    );
  });
});

describe("replicasOf", () => {
  it.each([
    [{}, { least: 1, most: 1 }],
    [{ inferenceSet: { replicas: 0 } }, { least: 0, most: 0 }],
    [{ autoscaling: { minReplicas: 2, maxReplicas: 5 } }, { least: 2, most: 5 }],
  ])("of %j is %j", (model, replicas) => {
    expect(replicasOf(model)).toEqual(replicas);
  });
});
