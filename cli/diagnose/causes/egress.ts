import type { Cluster } from "../cluster.ts";
import { type Cause, type Evidence, ref } from "../finding.ts";
import { selects } from "../matching.ts";
import type { Pod } from "../objects.ts";
import { containersOf, logCommand, logLine, ofLog } from "../podState.ts";
import type { NetworkPolicy, PolicyPeer } from "../resources.ts";
import { settingOf } from "../settings.ts";
import { DOWNLOADS } from "./roles.ts";

/** Of Python's requests and huggingface_hub, of curl, skopeo and oras. */
const UNREACHABLE =
  /couldn't connect to 'https:\/\/huggingface|Max retries exceeded|Name or service not known|Temporary failure in name resolution|Could not resolve host|Connection timed out|ConnectTimeout|Network is unreachable|HTTP status code: 000|dial tcp .*(timeout|no such host)|LocalEntryNotFoundError/i;

const HTTPS = 443;

/** Its pods must fetch something from the internet, and a NetworkPolicy doesn't let them. */
export const downloadsBlocked: Cause = {
  id: "downloads-blocked",
  roles: DOWNLOADS,
  explains: ["crash-loop", "still-starting", "probe-failing", "tuning-data", "tuning-failed"],
  judge(cluster, subject) {
    const [pod] = subject.pods;
    if (pod === undefined) return undefined;
    const policies = egressPolicies(cluster, pod);
    const blocked = policies !== undefined && policies.length > 0 && !policies.some(letsOut);
    const line = logLine(cluster, subject, UNREACHABLE);
    const began = containersOf({ pods: [pod] }).some(
      ({ status }) => status.state?.running ?? status.lastState?.terminated,
    );
    if (!line && !(blocked && began)) return undefined;
    const evidence: Evidence[] = [
      ...(line ? [ofLog(line)] : []),
      ...(blocked
        ? policies.map((policy) => ({
            object: ref("networkpolicy", policy),
            field: "spec.egress",
            value: rulesText(policy),
          }))
        : []),
    ];
    return {
      summary: blocked
        ? "Its pod may not call the internet, and must fetch the model or the data from there: no NetworkPolicy lets it out to port 443."
        : "Its pod can't reach what it must fetch from the internet.",
      likelihood: line ? (blocked ? 0.96 : 0.85) : 0.5,
      evidence,
      next: [
        blocked
          ? {
              text: `Let it out to huggingface.co and its download hosts: the setting ${settingOf(subject)}.egress`,
              command: `kubectl -n ${subject.namespace} get networkpolicies`,
            }
          : {
              text: "See whether the node reaches it: routes, firewall and DNS of the network",
              command: `kubectl run reach --rm -it --restart=Never --image=curlimages/curl -- -sI https://huggingface.co`,
            },
        ...(line ? [{ text: "See the whole log", command: logCommand(line) }] : []),
      ],
    };
  },
};

/** The policies that say where a pod may go; none means anywhere. */
function egressPolicies(cluster: Cluster, pod: Pod): NetworkPolicy[] | undefined {
  return cluster
    .list("networkpolicies", pod.metadata.namespace)
    ?.filter(
      ({ spec }) =>
        (spec?.policyTypes ?? []).includes("Egress") && selects(spec?.podSelector, pod.metadata.labels),
    );
}

function letsOut({ spec }: NetworkPolicy): boolean {
  return (spec?.egress ?? []).some(
    ({ to = [], ports = [] }) =>
      (to.length === 0 || to.some(isPublic)) &&
      (ports.length === 0 ||
        ports.some(
          ({ port, endPort, protocol = "TCP" }) =>
            protocol === "TCP" &&
            (port === undefined ||
              port === HTTPS ||
              (typeof port === "number" && endPort !== undefined && port <= HTTPS && HTTPS <= endPort)),
        )),
  );
}

/** Addresses outside of the cluster and of private networks. */
function isPublic({ ipBlock }: PolicyPeer): boolean {
  return (
    ipBlock !== undefined &&
    !/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|fd|fc)/i.test(ipBlock.cidr)
  );
}

function rulesText({ spec }: NetworkPolicy): string {
  const rules = spec?.egress ?? [];
  if (rules.length === 0) return "nothing";
  return rules
    .map(({ to = [], ports = [] }) => {
      const where = to.map(({ ipBlock }) => ipBlock?.cidr ?? "pods").join(", ") || "anywhere";
      const which = ports.map(({ port, protocol = "TCP" }) => `${protocol} ${port ?? "any"}`).join(", ");
      return `${where}${which ? ` (${which})` : ""}`;
    })
    .join("; ");
}
