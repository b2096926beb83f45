import { table } from "../table.ts";
import { visible } from "../visible.ts";
import type { Tested } from "./test.ts";

/** What the command has found. */
export interface Report {
  actionGroup: string;
  /** Whether every receiver confirmed. */
  ok: boolean;
  receivers: Tested[];
}

/** The report for programs. */
export function asJson(report: Report): string {
  return JSON.stringify(report, undefined, 2);
}

/** The report for people. */
export function asText({ actionGroup, receivers }: Report, width?: number): string {
  const rows = receivers.map(({ receiver, kind, confirmed, detail, advice }) => [
    visible(receiver),
    kind,
    confirmed ? "confirmed" : "FAILED",
    [detail, advice].filter(Boolean).join(". "),
  ]);
  const failed = receivers.filter(({ confirmed }) => !confirmed).length;
  const sum =
    failed === 0
      ? `All ${receivers.length} confirmed the test.`
      : `${failed} of ${receivers.length} didn't confirm the test.`;
  return [
    `Action group ${visible(actionGroup)}`,
    "",
    table(["RECEIVER", "KIND", "TEST", ""], rows, width),
    "",
    sum,
  ].join("\n");
}
