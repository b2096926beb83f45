import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../../components/validation.ts";

/** The folder that holds the servers, from the program's: the build context of all of them. */
export const CONTEXT = "servers";

/** The full references of images by the servers' folders. */
export type ServerImages = Readonly<Record<string, pulumi.Input<string>>>;

/** The repository of a server's image, in any registry. */
export const repositoryOf = (server: string) => `mcp/${server}`;

/** A server's version: its package's, or where its source is elsewhere that of all of them. */
export function versionOf(server: string): string {
  if (!existsSync(`${CONTEXT}/${server}/Dockerfile`)) {
    const folders = existsSync(CONTEXT)
      ? readdirSync(CONTEXT).filter((folder) => existsSync(`${CONTEXT}/${folder}/Dockerfile`))
      : [];
    throw new InputPropertyError(
      "build",
      `there is no ${CONTEXT}/${server}/Dockerfile; ${
        folders.length > 0
          ? `name one of ${folders.join(", ")}`
          : "run the program from a checkout, or set mcpaas:images.build to false and name images by digest"
      }`,
    );
  }
  const own = `${CONTEXT}/${server}/package.json`;
  const file = existsSync(own) ? own : `${CONTEXT}/package.json`;
  return String((JSON.parse(readFileSync(file, "utf8")) as { version?: unknown }).version);
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
