import type { Cluster } from "../cluster.ts";
import { componentSubject } from "../components.ts";
import { controllers, deploymentsOf } from "../controllers.ts";
import { type Cause, capital, describe, type Evidence, ofEvent, ref } from "../finding.ts";
import { type KindKey, kinds } from "../kinds.ts";
import { failed, logLine, ofLog, unscheduled, waiting } from "../podState.ts";
import { objectOf, type Subject } from "../subject.ts";
import { RESOURCES } from "./roles.ts";

const OF_SUBJECT: Partial<Record<Subject["kind"], KindKey>> = {
  workspace: "workspaces",
  inferenceset: "inferencesets",
  ragengine: "ragengines",
  mcpserver: "mcpservers",
};

/** The API doesn't know the kind. */
export const crdMissing: Cause = {
  id: "crd-missing",
  ofDeletion: true,
  roles: [...RESOURCES, "controller"],
  explains: ["controller-missing", "controller-down", "not-there"],
  judge(cluster, { kind, controller }) {
    if (controller === undefined) return undefined;
    const key = OF_SUBJECT[kind] ?? controllers[controller].kinds[0];
    if (key === undefined || !cluster.isAbsent(key)) return undefined;
    const { group, version } = kinds[key];
    const name = `${key}.${group}`;
    return {
      summary: `The cluster doesn't know ${key}: their CRD is missing, so ${controllers[controller].title} is not installed, or its CRD was deleted and every ${kinds[key].singular} with it.`,
      likelihood: 0.99,
      evidence: [{ object: `API ${group}/${version}`, field: key, value: "404, the kind is not served" }],
      next: [
        { text: "See whether the CRD is there", command: `kubectl get crd ${name}` },
        { text: "Install it again; refresh shows Pulumi what is gone", command: "pulumi up --refresh" },
      ],
    };
  },
};

/** The kind is known, and nothing acts on it. */
export const controllerMissing: Cause = {
  id: "controller-missing",
  ofDeletion: true,
  roles: [...RESOURCES, "controller"],
  explains: ["not-reconciled", "webhook-unavailable", "not-there"],
  judge(cluster, subject) {
    const { controller, role } = subject;
    if (controller === undefined || deploymentsOf(cluster, controller)?.length !== 0) return undefined;
    const { title, chart, namespace } = controllers[controller];
    return {
      summary:
        role === "controller"
          ? `${capital(title)} is not in the cluster.`
          : `Nothing acts on it: ${title} is not in the cluster.`,
      likelihood: role === "controller" || isStale(subject) ? 0.96 : subject.workload ? 0.5 : 0.8,
      evidence: [
        { object: "deployments", value: `none is of the chart ${chart} or has its image, in no namespace` },
      ],
      next: [
        { text: "See what is in its namespace", command: `kubectl -n ${namespace} get all` },
        { text: "Install it again", command: "pulumi up --refresh" },
      ],
    };
  },
};

/** The controller has no pod that is ready. */
export const controllerDown: Cause = {
  id: "controller-down",
  ofDeletion: true,
  roles: RESOURCES,
  explains: ["not-reconciled", "webhook-unavailable", "replica-refused"],
  judge(cluster, subject) {
    const { controller } = subject;
    if (controller === undefined) return undefined;
    const [deployment, ...others] = deploymentsOf(cluster, controller) ?? [];
    if (deployment === undefined || others.some(isUp) || isUp(deployment)) return undefined;
    const { title } = controllers[controller];
    const wanted = deployment.spec?.replicas ?? 1;
    return {
      summary:
        wanted === 0
          ? `Nothing acts on it: ${title} is scaled to 0.`
          : `Nothing acts on it: ${title} has no ready pod.`,
      // Its own part is done when the workload is there; what that does is up to others.
      likelihood: isStale(subject) ? 0.97 : subject.workload ? 0.4 : 0.75,
      evidence: [
        {
          object: ref("deployment", deployment),
          field: "status.readyReplicas",
          value: `${deployment.status?.readyReplicas ?? 0} of ${wanted}`,
        },
        ...whyDown(cluster, componentSubject(cluster, controller)),
      ],
      next: [
        wanted === 0
          ? {
              text: "Start it",
              command: `kubectl -n ${deployment.metadata.namespace} scale deployment ${deployment.metadata.name} --replicas=1`,
            }
          : { text: "See why", command: `npm run diagnose -- component/${controller}` },
        { text: "", command: describe("deployment", deployment) },
      ],
    };
  },
};

/** Two controllers for one kind undo what the other does. */
export const twoControllers: Cause = {
  id: "two-controllers",
  roles: ["controller"],
  warns: true,
  judge(cluster, { controller }) {
    const found = controller === undefined ? [] : (deploymentsOf(cluster, controller) ?? []);
    if (controller === undefined || found.length < 2) return undefined;
    return {
      summary: `${capital(controllers[controller].title)} is there ${found.length} times, and each undoes what the other does: AKS's add-on and the chart can't be used together.`,
      likelihood: 0.6,
      evidence: found.map((each) => ({
        object: ref("deployment", each),
        field: "image",
        value: each.spec?.template?.spec?.containers[0]?.image ?? "",
      })),
      next: [
        {
          text: "Remove one: the chart, or the add-on",
          command: "az aks update -g <group> -n <cluster> --disable-ai-toolchain-operator",
        },
      ],
    };
  },
};

function isUp({ status }: { status?: { readyReplicas?: number } }): boolean {
  return (status?.readyReplicas ?? 0) > 0;
}

/** Whether the controller hasn't said anything about the object as it is now, or has yet to let it go. */
function isStale(subject: Subject): boolean {
  const { generation = 0, deletionTimestamp } = objectOf(subject)?.metadata ?? {};
  return (
    deletionTimestamp !== undefined ||
    subject.conditions.every(({ observedGeneration = generation }) => observedGeneration < generation)
  );
}

function whyDown(cluster: Cluster, component: Subject): Evidence[] {
  const held = waiting(component, /./).map(({ pod, status }) => ({
    object: ref("pod", pod),
    field: `container ${status.name}`,
    value: [status.state?.waiting?.reason, status.state?.waiting?.message].filter(Boolean).join(": "),
  }));
  const ended = failed(component).map(({ pod, status, end }) => ({
    object: ref("pod", pod),
    field: `container ${status.name}`,
    value: `ended with exit code ${end.exitCode}${end.reason ? ` (${end.reason})` : ""}`,
    count: status.restartCount,
  }));
  const pending = unscheduled(component).map(({ pod, condition }) => ({
    object: ref("pod", pod),
    field: "condition PodScheduled=False",
    value: condition.message ?? "",
  }));
  const line = logLine(cluster, component, /error|fatal|panic|failed/i);
  const refused = cluster
    .seen("replicasets")
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ name }) => name === component.workload?.object.metadata.name),
    )
    .flatMap((each) => cluster.events("ReplicaSet", each).filter(({ reason }) => reason === "FailedCreate"))
    .map((event) => ofEvent(cluster, event));
  return [...held, ...ended, ...pending, ...refused, ...(line ? [ofLog(line)] : [])].slice(0, 4);
}
