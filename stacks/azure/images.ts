import * as pulumi from "@pulumi/pulumi";

/**
 * The full reference of an image: one that names no registry is in the stack's own. As in Docker, the part before
 * the first slash is a registry when it has a dot or a port, or is localhost.
 */
export function inRegistry(image: string, loginServer: pulumi.Input<string>): pulumi.Input<string> {
  const [first, ...rest] = image.split("/");
  const namesRegistry = rest.length > 0 && (/[.:]/.test(first as string) || first === "localhost");
  return namesRegistry ? image : pulumi.interpolate`${loginServer}/${image}`;
}
