import { controllerLogs } from "../controllers.ts";
import { type Cause, describe, type Evidence, ofCondition } from "../finding.ts";
import { conditionOf, objectOf, titleOf } from "../subject.ts";
import { said } from "./reconcile.ts";

/** One of its Workspaces isn't ready, which has reasons of its own. */
export const replicaNotReady: Cause = {
  id: "replica-not-ready",
  roles: ["set"],
  judge(_cluster, subject) {
    const bad = subject.replicas.filter((each) => conditionOf(each, "WorkspaceSucceeded")?.status !== "True");
    const [first] = bad;
    if (first === undefined) return undefined;
    return {
      summary: `${bad.length} of its ${subject.replicas.length} Workspaces ${bad.length === 1 ? "isn't" : "aren't"} ready; see why there.`,
      likelihood: 0.9,
      evidence: bad.slice(0, 3).map((each) => {
        const condition = conditionOf(each, "WorkspaceSucceeded");
        return condition
          ? ofCondition(titleOf(each), condition)
          : { object: titleOf(each), value: "no condition yet" };
      }),
      next: [
        {
          text: "See why",
          command: `npm run diagnose -- workspace/${first.name} -n ${first.namespace}`,
        },
      ],
    };
  },
};

/** KAITO wants another Workspace, and the API server doesn't take it. KAITO tells nobody but its log. */
export const replicaRefused: Cause = {
  id: "replica-refused",
  roles: ["set"],
  explains: ["not-reconciled"],
  judge(cluster, subject) {
    const wanted = subject.set?.spec?.replicas ?? 1;
    const object = objectOf(subject);
    const known = cluster.list("workspaces", subject.namespace) !== undefined;
    if (object === undefined || !known || subject.replicas.length >= wanted) return undefined;
    const age = cluster.age(object.metadata.creationTimestamp) ?? 0;
    const log: Evidence[] = said(cluster, subject);
    if (age < 30 && log.length === 0) return undefined;
    return {
      summary: `KAITO has made ${subject.replicas.length} of its ${wanted} Workspaces: its webhook refuses another, or it can't make one.`,
      likelihood: log.some(({ value = "" }) => /denied|webhook/.test(value)) ? 0.9 : 0.7,
      evidence: [
        {
          object: titleOf(subject),
          field: "spec.replicas",
          value: `${wanted}, and ${subject.replicas.length} Workspaces`,
        },
        ...log,
      ],
      next: [
        {
          text: "The reason stands in the controller's log and nowhere else",
          command: `${controllerLogs(cluster, "kaito", 500)} | grep ${subject.name}`,
        },
        { text: "", command: describe("inferenceset", object) },
      ],
    };
  },
};
