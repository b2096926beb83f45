import { controllers, deploymentsOf } from "../controllers.ts";
import { type Cause, describe, type Step } from "../finding.ts";
import { objectKind, objectOf, titleOf } from "../subject.ts";
import { RESOURCES } from "./roles.ts";

/** KAITO's own steps take seconds; nodes that it made take minutes. */
const PATIENCE_SECONDS = 120;

/** It is being deleted, and whoever must let it go doesn't. */
export const finalizerStuck: Cause = {
  id: "finalizer-stuck",
  ofDeletion: true,
  roles: RESOURCES,
  judge(cluster, subject) {
    const object = objectOf(subject);
    const { deletionTimestamp, finalizers = [], name, namespace } = object?.metadata ?? {};
    const age = cluster.age(deletionTimestamp);
    if (object === undefined || age === undefined) return undefined;
    const claims = cluster
      .seen("nodeclaims")
      .filter(({ metadata }) => metadata.labels?.["kaito.sh/workspace"] === name);
    const gone = subject.controller !== undefined && deploymentsOf(cluster, subject.controller)?.length === 0;
    const stuck = age > PATIENCE_SECONDS;
    const chart = controllers[subject.controller ?? "kaito"].chart;
    const byHand: Step = {
      text: "Only if the controller is gone for good: take its webhook away, which would refuse the change, and the finalizer",
      command:
        `kubectl delete validatingwebhookconfiguration -l app.kubernetes.io/name=${chart}; ` +
        `kubectl -n ${namespace} patch ${objectKind(subject)} ${name} --type=merge -p '{"metadata":{"finalizers":null}}'`,
    };
    return {
      summary: stuck
        ? `It has been being deleted for ${cluster.since(deletionTimestamp)}, and is held by ${finalizers.length > 0 ? `the finalizer ${finalizers.join(", ")}` : "nothing that it shows"}.`
        : `It is being deleted, since ${cluster.since(deletionTimestamp)}.`,
      likelihood: stuck ? 0.95 : 0.9,
      evidence: [
        { object: titleOf(subject), field: "metadata.deletionTimestamp", value: deletionTimestamp ?? "" },
        { object: titleOf(subject), field: "metadata.finalizers", value: finalizers.join(", ") || "none" },
        ...claims.map(({ metadata }) => ({
          object: `nodeclaim ${metadata.name}`,
          value: metadata.deletionTimestamp ? "is being deleted too" : "is still there",
        })),
      ],
      next: [
        {
          text: gone ? "Bring the controller back: it takes the finalizer away itself" : "See what holds it",
          command: gone ? "pulumi up --refresh" : describe(objectKind(subject), object),
        },
        ...(gone && finalizers.length > 0 ? [byHand] : []),
      ],
    };
  },
};

/** Nothing can be made in a namespace that is being deleted. */
export const namespaceTerminating: Cause = {
  id: "namespace-terminating",
  ofDeletion: true,
  roles: RESOURCES,
  judge(cluster, { namespace }) {
    const found = cluster.find("namespaces", undefined, namespace);
    if (!found || (found.status?.phase !== "Terminating" && !found.metadata.deletionTimestamp))
      return undefined;
    const held = (found.status?.conditions ?? []).filter(
      ({ type, status }) =>
        /^Namespace(FinalizersRemaining|ContentRemaining|DeletionContentFailure)$/.test(type) &&
        status === "True",
    );
    return {
      summary: `Its namespace ${namespace} is being deleted, and nothing new can be made in it.`,
      likelihood: 0.9,
      evidence: [
        { object: `namespace ${namespace}`, field: "status.phase", value: "Terminating" },
        ...held.map(({ type, message = "" }) => ({
          object: `namespace ${namespace}`,
          field: `condition ${type}`,
          value: message,
        })),
      ],
      next: [{ text: "See what holds it", command: describe("namespace", found) }],
    };
  },
};
