import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Change, type Summary, summaryOf } from "../../../cli/previewComment/summary.ts";

/** What the real engine streamed, by the name of the recording; record.ts makes them. */
export function recording(name: string): string {
  return readFileSync(join(import.meta.dirname, "recordings", `${name}.jsonl`), "utf8");
}

/** The summary of a recording. */
export function recorded(name: string, stack = "dev"): Summary {
  return summaryOf(stack, recording(name), name);
}

/** A change of a resource, for summaries made by hand. */
export function change(changes: Partial<Change> = {}): Change {
  const { type = "kubernetes:core/v1:ConfigMap", name = "it", kind = "create" } = changes;
  const urn = `urn:pulumi:dev::mcpaas::${type}::${name}`;
  return { kind, op: kind, type, name, urn, properties: [], because: [], ...changes };
}

/** A summary made by hand. */
export function summary(changes: Partial<Summary> = {}): Summary {
  return {
    stack: "dev",
    ok: true,
    same: 0,
    changes: [],
    policies: { packs: { "mcpaas|local|policies": "0.1.0" }, violations: [] },
    vmSizes: [],
    errors: [],
    warnings: [],
    ...changes,
  };
}

/** One line of a stream of events. */
export function event(content: object): string {
  return JSON.stringify({ sequence: 1, timestamp: 0, ...content });
}

/** Messages with a secret in them, "hunter2", each with what it is. */
export const leaks = [
  ["a password in an address", "https://user:hunter2-hunter2@db.invalid/x"],
  ["a header", "Authorization: Bearer hunter2hunter2"],
  ["a connection string", "AccountKey=hunter2hunter2==;"],
  ["a signature", "https://x.invalid/b?sv=1&sig=hunter2%2Bhunter2"],
] as const;
