import * as pulumi from "@pulumi/pulumi";
import { VARIABLE_NAME } from "../forms.ts";
import { InputPropertyError } from "../validation.ts";

/** Words of a variable's name that say its value is a secret. */
const SECRET_WORDS =
  /(^|_)(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|APIKEY|CREDENTIALS?|PRIVATE_?KEY|ACCESS_?KEY|API_?KEY|CONNECTION_?STRING)(_|$)/;

/**
 * Endings that turn such a name into something public: where the secret is, or how much of it there may be.
 */
const HARMLESS_ENDING = /_(FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|LIMIT|MAX|TTL|LENGTH)$/;

/** A URL with a user and a password in it. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i;

const ADVICE =
  "put it into a Kubernetes Secret under this key and name that Secret in secretRefs: KMCP writes env in clear text into the MCPServer, the Deployment and, for stdio, a ConfigMap";

/** Why a variable can't be in env, or nothing when it can. */
export function envProblem(name: string, value?: string): string | undefined {
  if (!VARIABLE_NAME.pattern.test(name)) {
    return `is no name for an environment variable; use ${VARIABLE_NAME.words}`;
  }
  const upper = name.toUpperCase();
  if (SECRET_WORDS.test(upper) && !HARMLESS_ENDING.test(upper)) return `looks like a secret; ${ADVICE}`;
  if (value !== undefined && URL_WITH_PASSWORD.test(value)) return `holds a URL with a password; ${ADVICE}`;
  return undefined;
}

/**
 * The environment of a server, each value checked as soon as it is known. A value that Pulumi knows to be
 * secret is an error too: it would leave the encrypted state for an object that everybody in the namespace
 * can read.
 */
export function checkedEnv(env: Record<string, pulumi.Input<string>>): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, checkedVariable(name, value)]));
}

function checkedVariable(name: string, value: pulumi.Input<string>): pulumi.Input<string> {
  const path = `env.${name}`;
  const fail = (reason: string | undefined) => {
    if (reason !== undefined) throw new InputPropertyError(path, reason);
  };
  fail(envProblem(name, typeof value === "string" ? value : undefined));
  if (typeof value === "string") return value;
  const output = pulumi.output(value);
  return pulumi.all([output, pulumi.isSecret(output)]).apply(([plain, secret]) => {
    fail(secret ? `is a secret; ${ADVICE}` : envProblem(name, plain));
    return plain;
  });
}
