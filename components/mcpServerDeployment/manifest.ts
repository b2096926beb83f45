import type { GuardSidecar } from "../mcpGuard/sidecar.ts";
import type { ContainerResources } from "../resources.ts";
import { ensure, wholeNumber } from "../validation.ts";
import type { ServerAddress } from "./address.ts";
import type { McpServerDeploymentArgs } from "./args.ts";
import { serverPod } from "./pod.ts";
import { configMapForm, references } from "./references.ts";

/** What the copying of the gateway's binary needs, once at start. */
export const INIT_RESOURCES: ContainerResources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { memory: "64Mi" },
};

/**
 * The spec of an MCPServer (kagent.dev/v1alpha1, KMCP 0.3.0). For http `deployment.port` is what the Service
 * targets and `httpTransport.targetPort` what the resource demands; both are the port that clients call: the
 * guard's if there is one, else the server's, which is told it as PORT. The gateway of a stdio server holds
 * `deployment.port` itself, and neither server nor guard may.
 */
export function mcpServerSpec(args: McpServerDeploymentArgs, address: ServerAddress, guard?: GuardSidecar) {
  const http = args.transport === "http";
  const pod = serverPod(args, address, guard);
  const timeout = ensure("timeoutSeconds", args.timeoutSeconds ?? 30, wholeNumber(1, 3600));
  return {
    transportType: args.transport,
    ...(http
      ? { httpTransport: { targetPort: address.deploymentPort, path: address.path } }
      : { stdioTransport: {} }),
    timeout: `${timeout}s`,
    deployment: {
      ...pod,
      imagePullPolicy: args.imagePullPolicy,
      imagePullSecrets: references("imagePullSecrets", args.imagePullSecrets),
      port: address.deploymentPort,
      cmd: args.command,
      args: args.args,
      secretRefs: references("secretRefs", args.secretRefs),
      configMapRefs: references("configMapRefs", args.configMapRefs, configMapForm(args.runtime)),
      replicas: ensure("replicas", args.replicas ?? 1, wholeNumber(1, 100)),
      initContainer: http ? undefined : { resources: INIT_RESOURCES, securityContext: pod.securityContext },
      serviceAccountName: address.name,
      nodeSelector: args.nodeSelector,
      tolerations: args.tolerations,
      affinity: args.affinity,
    },
  };
}
