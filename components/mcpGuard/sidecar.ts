import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE } from "../forms.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { matches, validatedInput } from "../validation.ts";
import type { McpGuardArgs } from "./args.ts";
import { CONFIG_FILE, MANAGEMENT_PORT, SESSIONS_DIRECTORY, TOKENS_DIRECTORY } from "./config.ts";

/** The image's user. Source: servers/guard/Dockerfile. */
const USER = 10001;

/** Measured, see docs/sizing.md. No CPU limit: it would make every call wait where the node has CPU to spare. */
export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "160Mi" },
  limits: { memory: "256Mi" },
};

/**
 * What the guard adds to a pod. KMCP appends `spec.deployment.sidecars` and `volumes` to the pod as they are;
 * `volumeMounts`, `env` and `secretRefs` are the server's alone. Its own volumes are "config", "binary" and
 * "cm-…". Source: transportadapter_translator.go, v0.3.0.
 */
export interface GuardSidecar {
  container: input.core.v1.Container & { name: string };
  volumes: input.core.v1.Volume[];
  /** Of the pod: new settings make new pods, as the guard reads them once. */
  annotations: Record<string, pulumi.Input<string>>;
}

/** The guard's container and what it needs around it. */
export function guardSidecar(
  guard: McpGuardArgs,
  place: { port: number; imagePullPolicy?: string },
  mounted: {
    configMapName: pulumi.Input<string>;
    configHash: pulumi.Input<string>;
    secretName?: string;
    sessionSecretName?: string;
  },
): GuardSidecar {
  const { configMapName, configHash, secretName, sessionSecretName } = mounted;
  const probe = (path: string) => ({ httpGet: { path, port: MANAGEMENT_PORT } });
  const secrets = [
    { name: "guard-tokens", secretName, mountPath: TOKENS_DIRECTORY },
    { name: "guard-sessions", secretName: sessionSecretName, mountPath: SESSIONS_DIRECTORY },
  ].filter((each) => each.secretName !== undefined);
  return {
    container: {
      name: "guard",
      image: validatedInput("guard.image", guard.image, matches(PINNED_IMAGE)),
      imagePullPolicy: place.imagePullPolicy,
      ports: [
        { name: "mcp", containerPort: place.port, protocol: "TCP" },
        { name: "metrics", containerPort: MANAGEMENT_PORT, protocol: "TCP" },
      ],
      resources: ensureResources("guard.resources", guard.resources ?? DEFAULT_RESOURCES),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      startupProbe: { ...probe("/healthz"), periodSeconds: 1, failureThreshold: 60 },
      // Ready is what the server behind it is, too: it answers `initialize`.
      readinessProbe: { ...probe("/readyz"), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
      // The guard's own life only: to start it anew wouldn't help a server that hangs.
      livenessProbe: { ...probe("/healthz"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      volumeMounts: [
        { name: "guard-config", mountPath: folderOf(CONFIG_FILE), readOnly: true },
        ...secrets.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
      ],
    },
    volumes: [
      { name: "guard-config", configMap: { name: configMapName } },
      // For the pod's group alone, which Kubernetes gives the files of a Secret; the server doesn't mount it.
      ...secrets.map(({ name, secretName }) => ({ name, secret: { secretName, defaultMode: 0o440 } })),
    ],
    annotations: { "mcpaas.dev/guard-config": configHash },
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
