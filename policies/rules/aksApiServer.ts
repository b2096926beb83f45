import { isCluster } from "../lib/azure.ts";
import { isWider } from "../lib/ranges.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, join, Unknown } from "../lib/unknown.ts";

/** Configuration of `aks-api-server`. */
export interface AksApiServerConfig {
  /** The widest range that may reach the API server, as the length of an IPv4 prefix, 1 to 32. @default 16 */
  widestPrefix: number;
}

const RANGES = "apiServerAccessProfile.authorizedIPRanges";

/** The Kubernetes API server of AKS is private, or answers named address ranges only. */
export const aksApiServer = rule<AksApiServerConfig>({
  name: "aks-api-server",
  displayName: "AKS API server not open to the internet",
  severity: "critical",
  demands: "The API server is private, or answers authorized address ranges only.",
  why:
    "It is the way into everything that the cluster runs. Open to the internet, a leaked kubeconfig or a flaw in " +
    "Kubernetes' own sign-in is all that it takes.",
  fix:
    "Set apiServerAccessProfile.enablePrivateCluster: true, or authorizedIPRanges with the ranges of those who work " +
    "with the cluster, pipelines included.",
  config: {
    widestPrefix: {
      type: "integer",
      minimum: 1,
      maximum: 32,
      default: 16,
      description: "The widest range that may reach the API server, as the length of an IPv4 prefix.",
    },
  },
  applies: isCluster,
  check({ props }, { widestPrefix }, found) {
    const isPrivate = dig(props, "apiServerAccessProfile", "enablePrivateCluster");
    if (isPrivate instanceof Unknown) return found.unknown(isPrivate);
    if (isPrivate === true) return;
    const ranges = dig(props, "apiServerAccessProfile", "authorizedIPRanges");
    if (ranges instanceof Unknown) return found.unknown(ranges);
    if (!Array.isArray(ranges) || ranges.length === 0) {
      return found.violation(
        "The API server answers the whole internet (apiServerAccessProfile has neither enablePrivateCluster nor " +
          "authorizedIPRanges).",
      );
    }
    ranges.forEach((range, i) => {
      checkRange(range, join(RANGES, i), widestPrefix, found);
    });
  },
});

function checkRange(range: unknown, path: string, widest: number, found: Findings) {
  if (range instanceof Unknown) return found.unknown(range);
  // AKS reads 0.0.0.0/32 as "the cluster's own outbound addresses only", which opens nothing.
  if (isWider(range, widest)) {
    found.violation(`${range} may reach the API server, which is wider than /${widest} (${path}).`);
  }
}
