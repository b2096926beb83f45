import * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";

/** What Kubernetes takes as a Secret's name. Source: DNS-1123 subdomain. */
const OBJECT_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * The name of a Secret, checked as soon as it is known. The secret itself in its place is an error: it would
 * be written in clear text into the RAGEngine. For the same reason no message repeats what was given.
 *
 * @param key the key that the Secret must have
 */
export function secretName(
  path: string,
  value: pulumi.Input<string> | undefined,
  key: string,
): pulumi.Input<string> | undefined {
  if (value === undefined) return undefined;
  const fail = (what: string) => {
    throw new InputPropertyError(
      path,
      `${what}; it must be the name of a Secret in the RAG engine's namespace that has the key ${key}`,
    );
  };
  const checked = (name: string) =>
    (OBJECT_NAME.test(name) ? name : fail("is no name of a Secret")) as string;
  if (typeof value === "string") return checked(value);
  const output = pulumi.output(value);
  return pulumi
    .all([output, pulumi.isSecret(output)])
    .apply(([name, secret]) => (secret ? (fail("is a secret itself") as never) : checked(name)));
}
