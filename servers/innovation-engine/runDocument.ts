import type { DocumentChoice } from "./document/prepare.ts";
import { DocumentError } from "./document/reader.ts";
import type { Report } from "./reports.ts";
import type { Call } from "./tool.ts";

/** What both tools that execute take. */
export interface RunInput extends DocumentChoice {
  variables: Record<string, string>;
  timeoutSeconds?: number;
}

/** Runs a document as the settings allow. */
export async function runDocument(tool: Report["tool"], input: RunInput, call: Call): Promise<Report> {
  const { name, content, variables, timeoutSeconds } = input;
  if (content !== undefined && !call.config.allowInline) {
    throw new DocumentError(
      "only documents of the catalogue may be executed (ALLOW_INLINE is false); give name",
    );
  }
  const prepared = await call.prepare({ name, content });
  const { signal, progress: onProgress } = call;
  return call.runner.run(prepared, { tool, variables, timeoutSeconds, signal, onProgress });
}
