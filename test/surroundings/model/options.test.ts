import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { readOptions } from "../../../rehearsal/servers/model/options.ts";

/** A pod's command as KAITO 0.11 writes it. */
const command = (more = "") => [
  "/bin/sh",
  "-c",
  `python3 /workspace/vllm/inference_api.py --served-model-name=phi-4-mini-instruct --max-model-len=auto --kaito-config-file=/mnt/config/inference_config.yaml --trust-remote-code --dtype=bfloat16${more}`,
];

async function files(contents: Record<string, object>) {
  const dir = await mkdtemp(join(tmpdir(), "model-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, content] of Object.entries(contents))
    await writeFile(join(dir, name), stringify(content));
  return (inPod: string) => inPod.replace("/mnt/config", dir);
}

test("the configuration file's entries count as flags, after those of the command", async () => {
  const place = await files({
    "inference_config.yaml": { vllm: { "max-model-len": 65536, "tool-call-parser": "phi4_mini_json" } },
  });
  expect(readOptions(command(), place)).toEqual({
    names: ["phi-4-mini-instruct"],
    maxModelLength: 65_536,
    hasToolParser: true,
    callsTools: false,
  });
});

test("vLLM's own file has what can't be a flag, and changes no flag", async () => {
  const place = await files({
    "inference_config.yaml": {
      vllm: { "tool-call-parser": "phi4_mini_json", max_model_len: 1024, config: "/mnt/config/vllm.yaml" },
    },
    "vllm.yaml": { "enable-auto-tool-choice": true, "max-model-len": 9 },
  });
  expect(readOptions(command(), place)).toMatchObject({ callsTools: true, maxModelLength: 1024 });
});

test("a parser alone lets a model call nothing of its own accord, and neither does the switch alone", async () => {
  const place = await files({ "inference_config.yaml": {} });
  expect(readOptions(command(" --enable-auto-tool-choice"), place).callsTools).toBe(false);
  expect(readOptions(command(" --tool-call-parser=hermes"), place).callsTools).toBe(false);
  const both = command(" --tool-call-parser hermes --enable-auto-tool-choice");
  expect(readOptions(both, place).callsTools).toBe(true);
});

test("a file that isn't there keeps the server from starting", () => {
  expect(() => readOptions(command(), () => "/nowhere/inference_config.yaml")).toThrow(/ENOENT/);
});
