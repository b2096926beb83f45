import { type KindKey, type Kinds, kindKeys } from "../../../../cli/diagnose/kinds.ts";
import type { KubeObject } from "../../../../cli/diagnose/objects.ts";
import { type Report, reportOf, type SubjectReport } from "../../../../cli/diagnose/report.ts";
import { shaped } from "../../../../cli/diagnose/shapes.ts";
import type {
  Listing,
  LogTail,
  McpAnswer,
  SecretFacts,
  Snapshot,
} from "../../../../cli/diagnose/snapshot.ts";
import { parseTarget } from "../../../../cli/diagnose/target.ts";

/** When every snapshot of the tests is taken. */
export const NOW = "2026-11-23T12:00:00Z";

/** A time before that. */
export function ago(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

/** An object as the API serves it, with whatever fields. */
export type Served = KubeObject & Record<string, unknown>;

export interface Scene {
  /** What is in the cluster; a kind that isn't named is empty. */
  objects?: Partial<Record<KindKey, Served[]>>;
  /** How kinds were not, or not wholly, read. */
  states?: Partial<Record<KindKey, Partial<Listing<never>>>>;
  secrets?: Record<string, SecretFacts>;
  autoscalerStatus?: string | null;
  logs?: LogTail[];
  mcpAnswers?: Record<string, McpAnswer>;
  guardReasons?: Record<string, string>;
}

/** A snapshot of a cluster that has these objects, which go through what the collector keeps of them. */
export function snapshotOf({
  objects = {},
  states = {},
  secrets = {},
  autoscalerStatus,
  logs = [],
  mcpAnswers,
  guardReasons,
}: Scene): Snapshot {
  const lists = kindKeys.map((kind) => {
    const state = states[kind]?.state ?? "read";
    const items = ["read", "partial"].includes(state)
      ? (objects[kind] ?? []).map((each) => shaped(kind, each))
      : [];
    return [kind, { items, state, ...states[kind] } as Listing<Kinds[typeof kind]>] as const;
  });
  return {
    version: 1,
    takenAt: NOW,
    server: "https://aks.example:443",
    context: "dev",
    lists: Object.fromEntries(lists) as Record<KindKey, unknown> as Snapshot["lists"],
    secrets,
    autoscalerStatus,
    logs,
    mcpAnswers,
    guardReasons,
  };
}

/** The report about everything in a scene. */
export function report(scene: Scene): Report {
  return reportOf(snapshotOf(scene), {});
}

/** What is said of one subject. */
export function about(target: string, scene: Scene): SubjectReport {
  const [found] = reportOf(snapshotOf(scene), { target: parseTarget(target) }).subjects;
  if (found === undefined) throw new Error(`no report about ${target}`);
  return found;
}

/** The ids of the causes that stand on their own, most likely first. */
export function causesOf({ causes }: SubjectReport): string[] {
  return causes.map(({ cause }) => cause);
}

/** A cause that was found, wherever it stands on its own. */
export function cause(id: string, { causes }: SubjectReport) {
  const found = causes.find((each) => each.cause === id);
  if (found === undefined)
    throw new Error(`${id} is not among ${causes.map((each) => each.cause).join(", ")}`);
  return found;
}

/** All that a cause's evidence says, in one text. */
export function evidenceOf(id: string, subject: SubjectReport): string {
  return cause(id, subject)
    .evidence.map(({ object, field, value, count }) =>
      [object, field, value, count].filter(Boolean).join(" | "),
    )
    .join("\n");
}

/** The commands of a cause. */
export function commandsOf(id: string, subject: SubjectReport): string[] {
  return cause(id, subject).next.flatMap(({ command }) => command ?? []);
}

/** Several scenes in one. */
export function together(...scenes: Scene[]): Scene {
  const objects: Partial<Record<KindKey, Served[]>> = {};
  for (const scene of scenes) {
    for (const [kind, items] of Object.entries(scene.objects ?? {}) as [KindKey, Served[]][]) {
      objects[kind] = [...(objects[kind] ?? []), ...items];
    }
  }
  return {
    objects,
    states: Object.assign({}, ...scenes.map(({ states }) => states)),
    secrets: Object.assign({}, ...scenes.map(({ secrets }) => secrets)),
    autoscalerStatus: scenes.map((each) => each.autoscalerStatus).find((status) => status !== undefined),
    logs: scenes.flatMap(({ logs = [] }) => logs),
    mcpAnswers: Object.assign({}, ...scenes.map(({ mcpAnswers }) => mcpAnswers)),
    guardReasons: Object.assign({}, ...scenes.map(({ guardReasons }) => guardReasons)),
  };
}
