import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import type { AcrForAks } from "../../components/acrForAks.ts";
import { AcrTokenPassword } from "../../components/acrTokenPassword.ts";
import { ContainerImage } from "../../components/containerImage.ts";
import { argumentsFrom, InputPropertyError } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { CONTEXT, inRegistry, repositoryOf, type ServerImages, versionOf } from "../shared/images.ts";

/**
 * The images of servers whose source is here: those that the settings name, and for the others a build and one login
 * for all of them, which may push to their repositories and to nothing else.
 *
 * @param needed folders below `servers`, each with a Dockerfile: what the stack runs. No other image is built.
 * @throws {InputPropertyError} when an image is neither named nor to be built, or there is no such folder.
 */
export function serverImages(
  { images }: Pick<Settings, "images">,
  { registry, resourceGroupName }: { registry: AcrForAks; resourceGroupName: pulumi.Input<string> },
  needed: Iterable<string>,
): ServerImages {
  const wanted = [...new Set(needed)].sort();
  warnOfUnneeded(Object.keys(images.prebuilt), wanted);
  const toBuild = wanted.filter((server) => images.prebuilt[server] === undefined);
  if (!images.build && toBuild.length > 0) {
    const keys = toBuild.map((server) => `mcpaas:images.prebuilt.${server}`);
    throw new InputPropertyError(
      keys.join(", "),
      `missing, while mcpaas:images.build is false and the stack needs ${toBuild.length > 1 ? "them" : "it"}; ` +
        "name an image by digest, or set mcpaas:images.build to true",
    );
  }
  const built = buildAll(toBuild, registry, resourceGroupName);
  const named = wanted.flatMap((server) => {
    const prebuilt = images.prebuilt[server];
    return prebuilt === undefined ? [] : [[server, inRegistry(prebuilt, registry.loginServer)] as const];
  });
  return { ...built, ...Object.fromEntries(named) };
}

/** An image that nothing runs may be one whose key is misspelt, while another one is built in its place. */
function warnOfUnneeded(prebuilt: readonly string[], wanted: readonly string[]): void {
  for (const server of prebuilt.filter((one) => !wanted.includes(one))) {
    const nearest = wanted.length > 0 ? `; the nearest that it needs is "${closest(server, wanted)}"` : "";
    pulumi.log.warn(
      `mcpaas:images.prebuilt.${server} has no effect: nothing in the stack runs that image${nearest}`,
    );
  }
}

function buildAll(
  servers: readonly string[],
  registry: AcrForAks,
  resourceGroupName: pulumi.Input<string>,
): ServerImages {
  if (servers.length === 0) return {};
  const { loginServer } = registry;
  return argumentsFrom("mcpaas:images", () => {
    const tags = servers.map(versionOf);
    const login = new AcrTokenPassword("images", {
      resourceGroupName,
      registryName: registry.name,
      loginServer,
      repositories: servers.map(repositoryOf),
      actions: "push",
    });
    return Object.fromEntries(
      servers.map((server, index) => {
        const { image } = new ContainerImage(`${server}-image`, {
          loginServer,
          repository: repositoryOf(server),
          tag: tags[index] as string,
          login,
          context: CONTEXT,
          dockerfile: `${CONTEXT}/${server}/Dockerfile`,
        });
        return [server, image] as const;
      }),
    );
  });
}
