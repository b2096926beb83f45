import type { Settings } from "../settings.ts";
import { inRegistry, repositoryOf, type ServerImages, versionOf } from "../shared/images.ts";

/**
 * The images of servers whose source is here: those that the settings name, and for the others the version of the
 * checkout in the registry of the settings, where somebody has put it. Nothing is built.
 *
 * @param needed folders below `servers`, each with a Dockerfile
 */
export function localImages(
  { images }: Pick<Settings, "images">,
  registry: string,
  needed: Iterable<string>,
): ServerImages {
  return Object.fromEntries(
    [...new Set(needed)].map((server) => {
      const image = images.prebuilt[server] ?? `${repositoryOf(server)}:${versionOf(server)}`;
      return [server, inRegistry(image, registry)] as const;
    }),
  );
}
