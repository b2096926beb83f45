import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE, QUANTITY } from "../forms.ts";
import type { GuardSidecar } from "../mcpGuard/sidecar.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { ensure, matches, validatedInput, wholeNumber } from "../validation.ts";
import type { ServerAddress } from "./address.ts";
import type { McpServerDeploymentArgs } from "./args.ts";
import { checkedEnv } from "./env.ts";
import { defaultTmpSize } from "./source.ts";

/** Those of any MCP server of which nothing else is said: a Node program that does little; see docs/sizing.md. */
export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "160Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** A server's pod, as far as it is the same whoever runs it. */
export interface ServerPod {
  image: pulumi.Input<string> | undefined;
  env: Record<string, pulumi.Input<string>>;
  resources: ContainerResources;
  securityContext: input.core.v1.SecurityContext;
  podSecurityContext: input.core.v1.PodSecurityContext;
  volumes: input.core.v1.Volume[];
  volumeMounts: input.core.v1.VolumeMount[];
  labels: Record<string, string> | undefined;
  annotations: Record<string, pulumi.Input<string>> | undefined;
  sidecars: input.core.v1.Container[] | undefined;
}

/** Meets the restricted pod security standard. */
export function serverPod(
  args: McpServerDeploymentArgs,
  { serverPort }: ServerAddress,
  guard: GuardSidecar | undefined,
): ServerPod {
  const user = ensure("runAsUser", args.runAsUser ?? 10001, wholeNumber(1, 65535));
  const ids = { runAsNonRoot: true, runAsUser: user, runAsGroup: user };
  const seccompProfile = { type: "RuntimeDefault" };
  const tmpSize = ensure("tmpSizeLimit", args.tmpSizeLimit ?? defaultTmpSize(args.image), matches(QUANTITY));
  const { workloadIdentityClientId: identity } = args;
  const told = {
    ...(args.transport === "http" ? { PORT: String(serverPort) } : {}),
    // Only what is in the pod reaches it then. Servers that don't read it are closed by the NetworkPolicy.
    ...(args.transport === "http" && guard ? { HOST: "127.0.0.1" } : {}),
    ...(args.sessions === "stateless" ? { MCP_SESSIONS: "stateless" } : {}),
  };
  return {
    image: args.image === undefined ? undefined : validatedInput("image", args.image, matches(PINNED_IMAGE)),
    env: checkedEnv({ HOME: "/tmp", ...told, ...args.env }),
    resources: ensureResources("resources", args.resources ?? DEFAULT_RESOURCES),
    securityContext: {
      ...ids,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: args.readOnlyRootFilesystem ?? true,
      capabilities: { drop: ["ALL"] },
      seccompProfile,
    },
    podSecurityContext: { ...ids, fsGroup: user, seccompProfile },
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: tmpSize } }, ...(guard?.volumes ?? [])],
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    labels: identity === undefined ? undefined : { "azure.workload.identity/use": "true" },
    annotations:
      identity === undefined
        ? guard?.annotations
        : { ...guard?.annotations, ...identityAnnotations(identity, args.transport, guard) },
    sidecars: guard && [guard.container],
  };
}

/**
 * What tells the webhook of workload identity whose the identity is: the server's alone. It gives a container
 * the identity's id and token when it admits a pod, so another id needs other pods, for which it is written
 * here, too. Source: pod annotations in https://learn.microsoft.com/azure/aks/workload-identity-overview.
 */
function identityAnnotations(
  clientId: pulumi.Input<string>,
  transport: McpServerDeploymentArgs["transport"],
  guard: GuardSidecar | undefined,
): Record<string, pulumi.Input<string>> {
  const others = [...(guard ? [guard.container.name] : []), ...(transport === "stdio" ? [GATEWAY_COPY] : [])];
  return {
    "mcpaas.dev/client-id": clientId,
    ...(others.length > 0 && { "azure.workload.identity/skip-containers": others.join(";") }),
  };
}

/** The init container of a stdio server. Source: transportadapter_translator.go of KMCP 0.3.0. */
const GATEWAY_COPY = "copy-binary";
