import { ScopeMap } from "@pulumi/azure-native/containerregistry/scopeMap.js";
import { Token } from "@pulumi/azure-native/containerregistry/token.js";
import type * as pulumi from "@pulumi/pulumi";

/** What a token may do with its repositories: push (and read back what it pushed), or pull only. */
export type TokenActions = "push" | "pull";

/** Source: https://aka.ms/acr/repo-permissions */
const RIGHTS: Record<TokenActions, { words: string; rights: readonly string[] }> = {
  push: { words: "Push to", rights: ["content/read", "content/write", "metadata/read"] },
  pull: { words: "Pull from", rights: ["content/read", "metadata/read"] },
};

/** Which token, and for what. */
export interface ScopedTokenArgs {
  resourceGroupName: pulumi.Input<string>;
  registryName: pulumi.Input<string>;
  /** Name of both the token and its scope map in the registry. */
  tokenName: string;
  repositories: readonly string[];
  actions: TokenActions;
}

/** A token that may do this with these repositories and with no others. It has no password yet. */
export function scopedToken(name: string, args: ScopedTokenArgs, opts: { parent: pulumi.Resource }): Token {
  const { resourceGroupName, registryName, tokenName, repositories, actions } = args;
  const { words, rights } = RIGHTS[actions];
  // Both are replaced only by ones with another id, so the new ones can come first: nobody is locked out
  // meanwhile, and no scope map has to go while a token still uses it.
  const options = { ...opts, deleteBeforeReplace: false };
  const scopeMap = new ScopeMap(
    `${name}-scope`,
    {
      resourceGroupName,
      registryName,
      scopeMapName: tokenName,
      description: `${words} ${repositories.join(", ")}`,
      actions: repositories.flatMap((repository) =>
        rights.map((right) => `repositories/${repository}/${right}`),
      ),
    },
    options,
  );
  return new Token(
    `${name}-token`,
    { resourceGroupName, registryName, tokenName, scopeMapId: scopeMap.id, status: "enabled" },
    // A refresh takes passwords that were generated meanwhile for a setting of the token. Without this the
    // next update would take it back by a PUT without them, which wipes them
    // (https://github.com/Azure/acr/issues/667).
    { ...options, ignoreChanges: ["credentials"] },
  );
}
