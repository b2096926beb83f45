import type { Cluster } from "../cluster.ts";
import { componentSubject } from "../components.ts";
import { controllerLogs, controllers } from "../controllers.ts";
import { type Cause, capital, describe, type Evidence, type Finding } from "../finding.ts";
import { ofLog } from "../podState.ts";
import { objectKind, objectOf, type Subject, titleOf } from "../subject.ts";
import { RESOURCES } from "./roles.ts";

/** How long a controller may take to look at an object. They do it within a second, unless they start. */
const PATIENCE_SECONDS = 60;

/** The controller is there and hasn't said anything about the object as it is now. */
export const notReconciled: Cause = {
  id: "not-reconciled",
  roles: RESOURCES,
  judge(cluster, subject) {
    const object = objectOf(subject);
    const { controller, conditions } = subject;
    if (object === undefined || controller === undefined) return undefined;
    const { generation = 0, creationTimestamp } = object.metadata;
    const age = cluster.age(creationTimestamp) ?? 0;
    const observed = Math.max(
      object.status?.observedGeneration ?? 0,
      ...conditions.map(({ observedGeneration = 0 }) => observedGeneration),
    );
    const untold = conditions.length === 0;
    if (age < PATIENCE_SECONDS || (!untold && (observed === 0 || observed >= generation))) return undefined;
    return {
      summary: untold
        ? `${capital(controllers[controller].title)} has said nothing about it since it was made, ${cluster.since(creationTimestamp)} ago.`
        : `${capital(controllers[controller].title)} hasn't looked at its last change yet.`,
      likelihood: 0.7,
      evidence: [
        {
          object: titleOf(subject),
          field: untold ? "status.conditions" : "status.observedGeneration",
          value: untold ? "none" : `${observed}, and the object is at generation ${generation}`,
        },
        ...said(cluster, subject),
      ],
      next: [
        {
          text: "See what the controller says",
          command: `${controllerLogs(cluster, controller, 200)} | grep ${subject.name}`,
        },
      ],
    };
  },
};

/** KAITO appends the error of its last attempt to each condition. Source: buildReconcileErrMessageAppender. */
const RECONCILE_ERROR = /\(last reconcile error: ([\s\S]+)\)\s*$/;

/** The error that KAITO or KMCP had when they last tried. */
export function lastError(subject: Subject): { type: string; error: string } | undefined {
  for (const { type, status, reason = "", message = "" } of subject.conditions) {
    const error = message.match(RECONCILE_ERROR)?.[1];
    if (error !== undefined) return { type, error };
    // RAG engines and InferenceSets have the error itself; a condition of a success before stays as it is.
    if (status === "False" && /^(rag[eE]ngine|inferenceset|RAGEngineServiceStatus)Failed$/.test(reason)) {
      return { type, error: message };
    }
    if (status === "False" && type === "Programmed" && message !== "Configuration validation failed") {
      return { type, error: message };
    }
  }
  return undefined;
}

/** The last attempt failed, for a reason that no other cause knows. */
export const reconcileError: Cause = {
  id: "reconcile-error",
  roles: RESOURCES,
  judge(_cluster, subject): Finding | undefined {
    const last = lastError(subject);
    const object = objectOf(subject);
    if (last === undefined || object === undefined) return undefined;
    // KAITO counts 0 nodes as enough when it couldn't find out how many it needs.
    const uncounted = subject.role === "inference" && !subject.workspace?.status?.targetNodeCount;
    return {
      summary: `The controller's last attempt failed: ${last.error}`,
      likelihood: 0.6,
      evidence: [
        { object: titleOf(subject), field: `condition ${last.type}`, value: last.error },
        ...(uncounted
          ? [
              {
                object: titleOf(subject),
                field: "status.targetNodeCount",
                value: "0: KAITO couldn't tell how many nodes it needs, whatever NodesReady says",
              },
            ]
          : []),
      ],
      next: [{ text: "See the object", command: describe(objectKind(subject), object) }],
    };
  },
};

/** The last errors in the controller's log that name the object. */
export function said(cluster: Cluster, { controller, name }: Subject): Evidence[] {
  if (controller === undefined) return [];
  const { pods } = componentSubject(cluster, controller);
  return pods
    .flatMap((pod) => cluster.logs(pod))
    .flatMap(({ lines, ...log }) =>
      lines
        .filter(
          (line) =>
            new RegExp(`["/ ]${name}(-[a-z0-9]+)?["\\s,]`).test(line) && /err(or)?\b|denied|fail/i.test(line),
        )
        .slice(-2)
        .map((line) => ofLog({ ...log, line: line.trim().slice(0, 400) })),
    )
    .slice(-2);
}
