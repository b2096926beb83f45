import { describe, expect, test } from "vitest";
import { ended, modelPod, platform, workspace } from "../support/objects.ts";
import {
  about,
  cause,
  causesOf,
  commandsOf,
  evidenceOf,
  type Scene,
  together,
} from "../support/snapshots.ts";

const GATED = "meta-llama/llama-3.1-8b-instruct";
// What huggingface_hub says to one who isn't let in.
const DENIED =
  "OSError: You are trying to access a gated repo. Make sure to have access to it at https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct.";

const asked = (secret: string | undefined, more: Scene = {}, preset = GATED): Scene =>
  together(platform, { objects: { workspaces: [workspace("phi", { preset, secret })] } }, more);
const crash: Scene = {
  objects: { pods: [modelPod({ nodeName: "aks-gpu-0", phase: "Running", containers: [ended("phi", 1)] })] },
  logs: [
    {
      namespace: "models",
      pod: "phi-0",
      container: "phi",
      previous: true,
      lines: ["Traceback", DENIED, "Engine died"],
    },
  ],
};

describe("gated model", () => {
  test("without a Secret", () => {
    const subject = about("workspace/phi", asked(undefined));
    expect(cause("gated-model", subject).summary).toContain("names no Secret with one");
  });

  test("whose Secret isn't there", () => {
    const subject = about("workspace/phi", asked("hf", { secrets: { "models/hf": { state: "missing" } } }));
    expect(cause("gated-model", subject).summary).toContain("The Secret hf with the access token");
    expect(commandsOf("gated-model", subject)).toEqual([
      "pulumi config set --secret mcpaas:huggingFaceToken && pulumi up",
      "kubectl -n models create secret generic hf --from-literal=HF_TOKEN=<token>",
    ]);
  });

  test("whose Secret lacks the key", () => {
    const secrets = { "models/hf": { state: "there" as const, type: "Opaque", keys: ["TOKEN"] } };
    const subject = about("workspace/phi", asked("hf", { secrets }));
    expect(evidenceOf("gated-model", subject)).toContain("secret models/hf | keys | TOKEN");
    expect(commandsOf("gated-model", subject)[1]).toContain("patch secret hf");
  });

  test("whose token isn't let in, which explains the crash", () => {
    const secrets = { "models/hf": { state: "there" as const, keys: ["HF_TOKEN"] } };
    const subject = about("workspace/phi", asked("hf", together(crash, { secrets })));
    expect(causesOf(subject)).toEqual(["gated-model"]);
    expect(evidenceOf("gated-model", subject)).toContain(
      "log of phi before its last start | OSError: You are trying to access a gated repo",
    );
    expect(cause("gated-model", subject).consequences).toMatchObject([{ cause: "crash-loop" }]);
  });

  test("whose Secret can't be seen, or is all right, isn't accused", () => {
    expect(causesOf(about("workspace/phi", asked("hf")))).not.toContain("gated-model");
    const secrets = { "models/hf": { state: "there" as const, keys: ["HF_TOKEN"] } };
    expect(causesOf(about("workspace/phi", asked("hf", { secrets })))).not.toContain("gated-model");
  });
});

test("a public model needs no token", () => {
  expect(causesOf(about("workspace/phi", asked(undefined, {}, "phi-4-mini-instruct")))).not.toContain(
    "gated-model",
  );
  const missing = asked("hf", { secrets: { "models/hf": { state: "missing" } } }, "phi-4-mini-instruct");
  expect(cause("gated-model", about("workspace/phi", missing)).likelihood).toBe(0.4);
});
