import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { GeneratedKey } from "../dynamic/generatedKey.ts";
import { InputPropertyError } from "../validation.ts";
import type { McpGuardCaller } from "./args.ts";
import { TOKEN } from "./forms.ts";

/** The callers' tokens, and the Secret in which the guard finds them. */
export interface GuardTokens {
  tokens: pulumi.Output<Record<string, string>>;
  secret: Secret;
}

/**
 * Makes the Secret with a token for each caller. A token that changes reaches the guard within a minute or
 * two, as fast as the kubelet refreshes what it has mounted; no pod starts anew.
 */
export function guardTokens(
  callers: Record<string, McpGuardCaller>,
  names: { name: string; secretName: string; namespace: pulumi.Input<string> },
  parent: pulumi.Resource,
): GuardTokens {
  const { name, secretName, namespace } = names;
  const tokens = pulumi
    .secret(
      Object.fromEntries(
        Object.entries(callers).map(([caller, { token }]) => [
          caller,
          token === undefined
            ? // With a dot, which no server's name has: a-token and its caller b are not a and its caller token-b.
              new GeneratedKey(`${name}.token-${caller}`, { parent }).value
            : givenToken(`guard.authentication.tokens.${caller}.token`, token),
        ]),
      ),
    )
    .apply(eachOnce);
  const secret = new Secret(
    `${name}-tokens`,
    { metadata: { name: secretName, namespace }, stringData: tokens },
    { parent },
  );
  return { tokens, secret };
}

/** No message repeats it. */
function givenToken(path: string, token: pulumi.Input<string>): pulumi.Input<string> {
  const checked = (value: string) => {
    if (TOKEN.pattern.test(value)) return value;
    throw new InputPropertyError(path, `must be ${TOKEN.words}, such as ${TOKEN.example}`);
  };
  return typeof token === "string" ? checked(token) : pulumi.output(token).apply(checked);
}

/** The guard couldn't tell two callers with one token from each other, and wouldn't start. */
export function eachOnce(tokens: Record<string, string>): Record<string, string> {
  const owners = new Map<string, string>();
  for (const [caller, token] of Object.entries(tokens)) {
    const owner = owners.get(token);
    if (owner !== undefined) {
      throw new InputPropertyError(
        `guard.authentication.tokens.${caller}.token`,
        `must be another than ${owner}'s`,
      );
    }
    owners.set(token, caller);
  }
  return tokens;
}
