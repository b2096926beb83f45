import { setTimeout as sleep } from "node:timers/promises";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { problemOf } from "../azure/errors.ts";
import { type AzureEnvironment, type AzureSession, azureSession } from "../azure/session.ts";
import { addressOf, type TokenAddress } from "./address.ts";
import { explain, isBeingChanged } from "./errors.ts";
import type { PasswordName } from "./issue.ts";

/** How long one call may take, retries and waiting included, in ms. */
const timeoutMs = 120_000;
/** How often to ask again while something else changes the token: a change takes about five seconds. */
const tries = 8;

/** What Azure tells of a token. */
export interface TokenFacts {
  enabled: boolean;
  /** Never with their values; `createdAt` is an ISO time. */
  passwords: { name: string; createdAt?: string }[];
}

/** A password as it is shown this once. */
export interface NewPassword {
  value: string;
  createdAt?: string;
}

/** What the provider asks of Azure; exchanged in tests. */
export interface Tokens {
  /** Nothing when the token, its registry or its group is gone. */
  find(tokenId: string): Promise<TokenFacts | undefined>;
  generate(tokenId: string, name: PasswordName, expiry: Date): Promise<NewPassword>;
}

/** Asks Azure Resource Manager. @param pauseMs between tries */
export function azureTokens(env: AzureEnvironment = process.env, pauseMs = 5_000): Tokens {
  let session: Promise<AzureSession> | undefined;
  /** One call, with its failure in words. */
  async function call<T>(
    tokenId: string,
    doing: string,
    run: (client: ContainerRegistryManagementClient, token: TokenAddress) => Promise<T>,
  ): Promise<T> {
    const token = addressOf(tokenId);
    try {
      session ??= azureSession(env);
      const { credential, endpoint, scopes } = await session;
      return await run(
        new ContainerRegistryManagementClient(credential, token.subscriptionId, {
          endpoint,
          credentials: { scopes },
        }),
        token,
      );
    } catch (error) {
      throw explain(error, doing, token);
    }
  }

  return {
    find: (tokenId) =>
      call(tokenId, "read", async (client, { resourceGroupName, registryName, tokenName }) => {
        const abortSignal = AbortSignal.timeout(timeoutMs);
        const found = await orNothing(
          client.tokens.get(resourceGroupName, registryName, tokenName, { abortSignal }),
        );
        return (
          found && {
            enabled: found.status !== "disabled",
            passwords: (found.credentials?.passwords ?? []).map(({ name = "", creationTime }) => ({
              name,
              createdAt: creationTime?.toISOString(),
            })),
          }
        );
      }),

    generate: (tokenId, name, expiry) =>
      call(tokenId, "make a password for", async (client, { resourceGroupName, registryName }) => {
        const abortSignal = AbortSignal.timeout(timeoutMs);
        const { passwords } = await whileBeingChanged(pauseMs, () =>
          client.registries.generateCredentials(
            resourceGroupName,
            registryName,
            { tokenId, name, expiry },
            { abortSignal },
          ),
        );
        // The answer lists the other password too, without its value.
        const made = passwords?.find((one) => one.name === name);
        if (!made?.value) {
          throw new Error(`the answer has no value for ${name}`);
        }
        return { value: made.value, createdAt: made.creationTime?.toISOString() };
      }),
  };
}

async function orNothing<T>(answer: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (problemOf(error) === "not-found") {
      return undefined;
    }
    throw error;
  }
}

async function whileBeingChanged<T>(pauseMs: number, run: () => PromiseLike<T>): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      if (left === 0 || !isBeingChanged(error)) {
        throw error;
      }
      await sleep(pauseMs);
    }
  }
}
