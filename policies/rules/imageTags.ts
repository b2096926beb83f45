import { parseImage } from "../lib/image.ts";
import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { dig, isHidden } from "../lib/unknown.ts";

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
  roles: ALL_ROLES,
  checkContainer({ label, path, fields, imageDefaulted }, pod, config, found) {
    const image = dig(fields, "image");
    if (isHidden(image, found)) return;
    if (image === undefined && (imageDefaulted || pod.partial)) return;
    const fault = faultOf(image, config.forbidden);
    if (fault !== undefined) found.violation(`${label} ${fault} (${path}.image).`);
  },
});

function faultOf(image: unknown, forbidden: string[]): string | undefined {
  if (typeof image !== "string" || image === "") return "names no image, so whatever runs it picks one";
  const { tag, digest } = parseImage(image);
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest) ? undefined : `runs ${image}, whose digest is malformed`;
  }
  if (!tag) return `runs ${image}, which has no tag and so means latest`;
  return forbidden.includes(tag) ? `runs ${image}, whose tag says no version` : undefined;
}
