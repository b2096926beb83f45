import { containerRule } from "../lib/podRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Configuration of `image-tags`. */
export interface ImageTagsConfig {
  /** Tags that no image may have. @default ["latest"] */
  forbidden: string[];
}

/** Each image names one version: a digest, or a tag that is not `latest`. */
export const imageTags = containerRule<ImageTagsConfig>({
  name: "image-tags",
  displayName: "Images name a version",
  severity: "high",
  demands: "Each image has a digest, or a tag other than latest.",
  why:
    "What latest means changes under a running workload: a restarted pod runs other code than its neighbour, and " +
    "there is nothing to roll back to.",
  fix: "Name the version: registry/name:1.2.3, or better registry/name@sha256:<digest>.",
  config: {
    forbidden: {
      type: "array",
      items: { type: "string" },
      default: ["latest"],
      description: "Tags that no image may have, unless a digest stands beside it.",
    },
  },
  checkContainer({ label, path, fields, imageDefaulted }, _pod, config, found) {
    const image = dig(fields, "image");
    if (image instanceof Unknown) return found.unknown(image);
    if (image === undefined && imageDefaulted) return;
    const fault = faultOf(image, config.forbidden);
    if (fault !== undefined) found.violation(`${label} ${fault} (${path}.image).`);
  },
});

function faultOf(image: unknown, forbidden: string[]): string | undefined {
  if (typeof image !== "string" || image === "") return "names no image, so whatever runs it picks one";
  const [reference = "", digest] = image.split("@", 2);
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest) ? undefined : `runs ${image}, whose digest is malformed`;
  }
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^:/]*)$/.exec(reference)?.[1];
  if (!tag) return `runs ${image}, which has no tag and so means latest`;
  return forbidden.includes(tag) ? `runs ${image}, whose tag says no version` : undefined;
}
