import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const PHI = { model: "phi-4-mini-instruct" };
const JOB = {
  preset: "phi-4-mini-instruct",
  input: { urls: ["https://example.com/dolly.parquet"] },
  output: { repository: "adapters/dolly" },
};
const SECRETS = (key: string): boolean => key === "huggingFaceToken";

/** What is wrong with settings: the key and what is allowed instead. */
function problemsOf(input: object, isSecret = SECRETS): string[] {
  try {
    parseSettings({ location: "eastus", ...input }, "dev", isSecret);
  } catch (error) {
    if (error instanceof SettingsError)
      return error.problems.map((problem) => problem.replaceAll("\n", " |"));
    throw error;
  }
  return [];
}

describe("the settings of models", () => {
  it("ask for a name only", () => {
    expect(parseSettings({ location: "eastus", models: { phi: PHI } }, "dev").models["phi"]).toMatchObject({
      pool: "gpu",
      runtime: "vllm",
      benchmark: false,
      fitCheck: true,
      adapters: [],
    });
  });

  it.each<[string, object, string, RegExp]>([
    [
      "an unknown preset",
      { models: { phi: { model: "phi-4-mini-instrut" } } },
      "mcpaas:models.phi.model",
      /the nearest are "phi-4-mini-instruct"/,
    ],
    [
      "model and template",
      { models: { phi: { ...PHI, template: { spec: {} } } } },
      "mcpaas:models.phi.template",
      /either model or template, and not both/,
    ],
    ["neither of them", { models: { phi: {} } }, "mcpaas:models.phi.model", /either model or template/],
    [
      "a pool without a node",
      { models: { phi: PHI }, cluster: { gpuPool: { minCount: 0 } } },
      "mcpaas:cluster.gpuPool.minCount",
      /found {4}0 .*at least 1, because KAITO refuses models.phi as long as the pool has no node/,
    ],
    [
      "more models than nodes",
      { models: { phi: PHI, mistral: { model: "mistral-7b-instruct" } } },
      "mcpaas:cluster.gpuPool.maxCount",
      /at least 2, because each pod of models.phi, models.mistral takes a node/,
    ],
    [
      "a model and its tuning on one node",
      { models: { phi: PHI }, tuningJobs: { dolly: JOB } },
      "mcpaas:cluster.gpuPool.maxCount",
      /at least 2, because each pod of models.phi, tuningJobs.dolly/,
    ],
    [
      "a pool that isn't there",
      { models: { phi: { ...PHI, pool: "large" } } },
      "mcpaas:models.phi.pool",
      /one of the GPU pools: gpu/,
    ],
    [
      "no pool at all",
      { models: { phi: PHI }, cluster: { gpuPool: { enabled: false } } },
      "mcpaas:models.phi.pool",
      /nothing, because there are no GPU pools/,
    ],
    [
      "a T4",
      { cluster: { gpuPool: { vmSize: "Standard_NC4as_T4_v3" } } },
      "mcpaas:cluster.gpuPool.vmSize",
      /such as Standard_NV36ads_A10_v5; this one has T4 GPUs of CUDA compute capability 7.5/,
    ],
    [
      "a T4 in a pool of its own",
      { cluster: { moreGpuPools: { small: { vmSize: "Standard_NC4as_T4_v3" } } } },
      "mcpaas:cluster.moreGpuPools.small.vmSize",
      /T4/,
    ],
    [
      "a pool of a name that is taken",
      { cluster: { moreGpuPools: { user: {} } } },
      "mcpaas:cluster.moreGpuPools.user",
      /found {4}the name "user" .*and not system, user, gpu/,
    ],
    [
      "a VM size for a model on a pool",
      { models: { phi: { ...PHI, vmSize: "Standard_NC24ads_A100_v4" } } },
      "mcpaas:models.phi.vmSize",
      /nothing with kaito.mode "byo"/,
    ],
    [
      "no VM size for a node that AKS makes",
      { kaito: { mode: "addon" }, models: { phi: PHI } },
      "mcpaas:models.phi.vmSize",
      /a VM size, because with kaito.mode "addon" AKS makes the nodes/,
    ],
    [
      "a GPU pool beside the add-on",
      { kaito: { mode: "addon" } },
      "mcpaas:cluster.gpuPool.enabled",
      /false, because with kaito.mode "addon" AKS makes a pool for each model/,
    ],
    [
      "an InferenceSet on the add-on",
      { kaito: { mode: "addon" }, models: { phi: { ...PHI, inferenceSet: {} } } },
      "mcpaas:models.phi.inferenceSet",
      /too old for it/,
    ],
    [
      "a gated model without a token",
      { models: { llama: { model: "llama-3.1-8b-instruct" } } },
      "mcpaas:models.llama.model",
      /pulumi config set --secret mcpaas:huggingFaceToken/,
    ],
    [
      "one namespace for two things",
      { modelNamespace: "mcp" },
      "mcpaas:modelNamespace",
      /another namespace than mcpNamespace/,
    ],
    [
      "a second device plugin beside the GPU operator's",
      { cluster: { gpuPool: { driver: "None" } } },
      "mcpaas:kaito.devicePlugin",
      /"none", because the pool gpu has the driver "None"/,
    ],
    [
      "a disk too small for the weights",
      { models: { phi: PHI }, cluster: { gpuPool: { osDiskSizeGiB: 60 } } },
      "mcpaas:cluster.gpuPool.osDiskSizeGiB",
      /at least 88: 8 GiB of weights and 80 GiB beside them/,
    ],
    [
      "two adapters of one name",
      {
        models: { phi: { ...PHI, adapters: [{ tuningJob: "dolly" }, { tuningJob: "dolly" }] } },
        tuningJobs: { dolly: JOB },
      },
      "mcpaas:models.phi.adapters[1].name",
      /another name than adapters\[0\] has: "dolly"/,
    ],
    [
      "a strength that vLLM doesn't know",
      {
        models: { phi: { ...PHI, adapters: [{ tuningJob: "dolly", strength: 0.5 }] } },
        tuningJobs: { dolly: JOB },
      },
      "mcpaas:models.phi.adapters[0].strength",
      /nothing with the runtime "vllm"/,
    ],
    [
      "a job's name that no adapter can have",
      { tuningJobs: { "a-tuning-job-with-a-name-that-is-too-long": JOB } },
      "mcpaas:tuningJobs.a-tuning-job-with-a-name-that-is-too-long",
      /1 to 31/,
    ],
    [
      "a RAG engine on the add-on",
      { kaito: { mode: "addon" }, ragEngines: { docs: {} } },
      "mcpaas:ragEngines.docs",
      /the add-on has no RAG engines/,
    ],
    [
      "a model without KAITO",
      { kaito: { mode: "off" }, models: { phi: PHI } },
      "mcpaas:models.phi",
      /nothing while kaito.mode is "off"/,
    ],
    [
      "one name for two things",
      { models: { phi: PHI }, ragEngines: { phi: {} } },
      "mcpaas:ragEngines.phi",
      /another name, because models.phi has it/,
    ],
    [
      "an adapter of no job",
      { models: { phi: { ...PHI, adapters: [{ tuningJob: "doly" }] } } },
      "mcpaas:models.phi.adapters[0].tuningJob",
      /there are no tuningJobs/,
    ],
    [
      "an adapter from nowhere",
      { models: { phi: { ...PHI, adapters: [{ name: "a" }] } } },
      "mcpaas:models.phi.adapters[0]",
      /either tuningJob or image/,
    ],
    [
      "an engine for a model that isn't there",
      { models: { phi: PHI }, ragEngines: { docs: { inference: { model: "pi" } } } },
      "mcpaas:ragEngines.docs.inference.model",
      /one of the models: phi/,
    ],
    [
      "a tuning without output",
      { tuningJobs: { dolly: { ...JOB, output: undefined } } },
      "mcpaas:tuningJobs.dolly.output",
      /found {4}nothing .*example {2}\{"repository":"adapters\/dolly"\}/,
    ],
    [
      "a tuning with an output of nothing",
      { tuningJobs: { dolly: { ...JOB, output: {} } } },
      "mcpaas:tuningJobs.dolly.output",
      /either repository or claim: where the adapter goes/,
    ],
    [
      "a tuning with two inputs",
      { tuningJobs: { dolly: { ...JOB, input: { ...JOB.input, claim: "data" } } } },
      "mcpaas:tuningJobs.dolly.input",
      /exactly one of urls, image and claim/,
    ],
    [
      "the tag latest",
      { tuningJobs: { dolly: { ...JOB, output: { repository: "a", tag: "latest" } } } },
      "mcpaas:tuningJobs.dolly.output.tag",
      /but not latest/,
    ],
  ])("refuse %s", (_, input, key, what) => {
    const found = problemsOf(input).find((problem) => problem.startsWith(`${key} |`));
    expect(found ?? problemsOf(input)).toMatch(what);
  });

  it("let a model have its own pool, and an idle set no node", () => {
    const models = {
      phi: PHI,
      mistral: { model: "mistral-7b-instruct", pool: "own" },
      idle: { ...PHI, inferenceSet: { replicas: 0 } },
    };
    expect(problemsOf({ models, cluster: { moreGpuPools: { own: {} } } })).toEqual([]);
    const idle = { idle: models.idle };
    expect(problemsOf({ models: idle, cluster: { gpuPool: { minCount: 0 } } })).toEqual([]);
  });

  it("take a token as a secret only, and never show it", () => {
    const token = { huggingFaceToken: "hf_private" };
    expect(problemsOf(token)).toEqual([]);
    const problems = problemsOf(token, () => false);
    expect(problems).toEqual([expect.stringMatching(/pulumi config set --secret mcpaas:huggingFaceToken/)]);
    expect(problems.join()).not.toContain("hf_private");
    expect(problemsOf({ huggingFaceToken: "hf private" }).join()).not.toContain("private");
  });
});
