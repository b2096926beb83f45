import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AcrForAks } from "../../components/acrForAks.ts";
import { AcrTokenPassword } from "../../components/acrTokenPassword.ts";
import { ContainerImage } from "../../components/containerImage.ts";
import { argumentsFrom, InputPropertyError } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";

/** The folder that holds the servers, from the program's: the build context of all of them. */
const CONTEXT = "servers";

/** The servers that have an image, and their folders, which are the last part of their repositories too. */
const SERVERS = { echo: "echo", guard: "guard", innovationEngine: "innovation-engine" } as const;

/** A server of this project that has an image. */
export type ServerImage = keyof typeof SERVERS;

/** The full references of the images that were asked for, all by digest. */
export type ServerImages = Partial<Record<ServerImage, pulumi.Input<string>>>;

/**
 * The images of this project's own servers: those that the settings name, and for the others a build and one login
 * for all of them, which may push to their repositories and to nothing else.
 *
 * @param needed what the stack runs; no other image is built.
 * @throws {InputPropertyError} when an image is neither named nor to be built.
 */
export function serverImages(
  { images }: Pick<Settings, "images">,
  { registry, resourceGroupName }: { registry: AcrForAks; resourceGroupName: pulumi.Input<string> },
  needed: Iterable<ServerImage>,
): ServerImages {
  const wanted = [...new Set(needed)];
  const toBuild = wanted.filter((server) => images.prebuilt[SERVERS[server]] === undefined);
  if (!images.build && toBuild.length > 0) {
    const keys = toBuild.map((server) => `mcpaas:images.prebuilt.${SERVERS[server]}`);
    throw new InputPropertyError(
      keys.join(", "),
      `missing, while mcpaas:images.build is false and the stack needs ${toBuild.length > 1 ? "them" : "it"}; ` +
        "name an image by digest, or set mcpaas:images.build to true",
    );
  }
  const built = buildAll(toBuild, registry, resourceGroupName);
  return Object.fromEntries(
    wanted.map((server) => {
      const prebuilt = images.prebuilt[SERVERS[server]];
      return [
        server,
        prebuilt === undefined ? built[server] : inRegistry(prebuilt, registry.loginServer),
      ] as const;
    }),
  );
}

function buildAll(
  servers: readonly ServerImage[],
  registry: AcrForAks,
  resourceGroupName: pulumi.Input<string>,
): ServerImages {
  if (servers.length === 0) return {};
  const repositoryOf = (server: ServerImage) => `mcp/${SERVERS[server]}`;
  const { loginServer } = registry;
  return argumentsFrom("mcpaas:images", () => {
    const login = new AcrTokenPassword("images", {
      resourceGroupName,
      registryName: registry.name,
      loginServer,
      repositories: servers.map(repositoryOf),
      actions: "push",
    });
    return Object.fromEntries(
      servers.map((server) => {
        const folder = `${CONTEXT}/${SERVERS[server]}`;
        const { image } = new ContainerImage(`${SERVERS[server]}-image`, {
          loginServer,
          repository: repositoryOf(server),
          tag: versionOf(folder),
          login,
          context: CONTEXT,
          dockerfile: `${folder}/Dockerfile`,
        });
        return [server, image] as const;
      }),
    );
  });
}

/** A server's version, from its package. */
function versionOf(folder: string): string {
  const file = `${folder}/package.json`;
  try {
    return String((JSON.parse(readFileSync(file, "utf8")) as { version?: unknown }).version);
  } catch (error) {
    throw new InputPropertyError(
      "build",
      `can't read ${file} (${(error as Error).message}); run the program from a checkout, or set ` +
        "mcpaas:images.build to false and name images by digest",
    );
  }
}

/**
 * The full reference of an image: one that names no registry is in the stack's own. As in Docker, the part before
 * the first slash is a registry when it has a dot or a port, or is localhost.
 */
export function inRegistry(image: string, loginServer: pulumi.Input<string>): pulumi.Input<string> {
  const [first, ...rest] = image.split("/");
  const namesRegistry = rest.length > 0 && (/[.:]/.test(first as string) || first === "localhost");
  return namesRegistry ? image : pulumi.interpolate`${loginServer}/${image}`;
}
