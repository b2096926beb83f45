import { deploymentPods, onNodes, owned, podsOf } from "./belongings.ts";
import type { Cluster } from "./cluster.ts";
import { components } from "./components.ts";
import { makesNodes } from "./controllers.ts";
import { gpusOf, hasLabels } from "./matching.ts";
import type { Workload } from "./objects.ts";
import type { InferenceSet, McpServer, RagEngine, Workspace } from "./resources.ts";
import { emptySubject, type Subject } from "./subject.ts";

/** Everything in a snapshot that should be ready, of one namespace or of all. */
export function subjectsOf(cluster: Cluster, namespace?: string): Subject[] {
  const mine = ({ metadata }: { metadata: { namespace?: string } }) =>
    namespace === undefined || metadata.namespace === namespace;
  return [
    ...components(cluster),
    ...cluster
      .seen("inferencesets")
      .filter(mine)
      .map((each) => setSubject(cluster, each)),
    ...cluster
      .seen("workspaces")
      .filter(mine)
      .map((each) => workspaceSubject(cluster, each)),
    ...cluster
      .seen("ragengines")
      .filter(mine)
      .map((each) => ragSubject(cluster, each)),
    ...cluster
      .seen("mcpservers")
      .filter(mine)
      .map((each) => mcpSubject(cluster, each)),
    ...cluster
      .seen("deployments")
      .filter((each) => mine(each) && isMcpServer(each))
      .map((each) => mcpDeploymentSubject(cluster, each)),
  ];
}

function workspaceSubject(cluster: Cluster, workspace: Workspace): Subject {
  const { name, namespace = "" } = workspace.metadata;
  const tuning = workspace.tuning !== undefined;
  const labels = { "kaito.sh/workspace": name };
  const pods = podsOf(cluster, namespace, (pod) => hasLabels(pod.metadata.labels, labels));
  const template = workspace.inference?.template;
  return {
    kind: "workspace",
    role: tuning ? "tuning" : "inference",
    name,
    namespace,
    exists: true,
    controller: "kaito",
    workspace,
    conditions: workspace.status?.conditions ?? [],
    workload: tuning
      ? owned("Job", cluster.find("jobs", namespace, name))
      : owned("StatefulSet", cluster.find("statefulsets", namespace, name)),
    pods,
    ...onNodes(cluster, workspace.resource?.labelSelector),
    needsGpu: template === undefined || gpusOf(template.spec) > 0,
    provisions: makesNodes(cluster, workspace.resource?.instanceType, workspace.status?.conditions),
    replicas: [],
  };
}

function setSubject(cluster: Cluster, set: InferenceSet): Subject {
  const { name, namespace = "" } = set.metadata;
  const labels = { "inferenceset.kaito.sh/created-by": name };
  return {
    kind: "inferenceset",
    role: "set",
    name,
    namespace,
    exists: true,
    controller: "kaito",
    set,
    conditions: set.status?.conditions ?? [],
    pods: [],
    ...onNodes(cluster, set.spec?.labelSelector),
    needsGpu: true,
    provisions: makesNodes(cluster, set.spec?.template?.resource?.instanceType),
    replicas: cluster
      .seen("workspaces")
      .filter(({ metadata }) => metadata.namespace === namespace && hasLabels(metadata.labels, labels))
      .map((each) => workspaceSubject(cluster, each)),
  };
}

function ragSubject(cluster: Cluster, rag: RagEngine): Subject {
  const { name, namespace = "" } = rag.metadata;
  const labels = { "kaito.sh/ragengine": name };
  const pods = podsOf(cluster, namespace, (pod) => hasLabels(pod.metadata.labels, labels));
  return {
    kind: "ragengine",
    role: "rag",
    name,
    namespace,
    exists: true,
    controller: "kaito-rag",
    rag,
    conditions: rag.status?.conditions ?? [],
    workload: owned("Deployment", cluster.find("deployments", namespace, name)),
    pods,
    ...onNodes(cluster, rag.spec?.compute?.labelSelector),
    needsGpu: pods.some((pod) => gpusOf(pod.spec) > 0),
    provisions: Boolean(rag.spec?.compute?.instanceType),
    replicas: [],
  };
}

function mcpSubject(cluster: Cluster, mcp: McpServer): Subject {
  const { name, namespace = "" } = mcp.metadata;
  const deployment = cluster.find("deployments", namespace, name);
  return {
    kind: "mcpserver",
    role: "mcp",
    name,
    namespace,
    exists: true,
    controller: "kmcp",
    mcp,
    conditions: mcp.status?.conditions ?? [],
    workload: owned("Deployment", deployment),
    pods: deploymentPods(cluster, deployment),
    needsGpu: false,
    provisions: false,
    replicas: [],
  };
}

/**
 * Whether a Deployment is an MCP server of this project that KMCP doesn't run. Sources: labels and container in
 * components/mcpServerDeployment/deployment.ts; KMCP 0.3.0 owns those that it makes, which have both too.
 */
function isMcpServer({ metadata, spec }: Workload): boolean {
  const { name, ownerReferences = [] } = metadata;
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
  return (
    hasLabels(metadata.labels, labels) &&
    (spec?.template?.spec?.containers ?? []).some((container) => container.name === "mcp-server") &&
    !ownerReferences.some(({ kind }) => kind === "MCPServer")
  );
}

function mcpDeploymentSubject(cluster: Cluster, deployment: Workload): Subject {
  const { name, namespace = "" } = deployment.metadata;
  return {
    ...emptySubject("mcpserver", "mcp", name, namespace),
    exists: true,
    deployment,
    conditions: deployment.status?.conditions ?? [],
    workload: owned("Deployment", deployment),
    pods: deploymentPods(cluster, deployment),
  };
}
