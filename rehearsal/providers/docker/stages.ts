import { posix } from "node:path";
import type { BuildContext } from "./context.ts";
import { commandOf, expand, type Instruction, instructionsOf, wordsOf } from "./dockerfile.ts";
import { patternForm } from "./patterns.ts";

/** How a container of an image starts, in the image specification's own names. */
export interface ImageConfig {
  User?: string;
  WorkingDir?: string;
  Env?: string[];
  ExposedPorts?: Record<string, object>;
  Entrypoint?: string[];
  Cmd?: string[];
}

/** Files that one instruction adds: by their place in the image, where they are on this machine. */
export interface Layer {
  by: string;
  files: Map<string, string>;
}

/** What a Dockerfile says of an image without anything being run: no base image, and nothing that RUN makes. */
export interface Stage {
  /** The image that it begins with. */
  base: string;
  layers: Layer[];
  config: ImageConfig;
}

type Variables = Record<string, string>;

/**
 * Follows a Dockerfile up to the stage that is wanted, by default the last one.
 *
 * @throws {Error} when it copies from the context what isn't there, which Docker refuses too.
 */
export function followDockerfile(context: BuildContext, args: Variables, target?: string): Stage {
  const stages: { name: string; stage: Stage }[] = [];
  const find = (name: string) =>
    stages.find((one) => one.name === name)?.stage ??
    (/^\d+$/.test(name) ? stages[Number(name)]?.stage : undefined);
  const global: Variables = {};
  let variables: Variables = {};
  for (const instruction of instructionsOf(context.dockerfile)) {
    const stage = stages.at(-1)?.stage;
    if (instruction.keyword === "FROM") {
      if (target !== undefined && stages.at(-1)?.name === target.toLowerCase()) {
        break;
      }
      const [image = "", , name = ""] = wordsOf(expand(instruction.rest, global));
      const parent = find(image.toLowerCase());
      stages.push({ name: name.toLowerCase(), stage: parent ? structuredClone(parent) : emptyStage(image) });
      variables = variablesOf(stages.at(-1)?.stage.config.Env);
    } else if (instruction.keyword === "ARG") {
      declare(instruction, stage ? variables : global, args, stage ? global : {});
    } else if (stage) {
      apply(instruction, stage, variables, { context, find });
    }
  }
  const last = stages.at(-1);
  if (!last || (target !== undefined && last.name !== target.toLowerCase())) {
    throw new Error(
      last ? `target stage "${target}" could not be found` : "the Dockerfile has no build stage in it",
    );
  }
  return last.stage;
}

const emptyStage = (base: string): Stage => ({ base, layers: [], config: {} });

function variablesOf(env: readonly string[] = []): Variables {
  return Object.fromEntries(
    env.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
  );
}

/** An argument has the value that the build gives it, else its default, else what it has before the first FROM. */
function declare({ rest }: Instruction, variables: Variables, args: Variables, global: Variables): void {
  for (const word of wordsOf(rest)) {
    const [name = "", ...value] = word.split("=");
    const fallback = value.length > 0 ? expand(value.join("="), variables) : global[name];
    const found = args[name] ?? fallback;
    // What ENV says goes before it.
    if (found !== undefined && !(name in variables)) {
      variables[name] = found;
    }
  }
}

function apply(
  { keyword, flags, rest }: Instruction,
  stage: Stage,
  variables: Variables,
  from: { context: BuildContext; find: (name: string) => Stage | undefined },
): void {
  const { config } = stage;
  const text = expand(rest, variables);
  switch (keyword) {
    case "USER":
      config.User = text;
      break;
    case "WORKDIR":
      config.WorkingDir = posix.resolve(config.WorkingDir ?? "/", text);
      break;
    case "ENV":
      for (const [name, value] of pairsOf(text)) {
        variables[name] = value;
        config.Env = [...(config.Env ?? []).filter((one) => !one.startsWith(`${name}=`)), `${name}=${value}`];
      }
      break;
    case "EXPOSE":
      for (const port of wordsOf(text)) {
        config.ExposedPorts = { ...config.ExposedPorts, [port.includes("/") ? port : `${port}/tcp`]: {} };
      }
      break;
    case "ENTRYPOINT":
      config.Entrypoint = commandOf(rest);
      // Docker forgets a command that was meant for another program.
      delete config.Cmd;
      break;
    case "CMD":
      config.Cmd = commandOf(rest);
      break;
    case "COPY":
    case "ADD":
      copy(text, stage, flags["from"] === undefined ? from.context : from.find(flags["from"].toLowerCase()));
      break;
  }
}

/** `NAME=value ...`, or the older `NAME value`. */
function pairsOf(text: string): [string, string][] {
  if (!/^\w+=/.test(text)) {
    const [, name = "", value = ""] = /^(\w+)\s+(.*)$/s.exec(text) ?? [];
    return [[name, value]];
  }
  return wordsOf(text).map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]);
}

/** @param from the context, another stage, or nothing for an image that isn't here. */
function copy(text: string, stage: Stage, from: BuildContext | Stage | undefined): void {
  const words = wordsOf(text).filter((word) => !/^https?:\/\//.test(word));
  const destination = words.pop();
  if (destination === undefined || words.length === 0 || from === undefined) {
    return;
  }
  const isContext = "files" in from;
  const known = isContext ? from.files : new Map(from.layers.flatMap(({ files }) => [...files]));
  const files = new Map<string, string>();
  const root = posix.resolve(stage.config.WorkingDir ?? "/", destination);
  for (const word of words) {
    const source = posix.normalize(word).replace(/^\/+|\/+$/g, "");
    const form = patternForm(source);
    const folderEnds = /[/.]$/.test(destination) || words.length > 1 || root === stage.config.WorkingDir;
    let found = false;
    for (const [path, file] of known) {
      const own = path.replace(/^\//, "");
      const above = source === "." ? "" : prefixesOf(own).find((one) => form.test(one));
      if (above !== undefined) {
        found = true;
        // A folder's content is copied, and not the folder; a file keeps its name where the destination is one.
        const below = above === own ? (folderEnds ? posix.basename(own) : "") : own.slice(above.length);
        files.set(posix.join(root, below), file);
      }
    }
    if (!found && isContext) {
      throw new Error(
        `COPY ${text}: "/${source}" is not in the build context, or .dockerignore leaves it out`,
      );
    }
  }
  if (files.size > 0) {
    stage.layers.push({ by: `COPY ${text}`, files });
  }
}

/** A path's folders, from the outermost on, and the path itself. */
function prefixesOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
