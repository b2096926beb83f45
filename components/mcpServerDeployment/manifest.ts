import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE, QUANTITY } from "../forms.ts";
import type { McpServerDeploymentArgs } from "../mcpServerDeployment.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { ensure, matches, validatedInput, wholeNumber } from "../validation.ts";
import { checkedEnv } from "./env.ts";
import { defaultTmpSize } from "./source.ts";

/** What the component has settled already, because it uses it elsewhere too. */
export interface ServerAddress {
  name: string;
  port: number;
  path: string;
}

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

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
export function mcpServerSpec(args: McpServerDeploymentArgs, { name, port, path }: ServerAddress) {
  const http = args.transport === "http";
  const user = ensure("runAsUser", args.runAsUser ?? 10001, wholeNumber(1, 65535));
  const ids = { runAsNonRoot: true, runAsUser: user, runAsGroup: user };
  const securityContext = {
    ...ids,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: args.readOnlyRootFilesystem ?? true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const timeout = ensure("timeoutSeconds", args.timeoutSeconds ?? 30, wholeNumber(1, 3600));
  const tmpSize = ensure("tmpSizeLimit", args.tmpSizeLimit ?? defaultTmpSize(args.image), matches(QUANTITY));
  return {
    transportType: args.transport,
    ...(http ? { httpTransport: { targetPort: port, path } } : { stdioTransport: {} }),
    timeout: `${timeout}s`,
    deployment: {
      image:
        args.image === undefined ? undefined : validatedInput("image", args.image, matches(PINNED_IMAGE)),
      imagePullPolicy: args.imagePullPolicy,
      imagePullSecrets: references(args.imagePullSecrets),
      port,
      cmd: args.command,
      args: args.args,
      env: checkedEnv({ HOME: "/tmp", ...(http ? { PORT: String(port) } : {}), ...args.env }),
      secretRefs: references(args.secretRefs),
      configMapRefs: references(args.configMapRefs),
      replicas: ensure("replicas", args.replicas ?? 1, wholeNumber(1, 100)),
      resources: ensureResources("resources", args.resources ?? DEFAULT_RESOURCES),
      securityContext,
      podSecurityContext: { ...ids, fsGroup: user, seccompProfile: { type: "RuntimeDefault" } },
      initContainer: http ? undefined : { resources: INIT_RESOURCES, securityContext },
      volumes: [{ name: "tmp", emptyDir: { sizeLimit: tmpSize } }],
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      serviceAccountName: name,
      labels:
        args.workloadIdentityClientId === undefined ? undefined : { "azure.workload.identity/use": "true" },
      nodeSelector: args.nodeSelector,
      tolerations: args.tolerations,
      affinity: args.affinity,
    },
  };
}

function references(names: pulumi.Input<string>[] = []) {
  return names.length > 0 ? names.map((name) => ({ name })) : undefined;
}
