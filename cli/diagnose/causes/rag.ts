import { type Cause, ofCondition, ref } from "../finding.ts";
import { conditionOf, titleOf } from "../subject.ts";

/** A Service of the cluster, by its name in DNS. */
const IN_CLUSTER = /^https?:\/\/([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?(?::\d+)?(?:\/|$)/;

/** It is ready without the model that it asks, and can't answer. */
export const ragModelMissing: Cause = {
  id: "rag-model-missing",
  roles: ["rag"],
  warns: true,
  judge(cluster, subject) {
    const url = subject.rag?.spec?.inferenceService?.url;
    const [, name, namespace] = url?.match(IN_CLUSTER) ?? [];
    if (url === undefined || name === undefined || namespace === undefined) return undefined;
    const service = cluster.find("services", namespace, name);
    const model = cluster.find("workspaces", namespace, name);
    const condition = model?.status?.conditions?.find(({ type }) => type === "WorkspaceSucceeded");
    const modelDown = model && condition?.status !== "True";
    if (service !== null && !modelDown) return undefined;
    return {
      summary:
        service === null
          ? `The model that it asks isn't there: no Service ${namespace}/${name}.`
          : `The model that it asks, ${namespace}/${name}, isn't ready.`,
      likelihood: 0.3,
      evidence: [
        { object: titleOf(subject), field: "spec.inferenceService.url", value: url },
        ...(model && condition ? [ofCondition(ref("workspace", model), condition)] : []),
      ],
      next: [
        model
          ? { text: "See why", command: `npm run diagnose -- workspace/${name} -n ${namespace}` }
          : { text: "See which there are", command: `kubectl -n ${namespace} get services` },
      ],
    };
  },
};

/** The condition that KAITO 0.11.0 sets when its RAG engine's Deployment doesn't progress; success has another name. */
export const ragStalled: Cause = {
  id: "rag-stalled",
  roles: ["rag"],
  judge(_cluster, subject) {
    const condition = conditionOf(subject, "RAGEngineServiceReady");
    if (condition?.status !== "False") return undefined;
    return {
      summary: "KAITO waits ten minutes for its Deployment at a time, and it didn't come up in them.",
      likelihood: 0.4,
      evidence: [ofCondition(titleOf(subject), condition)],
      next: [
        {
          text: "See how far it is",
          command: `kubectl -n ${subject.namespace} rollout status deployment/${subject.name}`,
        },
      ],
    };
  },
};
