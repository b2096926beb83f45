import { Cluster } from "./cluster.ts";
import { componentSubject } from "./components.ts";
import { type ControllerId, controllerIds, controllers } from "./controllers.ts";
import { type Judgement, warningsOf, whyNotReady } from "./judge.ts";
import { type KindKey, kindKeys, kinds } from "./kinds.ts";
import { readinessOf, type State } from "./readiness.ts";
import type { Snapshot } from "./snapshot.ts";
import { emptySubject, type Subject, type SubjectKind } from "./subject.ts";
import { subjectsOf } from "./subjects.ts";
import type { Target } from "./target.ts";

/** What is said of one subject. */
export interface SubjectReport {
  kind: SubjectKind;
  /** What a Workspace is for, or what a component is. */
  role: Subject["role"];
  namespace: string;
  name: string;
  state: State;
  /** How it is, in a line. */
  line: string;
  /** Why it isn't ready, most likely first; empty when it is. */
  causes: Judgement[];
  /** What spoils the use of one that is ready. */
  warnings: Judgement[];
}

/** Something that couldn't be read, so that nothing is concluded from it. */
export interface Unread {
  what: string;
  /** Whether the user may not read it; otherwise something went wrong. */
  forbidden: boolean;
  why: string;
}

/** The answer of the command. */
export interface Report {
  server: string;
  context?: string;
  /** When the cluster was read, by its own clock. */
  takenAt: string;
  /** Whether nothing that was looked at is "not ready". */
  ready: boolean;
  subjects: SubjectReport[];
  unread: Unread[];
}

export interface Scope {
  target?: Target;
  /** @default - all */
  namespace?: string;
}

/** Judges a snapshot. */
export function reportOf(snapshot: Snapshot, { target, namespace }: Scope): Report {
  const cluster = new Cluster(snapshot);
  const all = subjectsOf(cluster, namespace);
  const subjects = target === undefined ? orMissing(cluster, all) : targeted(cluster, all, target, namespace);
  const reports = subjects.map((subject) => judged(cluster, subject));
  return {
    server: snapshot.server,
    context: snapshot.context,
    takenAt: snapshot.takenAt,
    ready: reports.every(({ state }) => state !== "not ready"),
    subjects: reports,
    unread: unreadOf(snapshot, subjects, namespace),
  };
}

function judged(cluster: Cluster, subject: Subject): SubjectReport {
  const { state, line } = readinessOf(cluster, subject);
  return {
    kind: subject.kind,
    role: subject.role,
    namespace: subject.namespace,
    name: subject.name,
    state,
    line,
    causes: state === "not ready" ? whyNotReady(cluster, subject) : [],
    warnings: state === "ready" ? warningsOf(cluster, subject) : [],
  };
}

/** A cluster without any part of the platform is not a ready platform, as far as it can be seen. */
function orMissing(cluster: Cluster, subjects: Subject[]): Subject[] {
  const absent = controllerIds.filter((id) => cluster.isAbsent(controllers[id].kinds[0] as KindKey));
  return subjects.length === 0 && absent.length === controllerIds.length
    ? (["kaito", "kmcp"] as const).map((id) => componentSubject(cluster, id))
    : subjects;
}

const CONTROLLER_OF: Partial<Record<SubjectKind, ControllerId>> = {
  workspace: "kaito",
  inferenceset: "kaito",
  ragengine: "kaito-rag",
  mcpserver: "kmcp",
};
const ROLE_OF = { workspace: "inference", inferenceset: "set", ragengine: "rag", mcpserver: "mcp" } as const;

function targeted(cluster: Cluster, all: Subject[], { kind, name }: Target, namespace = ""): Subject[] {
  const found = all.filter((each) => each.kind === kind && each.name === name);
  if (found.length > 0) return found;
  const id = controllerIds.find((each) => each === name);
  if (kind === "component") {
    return id
      ? [componentSubject(cluster, id)]
      : [
          {
            ...emptySubject(kind, "gpu-nodes", name, ""),
            exists: true,
            nodes: cluster.list("nodes")?.slice(0, 0),
          },
        ];
  }
  return [{ ...emptySubject(kind, ROLE_OF[kind], name, namespace), controller: CONTROLLER_OF[kind] }];
}

function unreadOf(snapshot: Snapshot, subjects: readonly Subject[], namespace?: string): Unread[] {
  const lists = kindKeys.flatMap((kind) => {
    const { state, namespaces = [], message = "" } = snapshot.lists[kind];
    if (state === "read" || state === "absent") return [];
    // Who asked about a namespace, and was allowed to read it, isn't missing the others.
    if (state === "partial" && namespace !== undefined && namespaces.includes(namespace)) return [];
    const what = kinds[kind].group === "" ? kind : `${kind}.${kinds[kind].group}`;
    return [
      {
        what: state === "partial" ? `${what} outside of ${namespaces.join(", ")}` : what,
        forbidden: state === "partial" || state === "forbidden",
        why: message || state,
      },
    ];
  });
  const named = new Set(subjects.flatMap((each) => (each.role === "controller" ? [] : each.namespace)));
  const secrets = Object.entries(snapshot.secrets).flatMap(([key, { state, message = "" }]) =>
    state === "unknown" && named.has(key.split("/")[0] ?? "")
      ? [{ what: `secret ${key}`, forbidden: /forbidden/.test(message), why: message }]
      : [],
  );
  const logs = snapshot.logs.flatMap(({ namespace, pod, container, message = "" }) =>
    message === ""
      ? []
      : [
          {
            what: `log of ${container} in pod ${namespace}/${pod}`,
            forbidden: /forbidden/.test(message),
            why: message,
          },
        ],
  );
  const endpoints = Object.entries(snapshot.mcpAnswers ?? {}).flatMap(([key, answer]) => {
    const { state, forbidden = false, message = "" } = answer;
    return state === "unknown" ? [{ what: `endpoint of mcpserver ${key}`, forbidden, why: message }] : [];
  });
  return [...lists, ...secrets, ...logs, ...endpoints];
}
