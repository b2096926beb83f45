import { randomBytes } from "node:crypto";
import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import type { Properties, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { registryAt } from "./registry.ts";
import type { Action } from "./row.ts";

/** A password as the registry shows it: never with its value. */
interface ShownPassword {
  creationTime: string;
  expiry?: string;
  name: string;
}

/** Who knocks at a registry's door. */
export interface RegistryLogin {
  /** The registry's host, or its name. */
  loginServer: string;
  /** A token's name. */
  username: string;
  password: string;
  /** @default now */
  at?: Date;
}

/** Who may enter, and what for. */
export interface RegistryGrant {
  tokenName: string;
  /** The scope map's actions, for example `repositories/models/phi/content/write`. */
  actions: string[];
}

const names = ["password1", "password2"];
const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The credentials of a token that is written. A write names the passwords to keep, and they stay as they are;
 * it can't add any. One that says nothing of credentials wipes them, which a PUT easily does. Sources:
 * https://github.com/Azure/acr/issues/667, https://github.com/Azure/azure-powershell/issues/22104, and
 * azure-cli's `acr token credential delete`, which sends the names that are left.
 */
export function acceptCredentials(asked: unknown, existing: Resource | undefined): Properties {
  const credentials = isObject(asked) ? asked : {};
  const kept = new Map(shown(existing).map((one) => [one.name, one]));
  const wanted = Array.isArray(credentials["passwords"]) ? credentials["passwords"] : [];
  const passwords = wanted.map((one) => {
    const found = kept.get(String(isObject(one) ? one["name"] : one));
    if (!found) {
      throw refusal(
        400,
        "InvalidParameter",
        "Passwords can't be added to a token; they can only be generated.",
        "properties.credentials.passwords",
      );
    }
    return found;
  });
  return { ...credentials, passwords };
}

/**
 * New passwords for a token, whose values are shown this once: the one that is named or, without a name,
 * both. The answer lists both in any case. Recorded answers of Azure are 200; its specification has a 202 as
 * well. Sources: azure-cli's recording test_repository_token_create.yaml, azure-powershell's
 * New-AzContainerRegistryCredentials.Recording.json,
 * https://github.com/hashicorp/terraform-provider-azurerm/pull/15939,
 * https://github.com/Azure/azure-cli/issues/20538 for the token that isn't there.
 */
export function generateCredentials({ world, resource, body }: Action): () => unknown {
  const tokenId = String(body["tokenId"] ?? "");
  const find = (): Resource => {
    const token = world.store.get(tokenId);
    if (!token?.id.toLowerCase().startsWith(`${resource.id.toLowerCase()}/tokens/`)) {
      throw refusal(404, "ResourceNotFound", `The resource ${tokenId.split("/").at(-1)} could not be found.`);
    }
    return token;
  };
  const name = body["name"] ?? undefined;
  if (name !== undefined && !names.includes(String(name))) {
    throw refusal(
      400,
      "InvalidParameter",
      `The value of parameter name is invalid: it must be one of ${names.join(", ")}.`,
      "name",
    );
  }
  const expiry = acceptExpiry(body["expiry"] ?? undefined);
  if (find().state !== "Succeeded") {
    throw refusal(409, "TokenNotActive", "The token is not active.");
  }
  const renewed = names.filter((one) => name === undefined || one === name);
  return () => {
    // A write in between has replaced the one from before.
    const token = find();
    const values: Record<string, string> = {};
    const passwords = names.flatMap((one): ShownPassword[] => {
      const old = shown(token).find((password) => password.name === one);
      if (!renewed.includes(one)) {
        return old ? [old] : [];
      }
      values[one] = randomBytes(39).toString("base64url");
      return [{ creationTime: timestamp(), ...(expiry ? { expiry } : {}), name: one }];
    });
    token.body.properties["credentials"] = { ...credentialsOf(token), passwords };
    token.secrets = { ...token.secrets, ...values };
    return {
      username: token.name,
      passwords: passwords.map((one) => ({
        ...one,
        ...(values[one.name] ? { value: values[one.name] } : {}),
      })),
    };
  };
}

/** Lets a token in whose password is right and not expired, as long as it is enabled. */
export function registryLogin(world: World, login: RegistryLogin): RegistryGrant | undefined {
  const registry = registryAt(world, login.loginServer);
  const token = world.store.get(registry && `${registry.id}/tokens/${login.username}`);
  if (token?.body.properties["status"] !== "enabled") {
    return undefined;
  }
  const at = (login.at ?? new Date()).getTime();
  const right = shown(token).some(
    (one) =>
      token.secrets?.[one.name] === login.password && (!one.expiry || at < new Date(one.expiry).getTime()),
  );
  const scopeMap = world.store.get(String(token.body.properties["scopeMapId"]));
  return right
    ? { tokenName: token.name, actions: [...((scopeMap?.body.properties["actions"] ?? []) as string[])] }
    : undefined;
}

function credentialsOf(token: Resource | undefined): Properties {
  const credentials = token?.body.properties["credentials"];
  return isObject(credentials) ? credentials : {};
}

function shown(token: Resource | undefined): ShownPassword[] {
  return (credentialsOf(token)["passwords"] ?? []) as ShownPassword[];
}

// That a date in the past is refused is an assumption: no public source says what Azure does with one.
function acceptExpiry(asked: unknown): string | undefined {
  if (asked === undefined) {
    return undefined;
  }
  const date = new Date(String(asked));
  if (!isoDate.test(String(asked)) || Number.isNaN(date.getTime()) || date.getTime() <= Date.now()) {
    throw refusal(
      400,
      "InvalidParameter",
      `The value of parameter expiry is invalid: ${asked} is no date to come.`,
      "expiry",
    );
  }
  return date.toISOString().replace(/(\.000)?Z$/, "+00:00");
}

/** In the form and with the digits of Azure's recorded answers: finer than JavaScript's dates. */
function timestamp(): string {
  const digits = String(process.hrtime.bigint() % 10_000n).padStart(4, "0");
  return new Date().toISOString().replace("Z", `${digits}+00:00`);
}
