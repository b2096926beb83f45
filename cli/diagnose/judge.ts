import { causes } from "./causes/index.ts";
import type { Cluster } from "./cluster.ts";
import { type Cause, describe, type Finding, ofCondition } from "./finding.ts";
import { objectKind, objectOf, type Subject, titleOf } from "./subject.ts";

/** A cause that applies, with those that follow from it. */
export interface Judgement extends Finding {
  cause: string;
  /** What it brings about, and what therefore needs no looking after. */
  consequences: { cause: string; summary: string }[];
}

interface Judged {
  cause: Cause;
  finding: Finding;
}

/** Why a subject isn't ready, most likely first. Never empty. */
export function whyNotReady(cluster: Cluster, subject: Subject): Judgement[] {
  const judged = judge(cluster, subject, causes);
  return judged.length > 0 ? arranged(judged) : [unexplained(subject)];
}

/** What spoils the use of a subject that is ready. */
export function warningsOf(cluster: Cluster, subject: Subject): Judgement[] {
  return arranged(
    judge(
      cluster,
      subject,
      causes.filter(({ warns }) => warns),
    ),
  );
}

function judge(cluster: Cluster, subject: Subject, which: readonly Cause[]): Judged[] {
  const leaving = objectOf(subject)?.metadata.deletionTimestamp !== undefined;
  return which
    .filter(({ roles, ofDeletion }) => roles.includes(subject.role) && (ofDeletion || !leaving))
    .flatMap((cause) => {
      const finding = cause.judge(cluster, subject);
      return finding ? [{ cause, finding }] : [];
    })
    .sort((a, b) => b.finding.likelihood - a.finding.likelihood);
}

/**
 * Puts what follows from another cause below it. The most likely one that explains it takes it, unless that is so
 * much less likely itself that it can't be the reason.
 */
function arranged(judged: readonly Judged[]): Judgement[] {
  const parents = new Map<Judged, Judged>();
  for (const each of judged) {
    const parent = judged.find(
      (other) =>
        other !== each &&
        other.cause.explains?.includes(each.cause.id) &&
        other.finding.likelihood >= each.finding.likelihood - 0.3 &&
        rootOf(parents, other) !== each,
    );
    if (parent) parents.set(each, parent);
  }
  return judged
    .filter((each) => !parents.has(each))
    .map((each) => ({
      cause: each.cause.id,
      ...each.finding,
      next: each.finding.next.filter(({ text, command }) => text || command),
      consequences: judged
        .filter((other) => other !== each && !other.cause.lastResort && rootOf(parents, other) === each)
        .map(({ cause, finding }) => ({ cause: cause.id, summary: finding.summary })),
    }));
}

function rootOf(parents: ReadonlyMap<Judged, Judged>, judged: Judged): Judged {
  let root = judged;
  for (let parent = parents.get(root); parent; parent = parents.get(root)) root = parent;
  return root;
}

function unexplained(subject: Subject): Judgement {
  const object = objectOf(subject) ?? subject.workload?.object;
  const open = subject.conditions.filter(({ status }) => status !== "True");
  return {
    cause: "unexplained",
    summary: "Nothing that was read explains it.",
    likelihood: 0.1,
    evidence: open.slice(0, 4).map((condition) => ofCondition(titleOf(subject), condition)),
    next: [
      ...(object && subject.kind !== "component"
        ? [{ text: "See all of it", command: describe(objectKind(subject), object) }]
        : []),
      ...(subject.namespace
        ? [
            {
              text: "See what happened last",
              command: `kubectl -n ${subject.namespace} get events --sort-by=.lastTimestamp`,
            },
          ]
        : []),
    ],
    consequences: [],
  };
}
