import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { PINNED_IMAGE } from "../forms.ts";
import { type ContainerResources, ensureResources } from "../resources.ts";
import { restrictedContainer, restrictedPod } from "../restrictedPod.ts";
import { ensure, matches, validatedInput, wholeNumber } from "../validation.ts";
import { FOLDERS, REDIS_PORT } from "./config.ts";

/** Valkey's official image. Source: github.com/valkey-io/valkey-container. */
export const VALKEY_IMAGE = "docker.io/valkey/valkey:9.1.1";

/** The user `valkey` of the official image. Source: Dockerfile.template of valkey-container. */
const DEFAULT_USER = 999;

export const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { memory: "256Mi" },
};

/** What the pod's specification depends on. */
export interface RedisPod {
  image?: pulumi.Input<string>;
  runAsUser?: number;
  resources?: ContainerResources;
  nodeSelector?: Record<string, string>;
  tolerations?: input.core.v1.Toleration[];
}

/**
 * Ready is what answers PONG, alive what answers at all, also "loading". The image's client takes the
 * password out of the environment; Valkey before version 9 knows Redis' name of the variable only.
 */
const PING = "valkey-cli -h 127.0.0.1 ping";

/** A Valkey that meets the restricted pod security standard and writes into its volumes only. */
export function redisPodSpec(
  {
    image = VALKEY_IMAGE,
    runAsUser = DEFAULT_USER,
    resources = DEFAULT_RESOURCES,
    nodeSelector,
    tolerations,
  }: RedisPod,
  names: { claim: pulumi.Input<string>; secret: string },
): input.core.v1.PodSpec {
  const user = ensure("runAsUser", runAsUser, wholeNumber(1, 65535));
  const password = { secretKeyRef: { name: names.secret, key: "password" } };
  const probe = (script: string) => ({ exec: { command: ["sh", "-c", script] }, timeoutSeconds: 6 });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector,
    tolerations,
    securityContext: restrictedPod(user),
    containers: [
      {
        name: "valkey",
        image: validatedInput("image", image, matches(PINNED_IMAGE)),
        command: ["valkey-server"],
        args: [`${FOLDERS.config}/valkey.conf`],
        env: ["VALKEYCLI_AUTH", "REDISCLI_AUTH"].map((name) => ({ name, valueFrom: password })),
        ports: [{ name: "redis", containerPort: REDIS_PORT }],
        resources: ensureResources("resources", resources),
        securityContext: restrictedContainer(),
        startupProbe: { ...probe(`${PING} | grep -q PONG`), periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { ...probe(`${PING} | grep -q PONG`), periodSeconds: 10 },
        livenessProbe: { ...probe(`${PING} | grep -q .`), periodSeconds: 30, failureThreshold: 4 },
        volumeMounts: [
          { name: "data", mountPath: FOLDERS.data },
          { name: "config", mountPath: FOLDERS.config, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: names.claim } },
      {
        name: "config",
        secret: {
          secretName: names.secret,
          items: [{ key: "valkey.conf", path: "valkey.conf" }],
          defaultMode: 0o440,
        },
      },
    ],
  };
}
