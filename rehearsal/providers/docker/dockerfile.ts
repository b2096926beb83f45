/** One instruction of a Dockerfile, with its flags apart. */
export interface Instruction {
  /** In capitals. */
  keyword: string;
  flags: Record<string, string>;
  /** What follows keyword and flags, on one line. */
  rest: string;
}

/**
 * The instructions of a Dockerfile: comments are gone, and lines that go on are one. The content of a here-document
 * is left out: it belongs to RUN, which nobody runs here.
 */
export function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  while (lines.length > 0) {
    let line = "";
    let more = true;
    while (more && lines.length > 0) {
      const next = lines.shift() as string;
      if (/^\s*#/.test(next) || (line !== "" && next.trim() === "")) {
        continue;
      }
      more = /\\\s*$/.test(next);
      line += next.replace(/\\\s*$/, " ");
    }
    const [, keyword = "", flags = "", rest = ""] = /^\s*(\w+)((?:\s+--\S+)*)\s*(.*?)\s*$/s.exec(line) ?? [];
    if (keyword === "") {
      continue;
    }
    const until = /<<-?["']?(\w+)["']?/.exec(rest)?.[1];
    while (until !== undefined && lines.length > 0 && lines.shift()?.trim() !== until) {}
    found.push({ keyword: keyword.toUpperCase(), flags: flagsOf(flags), rest });
  }
  return found;
}

function flagsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+)(?:=(\S*))?/g)].map(([, name = "", value = "true"]) => [name, value]),
  );
}

/** Puts variables in place of `$NAME`, `${NAME}`, `${NAME:-else}` and `${NAME:+instead}`; unknown ones are empty. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\\\$|\$(\w+)|\$\{(\w+)(?::([-+])([^}]*))?\}/g,
    (all, bare?: string, braced?: string, kind?: string, other = "") => {
      if (all === "\\$") {
        return "$";
      }
      const value = variables[bare ?? braced ?? ""] ?? "";
      if (kind === "+") {
        return value === "" ? "" : other;
      }
      return value === "" && kind === "-" ? other : value;
    },
  );
}

/** The words of an instruction: a JSON list, or words that blanks separate and quotes hold together. */
export function wordsOf(text: string): string[] {
  return (
    listOf(text) ??
    [...text.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"'])+/g)].map(([word]) =>
      word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
        (double ?? single ?? "").replace(/\\(["\\$])/g, "$1"),
      ),
    )
  );
}

/** A program and its arguments; without brackets a shell runs them. */
export function commandOf(text: string): string[] {
  return listOf(text) ?? ["/bin/sh", "-c", text];
}

function listOf(text: string): string[] | undefined {
  if (!text.startsWith("[")) {
    return undefined;
  }
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    return undefined;
  }
}
