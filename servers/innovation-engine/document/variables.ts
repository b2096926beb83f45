import { parse } from "ini";
import type { Block } from "./blocks.ts";
import type { Part } from "./markdown.ts";

/** A variable that a document declares. */
export interface Variable {
  name: string;
  /** As it is written, quotes included. */
  value: string;
  /** "comment": in a hidden `variables` block; "ini": in the file beside it; "export": in a block's commands. */
  from: "comment" | "ini" | "export";
}

const comment = /<!--.*?```variables(.*?)```/s;

/** Declared in HTML comments, for the reader to overlook. */
export function commentVariables(parts: readonly Part[]): Variable[] {
  const found: Variable[] = [];
  for (const part of parts) {
    if (part.kind !== "html") continue;
    for (const line of comment.exec(part.text)?.[1]?.split("\n") ?? []) {
      const equals = line.indexOf("=");
      if (!line.startsWith("export") || equals === -1) continue;
      const name = line.slice(0, equals).replace(/^export /, "");
      found.push({ name, value: line.slice(equals + 1), from: "comment" });
    }
  }
  return found;
}

/** Declared in the `.ini` file of the same name beside the document; sections don't count. */
export function iniVariables(text: string): Variable[] {
  const flat = (table: Record<string, unknown>): Variable[] =>
    Object.entries(table).flatMap(([name, value]) =>
      typeof value === "object" && value !== null
        ? flat(value as Record<string, unknown>)
        : [{ name, value: String(value), from: "ini" as const }],
    );
  return flat(parse(text));
}

/** Exported by the commands, where `--var` replaces the value in the text. */
export function exportedVariables(blocks: readonly Block[]): Variable[] {
  return blocks.flatMap(({ content }) =>
    [...content.matchAll(/export ([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)(?:;|&&|$)/gm)].map(
      ([, name = "", value = ""]) => ({ name, value: value.trim(), from: "export" as const }),
    ),
  );
}

/** One entry a name: what the reader is told last wins, as it does in `ie`. */
export function distinct(variables: readonly Variable[]): Variable[] {
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}
