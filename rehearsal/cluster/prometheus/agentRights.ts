import { CoreV1Api, type KubeConfig, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { ignoreStatus } from "../crds.ts";

const namespace = "kube-system";

/**
 * The service account of Azure's agent, and its rights, by the names that they have in the agent's chart.
 * Source: templates/ama-metrics-{serviceAccount,clusterRole,clusterRoleBinding}.yaml of Azure/prometheus-collector.
 */
const name = "ama-metrics-serviceaccount";
const role = "ama-metrics-reader";
const binding = "ama-metrics-clusterrolebinding";

/** The agent's name for the API server. */
export const agentUser = `system:serviceaccount:${namespace}:${name}`;

/** Lets the agent find its targets, as its chart does. */
export async function grantAgent(config: KubeConfig): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const verbs = ["get", "list", "watch"];
  await core
    .createNamespacedServiceAccount({ namespace, body: { metadata: { name } } })
    .catch(ignoreStatus(409));
  const rules = [
    { apiGroups: [""], resources: ["nodes", "nodes/proxy", "services", "endpoints", "pods"], verbs },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
    { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs },
  ];
  await rbac.createClusterRole({ body: { metadata: { name: role }, rules } }).catch(ignoreStatus(409));
  await rbac
    .createClusterRoleBinding({
      body: {
        metadata: { name: binding },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      },
    })
    .catch(ignoreStatus(409));
}

/** Takes it all back. */
export async function revokeAgent(config: KubeConfig): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  await rbac.deleteClusterRoleBinding({ name: binding }).catch(ignoreStatus(404));
  await rbac.deleteClusterRole({ name: role }).catch(ignoreStatus(404));
  await core.deleteNamespacedServiceAccount({ name, namespace }).catch(ignoreStatus(404));
}
