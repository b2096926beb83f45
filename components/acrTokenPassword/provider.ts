import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { lateModule } from "../dynamic/lateModule.ts";
import { addressOf } from "./address.ts";
import { disabled, notThere } from "./errors.ts";
import { freePassword, issueFor, otherPassword, type PasswordName, type Props } from "./issue.ts";
import type { TokenFacts, Tokens } from "./tokens.ts";

// One for the life of the provider's process, which is one preview or one update.
let azure: Tokens | undefined;

/** Decides whether the password is due. The engine calls this in previews too, so a rotation shows there. */
export async function check(olds: Props, news: Props, now = () => new Date()): Promise<dynamic.CheckResult> {
  return { inputs: { ...news, ...issueFor(olds, news, now()) } };
}

/** Compares what the program and `check` say; what else is in the state came from Azure. */
export async function diff(_id: string, olds: Props, news: Props): Promise<dynamic.DiffResult> {
  const differs = (key: string) => !isDeepStrictEqual(olds[key] ?? undefined, news[key] ?? undefined);
  return {
    changes: Object.keys(news).some((key) => key !== "__provider" && differs(key)),
    replaces: differs("tokenId") ? ["tokenId"] : [],
  };
}

/** The token may have passwords that the state doesn't know of: then the older one gives way. */
export async function create(inputs: Props, tokens = azureTokens()): Promise<dynamic.CreateResult> {
  const outs = await generate(inputs, tokens, ({ passwords }) => freePassword(passwords));
  return { id: String(inputs["tokenId"]), outs };
}

/** Generates the other password, so that whoever has the one from before can go on until it expires. */
export async function update(
  _id: string,
  olds: Props,
  news: Props,
  tokens = azureTokens(),
): Promise<dynamic.UpdateResult> {
  if (olds["issuedAt"] === news["issuedAt"]) {
    return { outs: { ...olds, ...news } };
  }
  return { outs: await generate(news, tokens, () => otherPassword(olds["passwordName"])) };
}

/**
 * Nothing when the token is gone, or its password, or when somebody generated it anew: ours is worth nothing
 * then.
 */
export async function read(
  id: string,
  props: Props = {},
  tokens = azureTokens(),
): Promise<dynamic.ReadResult> {
  const token = await tokens.find(id);
  const found = token?.passwords.find(({ name }) => name === props["passwordName"]);
  const ours = found && (props["createdAt"] ?? found.createdAt) === found.createdAt;
  return ours ? { id, props: { ...props } } : {};
}

async function generate(
  inputs: Props,
  tokens: Tokens,
  choose: (token: TokenFacts) => PasswordName,
): Promise<Props> {
  const tokenId = String(inputs["tokenId"]);
  const token = await tokens.find(tokenId);
  if (!token) {
    throw notThere(addressOf(tokenId));
  }
  if (!token.enabled) {
    throw disabled(addressOf(tokenId));
  }
  const passwordName = choose(token);
  const made = await tokens.generate(tokenId, passwordName, new Date(String(inputs["expiresAt"])));
  return { ...inputs, passwordName, password: made.value, createdAt: made.createdAt };
}

function azureTokens(): Tokens {
  // The Azure SDKs take a second to load, and a check needs none.
  azure ??= lateModule<typeof import("./tokens.ts")>(import.meta.url, "./tokens").azureTokens();
  return azure;
}
