import { shortHash } from "../names.ts";

/** The length of the part that makes the name unique: 36^10 is enough for every registry of the world. */
const HASH_LENGTH = 10;

/**
 * A registry name is one for the whole of Azure, so it carries a hash of who owns it. The same subscription,
 * group, project and stack always get the same name, so nothing has to be remembered between runs.
 */
export function registryName(
  prefix: string,
  owner: { subscriptionId: string; resourceGroupName: string; project: string; stack: string },
): string {
  const readable = prefix.toLowerCase().replace(/[^a-z0-9]/g, "");
  const hash = shortHash(
    HASH_LENGTH,
    owner.subscriptionId.toLowerCase(),
    owner.resourceGroupName.toLowerCase(),
    owner.project,
    owner.stack,
  );
  return `${readable.slice(0, 50 - HASH_LENGTH)}${hash}`;
}
