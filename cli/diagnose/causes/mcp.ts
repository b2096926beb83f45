import { deploymentsOf, flagOf } from "../controllers.ts";
import { type Cause, counted, describe, ofCondition, ref } from "../finding.ts";
import { mcpPlace } from "../mcpPlace.ts";
import { settingOf } from "../settings.ts";
import { conditionOf, objectOf, titleOf } from "../subject.ts";

/** KMCP refuses the spec. Source: validateMCPServer in pkg/controller/mcpserver_controller.go of KMCP 0.3.0. */
export const mcpInvalid: Cause = {
  id: "mcp-invalid",
  roles: ["mcp"],
  explains: ["reconcile-error", "not-reconciled", "old-pods"],
  judge(_cluster, subject) {
    const accepted = conditionOf(subject, "Accepted");
    const object = objectOf(subject);
    if (accepted?.status !== "False" || object === undefined) return undefined;
    return {
      summary: `KMCP doesn't accept it: ${accepted.message}.`,
      likelihood: 0.98,
      evidence: [ofCondition(titleOf(subject), accepted)],
      next: [
        { text: `Correct the setting ${settingOf(subject)}`, command: "pulumi up" },
        { text: "", command: describe("mcpserver", object) },
      ],
    };
  },
};

/** The pods are those from before the last change: KMCP calls them ready whichever version they have. */
export const oldPods: Cause = {
  id: "old-pods",
  roles: ["mcp"],
  judge(_cluster, subject) {
    const deployment = subject.workload?.object;
    if (!deployment) return undefined;
    const wanted = deployment.spec?.replicas ?? 1;
    const { observedGeneration = 0, updatedReplicas = 0 } = deployment.status ?? {};
    const generation = deployment.metadata.generation ?? 0;
    const unseen = observedGeneration < generation;
    if (wanted === 0 || (!unseen && updatedReplicas >= wanted)) return undefined;
    return {
      summary: "The pods that answer are those from before the last change; the new ones don't come up.",
      likelihood: conditionOf(subject, "Ready")?.status === "True" ? 0.8 : 0.5,
      evidence: [
        {
          object: ref("deployment", deployment),
          field: unseen ? "status.observedGeneration" : "status.updatedReplicas",
          value: unseen
            ? `${observedGeneration}, and it is at ${generation}`
            : `${updatedReplicas} of ${wanted}`,
        },
      ],
      next: [
        {
          text: "See how far the new ones are",
          command: `kubectl -n ${subject.namespace} rollout status deployment/${deployment.metadata.name}`,
        },
      ],
    };
  },
};

/** KMCP was told to look at some namespaces, and this isn't one. */
export const namespaceNotWatched: Cause = {
  id: "namespace-not-watched",
  roles: ["mcp"],
  explains: ["not-reconciled"],
  judge(cluster, { namespace, conditions }) {
    const [deployment] = deploymentsOf(cluster, "kmcp") ?? [];
    const watched = flagOf(deployment, "watch-namespaces")?.split(",");
    if (!deployment || !watched || watched.includes(namespace)) return undefined;
    return {
      summary: `The KMCP controller doesn't look at the namespace ${namespace}.`,
      likelihood: conditions.length === 0 ? 0.97 : 0.8,
      evidence: [
        {
          object: ref("deployment", deployment),
          field: "args",
          value: `--watch-namespaces=${watched.join(",")} (${counted(watched.length, "namespace")})`,
        },
      ],
      next: [
        {
          text: `Add ${namespace} to the setting mcpaas:kmcp.watchNamespaces`,
          command: "pulumi up",
        },
      ],
    };
  },
};

/** Its pods are ready, and a client that asks it gets no answer of MCP. */
export const mcpEndpoint: Cause = {
  id: "mcp-endpoint",
  roles: ["mcp"],
  judge(cluster, subject) {
    const { state, message = "" } = cluster.mcpAnswer(subject) ?? {};
    if (state !== "wrong") return undefined;
    const { service, port, path } = mcpPlace(cluster, subject);
    return {
      summary: `Its endpoint doesn't answer as an MCP server. ${message}.`,
      likelihood: 0.9,
      evidence: [{ object: titleOf(subject), field: "initialize, asked in its pod", value: message }],
      next: [
        {
          text: "Ask it yourself, in two terminals",
          command: `kubectl -n ${subject.namespace} port-forward service/${service} ${port}:${port}`,
        },
        { text: "", command: `npm run mcp -- http://localhost:${port}${path}` },
        { text: `Correct the settings ${settingOf(subject)}.port and .path`, command: "pulumi up" },
      ],
    };
  },
};
