import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE } from "../forms.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { restrictedContainer, restrictedPod } from "../restrictedPod.ts";
import { ensure, matches, validatedInput, wholeNumber } from "../validation.ts";
import { checkedParameters } from "./parameters.ts";
import { FOLDERS } from "./scripts.ts";

/** The port that clients call, PostgreSQL's own. */
export const POSTGRESQL_PORT = 5432;

/** The official image. Source: github.com/docker-library/official-images, library/postgres. */
export const POSTGRESQL_IMAGE = "docker.io/library/postgres:18.6-trixie";

/** The user `postgres` of the official images on Debian. Source: github.com/docker-library/postgres. */
const DEFAULT_USER = 999;

export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "250m", memory: "512Mi" },
  limits: { memory: "1Gi" },
};

/** What the pods' specifications depend on. */
export interface PostgreSqlPods {
  image?: pulumi.Input<string>;
  runAsUser?: number;
  resources?: ContainerResources;
  parameters?: Record<string, string>;
  nodeSelector?: Record<string, string>;
  tolerations?: input.core.v1.Toleration[];
}

/** Names of the objects that the pods use. */
export interface PodNames {
  claim: pulumi.Input<string>;
  configMap: string;
  secret: string;
}

/** A variable out of the Secret. */
export function fromSecret(name: string, secret: string, key: string): input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** What all containers here have in common; they meet the restricted pod security standard. */
export function baseContainer(name: string, image: pulumi.Input<string> = POSTGRESQL_IMAGE) {
  return {
    name,
    image: validatedInput("image", image, matches(PINNED_IMAGE)),
    securityContext: restrictedContainer(),
  };
}

/** What all pods here have in common. */
export function basePod({ runAsUser = DEFAULT_USER, nodeSelector, tolerations }: PostgreSqlPods) {
  const user = ensure("runAsUser", runAsUser, wholeNumber(1, 65535));
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector,
    tolerations,
    securityContext: restrictedPod(user),
  };
}

/** The server: prepared by an init container, which alone knows the password, then started as it is. */
export function serverPodSpec(args: PostgreSqlPods, names: PodNames): input.core.v1.PodSpec {
  const resources = ensureResources("resources", args.resources ?? DEFAULT_RESOURCES);
  const env = [
    { name: "PGDATA", value: FOLDERS.data },
    { name: "PGHOST", value: FOLDERS.socket },
    { name: "SCRIPTS", value: FOLDERS.scripts },
  ];
  const volumeMounts = [
    { name: "data", mountPath: FOLDERS.volume },
    { name: "socket", mountPath: FOLDERS.socket },
    { name: "scripts", mountPath: FOLDERS.scripts, readOnly: true },
    { name: "tmp", mountPath: "/tmp" },
    { name: "shared-memory", mountPath: "/dev/shm" },
  ];
  return {
    ...basePod(args),
    terminationGracePeriodSeconds: 120,
    initContainers: [
      {
        ...baseContainer("prepare", args.image),
        command: ["sh", `${FOLDERS.scripts}/prepare.sh`],
        env: [...env, fromSecret("APP_PASSWORD", names.secret, "password")],
        resources,
        volumeMounts,
      },
    ],
    containers: [
      {
        ...baseContainer("postgresql", args.image),
        command: ["postgres"],
        args: serverArgs(args.parameters),
        env,
        ports: [{ name: "postgresql", containerPort: POSTGRESQL_PORT }],
        resources,
        // SIGINT is the fast shutdown, which ends connections; SIGTERM would wait for clients to go.
        lifecycle: { preStop: { exec: { command: ["sh", "-c", "kill -INT 1"] } } },
        startupProbe: { exec: { command: ["pg_isready"] }, periodSeconds: 5, failureThreshold: 180 },
        readinessProbe: { exec: { command: ["pg_isready"] }, periodSeconds: 10, timeoutSeconds: 5 },
        // Alive is what answers at all, also with "not now".
        livenessProbe: {
          exec: { command: ["sh", "-c", "pg_isready; [ $? -lt 2 ]"] },
          periodSeconds: 30,
          timeoutSeconds: 10,
          failureThreshold: 4,
        },
        volumeMounts,
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: names.claim } },
      { name: "scripts", configMap: { name: names.configMap } },
      { name: "socket", emptyDir: { sizeLimit: "1Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      // Parallel queries and index builds share memory here; the 64 MiB of a container are not enough.
      { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
    ],
  };
}

/** The server's command line. */
export function serverArgs(parameters: Record<string, string> | undefined): string[] {
  const all = {
    listen_addresses: "*",
    port: String(POSTGRESQL_PORT),
    hba_file: `${FOLDERS.scripts}/pg_hba.conf`,
    unix_socket_directories: FOLDERS.socket,
    password_encryption: "scram-sha-256",
    ...checkedParameters(parameters),
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
