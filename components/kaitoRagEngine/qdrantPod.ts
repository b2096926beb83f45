import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE } from "../forms.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { restrictedContainer } from "../restrictedPod.ts";
import { matches, validatedInput } from "../validation.ts";

/** The port of Qdrant's HTTP API, which KAITO's service uses. */
export const QDRANT_PORT = 6333;

/**
 * The version that KAITO is tried with, and whose client (qdrant-client 1.16) fits it.
 * Source: examples/RAG/qdrant-deployment.yaml and presets/ragengine/requirements.txt, v0.11.0.
 */
export const QDRANT_IMAGE = "docker.io/qdrant/qdrant:v1.15.2";

/** Upstream's example without its CPU limit, which would slow down indexing. */
export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "500m", memory: "1Gi" },
  limits: { memory: "4Gi" },
};

/**
 * Ids, folders and the init file as in Qdrant's own chart. Source: qdrant-helm, charts/qdrant/values.yaml.
 */
const USER = 1000;
const GROUP = 2000;
const VOLUME_GROUP = 3000;

/** What the pod's specification depends on. */
interface QdrantPod {
  image?: pulumi.Input<string>;
  resources?: ContainerResources;
  nodeSelector?: Record<string, string>;
}

/** A Qdrant that meets the restricted pod security standard and writes into its volumes only. */
export function qdrantPodSpec(
  { image = QDRANT_IMAGE, resources = DEFAULT_RESOURCES, nodeSelector }: QdrantPod,
  names: { claim: pulumi.Input<string>; secret: string; key: string },
): input.core.v1.PodSpec {
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  return {
    automountServiceAccountToken: false,
    nodeSelector,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: GROUP,
      fsGroup: VOLUME_GROUP,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "qdrant",
        image: validatedInput("qdrant.image", image, matches(PINNED_IMAGE)),
        env: [
          {
            name: "QDRANT__SERVICE__API_KEY",
            valueFrom: { secretKeyRef: { name: names.secret, key: names.key } },
          },
          { name: "QDRANT__TELEMETRY_DISABLED", value: "true" },
          { name: "QDRANT_INIT_FILE_PATH", value: "/qdrant/init/.qdrant-initialized" },
        ],
        ports: [{ name: "http", containerPort: QDRANT_PORT }],
        resources: ensureResources("qdrant.resources", resources),
        securityContext: restrictedContainer(),
        // Large collections take minutes to load; these three paths need no key.
        startupProbe: { ...probe("/healthz"), periodSeconds: 5, failureThreshold: 60 },
        readinessProbe: { ...probe("/readyz"), periodSeconds: 10 },
        livenessProbe: { ...probe("/livez"), periodSeconds: 30 },
        volumeMounts: [
          { name: "data", mountPath: "/qdrant/storage" },
          { name: "snapshots", mountPath: "/qdrant/snapshots" },
          { name: "init", mountPath: "/qdrant/init" },
        ],
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: names.claim } },
      { name: "snapshots", emptyDir: { sizeLimit: "1Gi" } },
      { name: "init", emptyDir: { sizeLimit: "1Mi" } },
    ],
  };
}
