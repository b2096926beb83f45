/** What an image's name says. */
export interface ImageName {
  /** Registry and path in full, as container runtimes read it: `docker.io/library/node`. */
  repository: string;
  tag?: string;
  digest?: string;
}

/**
 * Reads an image's name. What stands before the first slash is a registry if it could be a host; else it is Docker
 * Hub's, whose own images are below `library`.
 *
 * Source: https://pkg.go.dev/github.com/distribution/reference, ParseNormalizedNamed
 */
export function parseImage(image: string): ImageName {
  const [name = "", digest] = image.split("@", 2);
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^:/]*)$/.exec(name)?.[1];
  const plain = tag === undefined ? name : name.slice(0, -tag.length - 1);
  const [host = "", ...rest] = plain.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
  const path = hasHost ? plain : `docker.io/${rest.length === 0 ? "library/" : ""}${plain}`;
  return { repository: path, tag, digest };
}
