import { type Cause, describe, type Evidence, ofEvent, ref } from "../finding.ts";
import { podEvents, waiting } from "../podState.ts";
import type { Subject } from "../subject.ts";
import { lastError } from "./reconcile.ts";
import { WITH_PODS } from "./roles.ts";

// Sources: makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go and the volume plugins of Kubernetes 1.35;
// EnsureConfigOrCopyFromDefault in pkg/utils/resources of KAITO 0.11.0.
const PATTERNS: readonly RegExp[] = [
  /(?<kind>secret|configmap) "(?<name>[^"]+)" not found/i,
  /couldn't find key (?<key>\S+) in (?<kind>Secret|ConfigMap) \S+\/(?<name>[^\s"]+)/,
  /references non-existent (?<kind>secret|config) key: (?<key>\S+)/,
  /user specified (?<kind>ConfigMap) (?<name>\S+) not found/,
];

/** A Secret or ConfigMap that it needs isn't there, or lacks a key. */
export const referenceMissing: Cause = {
  id: "reference-missing",
  roles: WITH_PODS,
  explains: ["still-starting", "reconcile-error", "old-pods"],
  judge(cluster, subject) {
    const said = saying(cluster, subject);
    for (const evidence of said) {
      const found = PATTERNS.map((pattern) => evidence.value?.match(pattern)?.groups).find(Boolean);
      if (!found) continue;
      const { kind = "", name = "", key } = found;
      const what = /secret/i.test(kind) ? "Secret" : "ConfigMap";
      const pod = subject.pods[0];
      return {
        summary: key
          ? `The ${what} ${name || "that it uses"} has no key ${key}.`
          : `The ${what} ${name} that it uses doesn't exist in ${subject.namespace}.`,
        likelihood: 0.96,
        evidence: [evidence],
        next: [
          {
            text: key ? "See its keys" : "See which there are",
            command: `kubectl -n ${subject.namespace} ${key && name ? `describe ${what.toLowerCase()} ${name}` : `get ${what.toLowerCase()}s`}`,
          },
          ...(pod ? [{ text: "", command: describe("pod", pod) }] : []),
        ],
      };
    }
    return undefined;
  },
};

function saying(cluster: Parameters<Cause["judge"]>[0], subject: Subject): Evidence[] {
  const held = waiting(subject, /^(CreateContainerConfigError|CreateContainerError)$/).map(
    ({ pod, status }) => ({
      object: ref("pod", pod),
      field: `container ${status.name}, ${status.state?.waiting?.reason}`,
      value: status.state?.waiting?.message ?? "",
    }),
  );
  const stillHeld = subject.pods.some(({ status }) => status?.phase === "Pending");
  const mounts = stillHeld
    ? podEvents(cluster, subject, /^FailedMount$/).map((event) => ofEvent(cluster, event))
    : [];
  const last = lastError(subject);
  return [
    ...held,
    ...mounts,
    ...(last
      ? [
          {
            object: `${subject.kind} ${subject.namespace}/${subject.name}`,
            field: `condition ${last.type}`,
            value: last.error,
          },
        ]
      : []),
  ];
}
