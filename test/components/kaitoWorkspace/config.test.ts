import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { findModel } from "../../../components/kaito/models.ts";
import { inferenceConfigData, type KaitoInferenceConfig } from "../../../components/kaitoWorkspace/config.ts";

const files = (config: KaitoInferenceConfig) =>
  Object.fromEntries(
    Object.entries(inferenceConfigData(config)).map(([file, text]) => [file, parse(text) as unknown]),
  );

describe("inferenceConfigData", () => {
  it("gives each field the name that KAITO's server reads", () => {
    expect(
      files({
        maxModelLength: 16384,
        gpuMemoryUtilization: 0.95,
        tensorParallelSize: 2,
        cpuOffloadGiB: 0,
        kvCacheCpuMemoryUtilization: 0,
        maxProbeSteps: 6,
        chatTemplate: "/workspace/chat_templates/a.jinja",
        vllm: { "max-num-seqs": 64, kv_cache_dtype: "fp8" },
      }),
    ).toEqual({
      "inference_config.yaml": {
        max_probe_steps: 6,
        kv_cache_cpu_memory_utilization: 0,
        vllm: {
          "max-model-len": 16384,
          "gpu-memory-utilization": 0.95,
          "tensor-parallel-size": 2,
          "cpu-offload-gb": 0,
          "chat-template": "/workspace/chat_templates/a.jinja",
          "max-num-seqs": 64,
          kv_cache_dtype: "fp8",
        },
      },
    });
  });

  it("writes max-model-len where KAITO's controller looks for it, as a line of its own below vllm", () => {
    const text = inferenceConfigData({ maxModelLength: 4096, vllm: { "swap-space": 4 } })[
      "inference_config.yaml"
    ];
    expect(text).toMatch(/^vllm:\n(?: {2}.*\n)*? {2}max-model-len: 4096\n/m);
  });

  it("leaves what has no plain value to vLLM's own file, because KAITO passes every value on as a word", () => {
    expect(
      files({ toolCallParser: "phi4_mini_json", vllm: { "enable-prefix-caching": false, a: ["b"] } }),
    ).toEqual({
      "inference_config.yaml": {
        vllm: { "tool-call-parser": "phi4_mini_json", config: "/mnt/config/vllm.yaml" },
      },
      "vllm.yaml": { "enable-auto-tool-choice": true, "enable-prefix-caching": false, a: ["b"] },
    });
  });

  it("has every value of `vllm` as text, number or truth, which is all that KAITO's webhook can read", () => {
    const { vllm } = files({ vllm: { "override-generation-config": { temperature: 0 } } })[
      "inference_config.yaml"
    ] as {
      vllm: object;
    };
    expect(Object.values(vllm).filter((value) => typeof value === "object")).toEqual([]);
  });

  it("takes no longer context than the model has", () => {
    const phi = findModel("phi-4");
    expect(() => inferenceConfigData({ maxModelLength: 16384 }, phi)).not.toThrow();
    expect(() => inferenceConfigData({ maxModelLength: 16385 }, phi)).toThrow(
      "config.maxModelLength: 16385 is more than phi-4 can take; it must be 16384 at most",
    );
    expect(() => inferenceConfigData({ maxModelLength: 1_000_000 })).not.toThrow();
  });

  it.each<[KaitoInferenceConfig, string]>([
    [{ maxModelLength: 0 }, "config.maxModelLength: 0 is not allowed"],
    [{ gpuMemoryUtilization: 0 }, "config.gpuMemoryUtilization: 0 is not allowed; it must be above 0"],
    [{ gpuMemoryUtilization: 1.01 }, "config.gpuMemoryUtilization: 1.01 is not allowed"],
    [{ kvCacheCpuMemoryUtilization: -0.1 }, "config.kvCacheCpuMemoryUtilization: -0.1 is not allowed"],
    [{ tensorParallelSize: 1.5 }, "config.tensorParallelSize: 1.5 is not allowed"],
    [{ cpuOffloadGiB: -1 }, "config.cpuOffloadGiB: -1 is not allowed"],
    [
      { vllm: { "--max-num-seqs": 1 } },
      "config.vllm.--max-num-seqs: is no argument of vLLM; write it without --",
    ],
    [
      { vllm: { "max-model-len": 1 } },
      "config.vllm.max-model-len: has a field of its own: config.maxModelLength",
    ],
    [
      { vllm: { max_model_len: 1 } },
      "config.vllm.max_model_len: has a field of its own: config.maxModelLength",
    ],
    [
      { vllm: { "served-model-name": "x" } },
      "config.vllm.served-model-name: is KAITO's, and clients are told it",
    ],
    [{ vllm: { port: 80 } }, "config.vllm.port: is KAITO's"],
    [{ vllm: { "api-key": "x" } }, "config.vllm.api-key: would be a secret in a ConfigMap"],
  ])("refuses %j", (config, message) => {
    expect(() => inferenceConfigData(config)).toThrow(message);
  });
});
