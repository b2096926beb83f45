import type { Runbook } from "./rules/rule.ts";

/** Where the runbooks are in this project. */
export const RUNBOOK_FOLDER = "docs/runbooks";

/** The path of an alert's runbook in the project, with the heading's anchor as GitHub and GitLab make it. */
export function runbookPath(runbook: Runbook, alert: string): string {
  return `${RUNBOOK_FOLDER}/${runbook}.md#${alert.toLowerCase()}`;
}

/**
 * Where the runbook of an alert is read: below the address of the project's files, or without one its path in the
 * project, which whoever has the project can open.
 */
export function runbookUrl(runbook: Runbook, alert: string, base: string | undefined): string {
  const path = runbookPath(runbook, alert);
  return base === undefined ? path : `${base.replace(/\/+$/, "")}/${path}`;
}
