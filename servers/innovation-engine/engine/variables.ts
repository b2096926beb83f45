import { DocumentError } from "../document/reader.ts";

// `ie` writes a value into the commands as it is, without quotes where the document exports the variable, so
// whatever means something to a shell would be a way to execute anything.
const safeValue = /^(?!-)[A-Za-z0-9_.,:@%+=/-]*$/;
const safeName = /^[A-Za-z_][A-Za-z0-9_]*$/;

// Variables that decide which programs run, or how the shell or a run works. No document's business to declare.
const reserved =
  /^(PATH|HOME|TMPDIR|PWD|OLDPWD|SHELL|SHELLOPTS|IFS|ENV|CDPATH|PS\d|PROMPT_COMMAND|TERM|LANG|LC_.*|BASH.*|LD_.*|DYLD_.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|GIT_.*|IE_.*|INNOVATION_ENGINE_.*)$/;

/** What may be set in a document. */
export interface VariableRules {
  /** Names that the document declares. */
  declared: readonly string[];
  /** Names that the settings allow besides. */
  allowed: readonly string[];
  /** The commands of each block. @default [] */
  commands?: readonly string[];
}

/**
 * Whether `ie` would not put a value where the old one stands. It replaces the first place of an export where the
 * old value's text is found: in front of all for `export X=`, and in "export" for `export X=port`. What it takes
 * for the value after `export X=` may also be the next line. Any of them would make a command of the value.
 * Sources: internal/engine/common/scenario.go and internal/patterns/regex.go at a602e83.
 */
function misplaced(commands: string, name: string): boolean {
  const exported = new RegExp(
    `(export ${name}[\\t\\n\\f\\r ]*=[\\t\\n\\f\\r ]*)([^\\n]*?)(?:;|&&|\\n|$)`,
    "g",
  );
  return [...commands.matchAll(exported)].some(
    ([, before = "", old = ""]) =>
      before.includes("\n") || old === "" || (before + old).indexOf(old) < before.length,
  );
}

/** Throws a `DocumentError` that names every variable which may not be set, or not to that value. */
export function checkVariables(
  variables: Record<string, string>,
  { declared, allowed, commands = [] }: VariableRules,
): void {
  const known = new Set([...declared, ...allowed]);
  const problems = Object.entries(variables).flatMap(([name, value]) => {
    if (!safeName.test(name)) return [`${JSON.stringify(name)} is not a variable's name`];
    if (reserved.test(name)) return [`${name} is reserved`];
    if (!known.has(name)) {
      const may = [...known].filter((one) => !reserved.test(one)).join(", ") || "none";
      return [
        `${name} is not a variable of this document, and ALLOWED_VARIABLES doesn't list it (may be set: ${may})`,
      ];
    }
    if (!safeValue.test(value)) {
      return [`${name} may only have letters, digits and _ . , : @ % + = / -, and begin with no -`];
    }
    if (commands.some((text) => misplaced(text, name))) {
      return [
        `${name} can't be set in this document: ie would put the value elsewhere; write export ${name}="" there`,
      ];
    }
    return [];
  });
  if (problems.length > 0) throw new DocumentError(`variables: ${problems.join("; ")}`);
}
