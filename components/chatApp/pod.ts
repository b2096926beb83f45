import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL, PINNED_IMAGE } from "../forms.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { matches, validatedInput } from "../validation.ts";
import type { ChatAppArgs } from "./args.ts";
import { CHAT_PORT, DATA_FOLDER, SCRATCH_FOLDER } from "./environment.ts";
import { MIGRATE_COMMAND } from "./migrations.ts";

/**
 * Open WebUI without torch and what else models of its own need: 175 MB, ready in seconds. variables.ts and
 * variables.txt are of this version. Source of the size: CHANGELOG.md of 0.11.
 */
export const OPEN_WEBUI_IMAGE = "ghcr.io/open-webui/open-webui:v0.12.4-slim";

/** Any but root: the image's files are readable by all, and it writes into its volumes only. */
const USER = 10001;

/**
 * Measured with the real program (resident set): 330 MiB at rest. No CPU limit: it would make every answer
 * wait where the node has CPU to spare.
 */
export const CHAT_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { memory: "1Gi" },
};

/** What the pod's specification depends on besides the arguments. */
export interface ChatPodParts {
  podLabels: Record<string, string>;
  replicas: number;
  environment: pulumi.Input<Record<string, string>>;
  secretName: pulumi.Input<string>;
  data: input.core.v1.Volume;
  /** Whether people's files may be written. */
  uploads: boolean;
}

/** What every container with the app's image has. */
export type ChatContainer = Pick<
  input.core.v1.Container,
  "image" | "env" | "envFrom" | "resources" | "securityContext" | "volumeMounts"
>;

type PodArgs = Pick<ChatAppArgs, "image" | "imagePullSecrets" | "resources" | "nodeSelector" | "tolerations">;

/** A pod that meets the restricted pod security standard, and its root file system can't be written. */
export function chatPodSpec(
  args: PodArgs,
  { podLabels, replicas, environment, secretName, data, uploads }: ChatPodParts,
): input.core.v1.PodSpec {
  const ids = { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER };
  const seccompProfile = { type: "RuntimeDefault" };
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  const common: ChatContainer = {
    image: validatedInput("image", args.image ?? OPEN_WEBUI_IMAGE, matches(PINNED_IMAGE)),
    env: variables(environment),
    envFrom: [{ secretRef: { name: secretName } }],
    resources: ensureResources("resources", args.resources ?? CHAT_RESOURCES),
    securityContext: {
      ...ids,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile,
    },
    volumeMounts: [
      { name: "data", mountPath: DATA_FOLDER },
      { name: "scratch", mountPath: SCRATCH_FOLDER },
      // Open WebUI takes files of whoever is signed in: of the permission only its pages know. It answers 400 where
      // it can't write. Source: upload_file_handler in routers/files.py, UPLOAD_DIR in config.py, 0.12.4.
      ...(uploads ? [] : [{ name: "no-files", mountPath: `${DATA_FOLDER}/uploads`, readOnly: true }]),
    ],
  };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { ...ids, fsGroup: USER, fsGroupChangePolicy: "OnRootMismatch", seccompProfile },
    imagePullSecrets: args.imagePullSecrets?.map((name, i) => ({
      name: validatedInput(`imagePullSecrets[${i}]`, name, matches(DNS_LABEL)),
    })),
    nodeSelector: args.nodeSelector,
    tolerations: args.tolerations,
    topologySpreadConstraints: replicas > 1 ? spread(podLabels) : undefined,
    // Answers that are being written get this long to end when the pod has to go.
    terminationGracePeriodSeconds: 60,
    // Of several that start at once on an empty database each would make the tables.
    initContainers:
      replicas > 1 ? [{ name: "migrate", command: [...MIGRATE_COMMAND], ...common }] : undefined,
    containers: [
      {
        name: "open-webui",
        ...common,
        ports: [{ name: "http", containerPort: CHAT_PORT, protocol: "TCP" }],
        // The first start on a slow disk makes the database's tables for minutes; usually it takes seconds.
        startupProbe: { ...probe("/ready"), periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 },
        // Also asks the database and Redis.
        readinessProbe: { ...probe("/ready"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        // Its own life only: to start it anew wouldn't help a database that is away.
        livenessProbe: { ...probe("/health"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        // Until every node knows that this pod gets no new requests; of one pod alone nobody takes them over.
        lifecycle: replicas > 1 ? { preStop: { sleep: { seconds: 5 } } } : undefined,
      },
    ],
    volumes: [
      data,
      { name: "scratch", emptyDir: { sizeLimit: "256Mi" } },
      ...(uploads ? [] : [{ name: "no-files", emptyDir: { sizeLimit: "1Mi" } }]),
    ],
  };
}

function variables(environment: pulumi.Input<Record<string, string>>): pulumi.Output<input.core.v1.EnvVar[]> {
  return pulumi
    .output(environment)
    .apply((values) => Object.entries(values).map(([name, value]) => ({ name, value: literal(value) })));
}

/** Kubernetes would put a variable's value in place of "$(NAME)". */
function literal(value: string): string {
  return value.replaceAll("$(", "$$$$(");
}

/** Over nodes and zones, where there are several; where there aren't, all the same. */
function spread(podLabels: Record<string, string>): input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: podLabels },
  }));
}
