import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** What the server is told, as far as anything of it shows here. */
export interface ModelOptions {
  /** Names under which the model is asked for, the first one first. */
  names: string[];
  /** Tokens of the context, prompt and answer together. */
  maxModelLength: number;
  /** Whether the model may call tools whenever it wants: with a parser, and switched on. */
  callsTools: boolean;
  hasToolParser: boolean;
}

/** How long a context is that nobody has limited. vLLM would find out how much fits the GPUs. */
const DEFAULT_LENGTH = 131_072;

/**
 * Reads the pod's command as KAITO's server does: flags, then the `vllm` section of its configuration file, each as
 * a further flag, then vLLM's own file, which doesn't override flags.
 * Sources: presets/workspace/inference/vllm/inference_api.py of KAITO v0.11.0; vLLM's FlexibleArgumentParser.
 *
 * @param words the container's command and arguments; `sh -c` has all of them in one word.
 * @param path where a file of the pod is on this machine.
 * @throws {Error} when a file that is named can't be read: the server wouldn't start either.
 */
export function readOptions(words: readonly string[], path: (inPod: string) => string): ModelOptions {
  const flags = flagsOf(words.join(" ").split(/\s+/));
  const file = flags.get("kaito-config-file");
  if (file) {
    const { vllm = {} } = (parse(readFileSync(path(file), "utf8")) ?? {}) as { vllm?: object };
    for (const [name, value] of Object.entries(vllm)) flags.set(dashed(name), String(value));
  }
  const own = flags.get("config");
  if (own) {
    const entries = (parse(readFileSync(path(own), "utf8")) ?? {}) as object;
    for (const [name, value] of Object.entries(entries)) {
      if (!flags.has(dashed(name))) flags.set(dashed(name), String(value));
    }
  }
  const length = Number(flags.get("max-model-len"));
  const hasToolParser = flags.has("tool-call-parser");
  return {
    names: [flags.get("served-model-name") ?? flags.get("model") ?? "model"],
    maxModelLength: length > 0 ? length : DEFAULT_LENGTH,
    hasToolParser,
    callsTools: hasToolParser && flags.get("enable-auto-tool-choice") === "true",
  };
}

/** Flags by their names: `--name=value`, `--name value`, and `--name` alone, which is true. */
function flagsOf(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  words.forEach((word, i) => {
    const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    const next = words[i + 1];
    if (name) flags.set(dashed(name), value ?? (next === undefined || next.startsWith("-") ? "true" : next));
  });
  return flags;
}

/** vLLM takes both spellings. */
function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
