import type { Form } from "../forms.ts";

/** The tools that execute. Source: servers/innovation-engine/tools, those with `executes: true`. */
export const EXECUTING_TOOLS = ["execute_document", "test_document"] as const;

/**
 * A file of the catalogue: a document, or the `.ini` file with its variables. Source: keys of a ConfigMap.
 */
export const CATALOGUE_FILE: Form = {
  pattern: /^[A-Za-z0-9][-\w.]{0,248}\.(md|ini)$/,
  words: 'a name of letters, digits and -_. that ends with ".md" or ".ini"',
  example: "check-limits.md",
};

/** What decides how the server runs. */
export interface InnovationEngineSettings {
  transport?: "http" | "stdio";
  allowExecute?: boolean;
  allowInline?: boolean;
  allowedVariables?: readonly string[];
  runSeconds?: number;
  maxRuns?: number;
  catalogue?: unknown;
  catalogueConfigMap?: unknown;
}

/** A setting that can't be as it is, and what it must be instead. */
export interface InnovationEngineConflict {
  path: string[];
  rule: string;
}

/** What would have no effect, and what can't be a catalogue. */
export function innovationEngineConflicts(settings: InnovationEngineSettings): InnovationEngineConflict[] {
  const conflicts: InnovationEngineConflict[] = [];
  const { allowExecute = false, catalogue, catalogueConfigMap } = settings;
  const vain = (["allowInline", "allowedVariables", "runSeconds", "maxRuns"] as const).filter(
    (key) => settings[key] !== undefined,
  );
  if (!allowExecute && vain.length > 0) {
    conflicts.push({
      path: ["allowExecute"],
      rule: `true where there is ${vain.join(", ")}: else nothing runs`,
    });
  }
  if (catalogue !== undefined && catalogueConfigMap !== undefined) {
    conflicts.push({ path: ["catalogueConfigMap"], rule: "left out where there is a catalogue" });
  }
  const files = Object.keys(catalogue ?? {});
  for (const file of files) {
    if (!CATALOGUE_FILE.pattern.test(file))
      conflicts.push({ path: ["catalogue", file], rule: CATALOGUE_FILE.words });
  }
  if (catalogue !== undefined && !files.some((file) => file.endsWith(".md"))) {
    conflicts.push({
      path: ["catalogue"],
      rule: "documents by file name, with at least one that ends with .md",
    });
  }
  return conflicts;
}
