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

/** Those of any MCP server of which nothing else is said. */
export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
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
  const address = {
    ...(args.transport === "http" ? { PORT: String(serverPort) } : {}),
    // Only what is in the pod reaches it then. Servers that don't read it are closed by the NetworkPolicy.
    ...(args.transport === "http" && guard ? { HOST: "127.0.0.1" } : {}),
  };
  return {
    image: args.image === undefined ? undefined : validatedInput("image", args.image, matches(PINNED_IMAGE)),
    env: checkedEnv({ HOME: "/tmp", ...address, ...args.env }),
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
    labels:
      args.workloadIdentityClientId === undefined ? undefined : { "azure.workload.identity/use": "true" },
    annotations: guard?.annotations,
    sidecars: guard && [guard.container],
  };
}

/** Names as Kubernetes refers to objects by them. */
export function references(names: pulumi.Input<string>[] = []) {
  return names.length > 0 ? names.map((name) => ({ name })) : undefined;
}
