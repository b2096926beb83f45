import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import type { McpGuardArgs } from "./args.ts";
import { CONFIG_FILE, type GuardPlace, guardConfig } from "./config.ts";
import { sessionKey } from "./sessionKey.ts";
import { type GuardSidecar, guardSidecar } from "./sidecar.ts";
import { guardTokens } from "./tokens.ts";

/** A guard: what it adds to the pod, and what must be there before the pod. */
export interface Guard {
  sidecar: GuardSidecar;
  tokens?: pulumi.Output<Record<string, string>>;
  resources: pulumi.Resource[];
}

/** Makes a guard's settings and tokens; its arguments have been checked. */
export function makeGuard(
  name: string,
  guard: McpGuardArgs,
  place: GuardPlace & { namespace: pulumi.Input<string>; imagePullPolicy?: string },
  parent: pulumi.Resource,
): Guard {
  const { namespace } = place;
  // With a dot, which no server's name has.
  const secretName = `${place.server}.guard-tokens`;
  const config = guardConfig(guard, place);
  const configMap = new ConfigMap(
    `${name}.guard`,
    {
      // Without a name of its own: new settings make another ConfigMap, and pods from before find theirs
      // until they go.
      metadata: { namespace },
      data: { [CONFIG_FILE.slice(CONFIG_FILE.lastIndexOf("/") + 1)]: config },
    },
    { parent },
  );
  const callers = guard.authentication.tokens;
  const made = callers && guardTokens(callers, { name, secretName, namespace }, parent);
  const sessions =
    place.sessions === "portable" ? sessionKey(name, { server: place.server, namespace }, parent) : undefined;
  const sidecar = guardSidecar(guard, place, {
    configMapName: configMap.metadata.name,
    // A new key makes new pods too, or those from before would not know the sessions of the others.
    configHash: pulumi
      .all([config, sessions?.fingerprint])
      .apply((parts) => createHash("sha256").update(parts.join("")).digest("hex").slice(0, 16)),
    secretName: made && secretName,
    sessionSecretName: sessions?.secretName,
  });
  const secrets = [made?.secret, sessions?.secret].filter((secret) => secret !== undefined);
  return { sidecar, tokens: made?.tokens, resources: [configMap, ...secrets] };
}
