/** A token by the names in its ARM id. */
export interface TokenAddress {
  subscriptionId: string;
  resourceGroupName: string;
  registryName: string;
  tokenName: string;
}

const form =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)\/tokens\/([^/]+)$/i;

/** @throws {Error} for what is no ARM id of a token */
export function addressOf(tokenId: string): TokenAddress {
  const match = form.exec(tokenId);
  if (!match) {
    throw new Error(`${JSON.stringify(tokenId)} is no ARM id of a registry token`);
  }
  const [subscriptionId = "", resourceGroupName = "", registryName = "", tokenName = ""] = match.slice(1);
  return { subscriptionId, resourceGroupName, registryName, tokenName };
}
