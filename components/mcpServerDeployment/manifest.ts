import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerResources } from "../resources.ts";
import type { McpTransport } from "./source.ts";

/** The fields of an MCPServer that the component decides on. */
export interface McpServerSpecArgs {
  transport: McpTransport;
  image?: pulumi.Input<string>;
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  imagePullSecrets?: pulumi.Input<string>[];
  command?: string;
  args?: pulumi.Input<string>[];
  port: number;
  path: string;
  env: Record<string, pulumi.Input<string>>;
  secretRefs: pulumi.Input<string>[];
  configMapRefs: pulumi.Input<string>[];
  resources: ContainerResources;
  replicas: number;
  runAsUser: number;
  readOnlyRootFilesystem: boolean;
  tmpSizeLimit: string;
  serviceAccountName: string;
  podLabels?: Record<string, string>;
  nodeSelector?: Record<string, string>;
  tolerations?: input.core.v1.Toleration[];
  affinity?: pulumi.Input<input.core.v1.Affinity>;
  timeoutSeconds: number;
}

/** What the copying of the gateway's binary needs, once at start. */
const INIT_RESOURCES: ContainerResources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { memory: "64Mi" },
};

/**
 * The spec of an MCPServer (kagent.dev/v1alpha1, KMCP 0.3.0). For http `deployment.port` is what the Service
 * targets and `httpTransport.targetPort` what the resource demands; both must be the port the server listens on,
 * so both come from one argument, which the server is told as PORT. The gateway of a stdio server holds the port
 * itself, and the server must not.
 */
export function mcpServerSpec(args: McpServerSpecArgs) {
  const securityContext = {
    runAsNonRoot: true,
    runAsUser: args.runAsUser,
    runAsGroup: args.runAsUser,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: args.readOnlyRootFilesystem,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const http = args.transport === "http";
  const references = (names: pulumi.Input<string>[]) => names.map((name) => ({ name }));
  return {
    transportType: args.transport,
    ...(http ? { httpTransport: { targetPort: args.port, path: args.path } } : { stdioTransport: {} }),
    timeout: `${args.timeoutSeconds}s`,
    deployment: {
      ...(args.image === undefined ? {} : { image: args.image }),
      ...(args.imagePullPolicy ? { imagePullPolicy: args.imagePullPolicy } : {}),
      ...(args.imagePullSecrets?.length ? { imagePullSecrets: references(args.imagePullSecrets) } : {}),
      port: args.port,
      ...(args.command === undefined ? {} : { cmd: args.command }),
      ...(args.args?.length ? { args: args.args } : {}),
      env: { HOME: "/tmp", ...(http ? { PORT: String(args.port) } : {}), ...args.env },
      ...(args.secretRefs.length > 0 ? { secretRefs: references(args.secretRefs) } : {}),
      ...(args.configMapRefs.length > 0 ? { configMapRefs: references(args.configMapRefs) } : {}),
      replicas: args.replicas,
      resources: args.resources,
      securityContext,
      podSecurityContext: {
        runAsNonRoot: true,
        runAsUser: args.runAsUser,
        runAsGroup: args.runAsUser,
        fsGroup: args.runAsUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(http ? {} : { initContainer: { resources: INIT_RESOURCES, securityContext } }),
      volumes: [{ name: "tmp", emptyDir: { sizeLimit: args.tmpSizeLimit } }],
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      serviceAccountName: args.serviceAccountName,
      ...(args.podLabels ? { labels: args.podLabels } : {}),
      ...(args.nodeSelector ? { nodeSelector: args.nodeSelector } : {}),
      ...(args.tolerations?.length ? { tolerations: args.tolerations } : {}),
      ...(args.affinity ? { affinity: args.affinity } : {}),
    },
  };
}
