import { parseImage } from "../lib/image.ts";
import { ALL_ROLES, containerRule } from "../lib/podRule.ts";
import { dig, isHidden } from "../lib/unknown.ts";

/** Configuration of `allowed-registries`. */
export interface AllowedRegistriesConfig {
  /** Registries, or registries with the beginning of a path, that images may come from. */
  registries: string[];
  /** Further ones, beside those. @default [] */
  also: string[];
}

/** Images come from registries that somebody chose. */
export const allowedRegistries = containerRule<AllowedRegistriesConfig>({
  name: "allowed-registries",
  displayName: "Images come from known registries",
  severity: "high",
  demands: "Each image comes from one of the registries, or the folders of them, that are configured.",
  why:
    "Whoever may push to a registry runs programs in the cluster. Docker Hub lets everybody push, and limits how often " +
    "a cluster may pull, which is felt first when nodes are added in a hurry.",
  fix:
    "Copy the image to your own registry (az acr import) and name it there, or add its registry to the rule's " +
    "configuration.",
  config: {
    registries: {
      type: "array",
      items: { type: "string", pattern: "^[^/]*[.:][^/]*(/|$)|^localhost" },
      minItems: 1,
      default: [
        "*.azurecr.io",
        "mcr.microsoft.com",
        "registry.k8s.io",
        "nvcr.io/nvidia",
        "ghcr.io/kagent-dev",
        "ghcr.io/agentgateway",
        "ghcr.io/kaito-project",
        "ghcr.io/kedacore",
        "ghcr.io/open-webui",
        "quay.io/jetstack",
        "ghcr.io/azure",
        "docker.io/qdrant/qdrant",
        "docker.io/valkey/valkey",
        "docker.io/library/postgres",
      ],
      description:
        "Where images may come from: a registry, or one with the beginning of a path; * stands for any characters " +
        'but "/". Name your own registry in place of *.azurecr.io, which is everybody\'s.',
    },
    also: {
      type: "array",
      items: { type: "string", pattern: "^[^/]*[.:][^/]*(/|$)|^localhost" },
      default: [],
      description: "Further ones of the same form, which leave those as they are.",
    },
  },
  roles: ALL_ROLES,
  checkContainer({ label, path, fields }, _pod, { registries, also }, found) {
    const image = dig(fields, "image");
    if (isHidden(image, found)) return;
    // That an image is missing is image-tags' business.
    if (typeof image !== "string" || image === "") return;
    const { repository } = parseImage(image);
    if ([...registries, ...also].some((each) => begins(repository, each))) return;
    found.violation(`${label} runs ${image}, which is in none of the allowed registries (${path}.image).`);
  },
});

/** Whether the repository is the pattern's, or one below it: `ghcr.io/a` is not the beginning of `ghcr.io/ab`. */
function begins(repository: string, pattern: string): boolean {
  const text = pattern.replace(/\/$/, "").split("*").map(RegExp.escape).join("[^/]*");
  return new RegExp(`^${text}(/|$)`).test(repository);
}
