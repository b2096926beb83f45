import type { Runbook } from "./rules/rule.ts";

/** Where the runbooks are in this project. */
export const RUNBOOK_FOLDER = "docs/runbooks";

/** What of an alert says where its runbook is. */
export interface Guided {
  readonly alert: string;
  readonly runbook: Runbook;
  /** The heading. @default - the alert's name */
  readonly topic?: string;
}

/** The path of an alert's runbook in the project, with the heading's anchor as GitHub and GitLab make it. */
export function runbookPath({ runbook, alert, topic = alert }: Guided): string {
  return `${RUNBOOK_FOLDER}/${runbook}.md#${topic.toLowerCase()}`;
}

/**
 * Where the runbook of an alert is read: below the address of the project's files, or without one its path in the
 * project, which whoever has the project can open.
 */
export function runbookUrl(alert: Guided, base: string | undefined): string {
  const path = runbookPath(alert);
  return base === undefined ? path : `${base.replace(/\/+$/, "")}/${path}`;
}
