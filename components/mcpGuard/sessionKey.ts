import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { GeneratedKey } from "../dynamic/generatedKey.ts";
import { SESSION_KEY } from "./config.ts";

/** The key that all pods of a server sign sessions with. */
export interface SessionKey {
  secret: Secret;
  secretName: string;
  /** Tells one key from another, and not what it is. */
  fingerprint: pulumi.Output<string>;
}

/** Makes a key of a server's own: its pods take up each other's sessions, and those of no other server. */
export function sessionKey(
  name: string,
  { server, namespace }: { server: string; namespace: pulumi.Input<string> },
  parent: pulumi.Resource,
): SessionKey {
  // With a dot, which no server's name has.
  const secretName = `${server}.guard-sessions`;
  const { value } = new GeneratedKey(`${name}.session-key`, { parent });
  const secret = new Secret(
    `${name}-sessions`,
    { metadata: { name: secretName, namespace }, stringData: { [SESSION_KEY]: value } },
    { parent },
  );
  // Of 256 random bits nothing can be guessed by their digest.
  const digest = value.apply((key) => createHash("sha256").update(key).digest("hex").slice(0, 16));
  return { secret, secretName, fingerprint: pulumi.unsecret(digest) };
}
