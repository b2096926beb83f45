import type { Cluster } from "../cluster.ts";
import { type Cause, describe, type Evidence, ofCondition, ofEvent, ref } from "../finding.ts";
import type { Pod } from "../objects.ts";
import { podEvents, unscheduled } from "../podState.ts";
import { WITH_PODS } from "./roles.ts";

/** Sources: pkg/scheduler/framework/plugins/volumebinding and volumezone of Kubernetes 1.35. */
const OF_VOLUMES =
  /PersistentVolumeClaim|persistentvolumeclaim|volume node affinity conflict|available volume zone|PersistentVolume's node affinity|exceed max volume count/;

/** A volume isn't there, or can't be attached. */
export const volumePending: Cause = {
  id: "volume-pending",
  roles: WITH_PODS,
  explains: ["unschedulable", "still-starting"],
  judge(cluster, subject) {
    const pending = unscheduled(subject).find(({ condition }) => OF_VOLUMES.test(condition.message ?? ""));
    const claims = subject.pods.flatMap((pod) => claimNames(pod).map((name) => ({ pod, name })));
    const missing = claims.find(
      ({ pod, name }) => cluster.find("persistentvolumeclaims", pod.metadata.namespace, name) === null,
    );
    const unbound = claims.flatMap(({ pod, name }) => {
      const claim = cluster.find("persistentvolumeclaims", pod.metadata.namespace, name);
      return claim && claim.status?.phase !== "Bound" ? [claim] : [];
    });
    const [mount] = podEvents(
      cluster,
      subject,
      /^(FailedMount|FailedAttachVolume)$/,
      /PersistentVolume|pvc-|disk|volume attachment|Multi-Attach/,
    );
    const claim = unbound.find(
      (each) =>
        pending ||
        !waitsForPod(cluster, each.spec?.storageClassName) ||
        cluster.events("PersistentVolumeClaim", each).some(({ reason }) => reason === "ProvisioningFailed"),
    );
    if (!pending && !missing && !claim && !mount) return undefined;
    const events = claim ? cluster.events("PersistentVolumeClaim", claim).slice(0, 2) : [];
    const evidence: Evidence[] = [
      ...(missing
        ? [
            {
              object: `persistentvolumeclaim ${missing.pod.metadata.namespace}/${missing.name}`,
              value: "doesn't exist",
            },
          ]
        : []),
      ...(claim
        ? [
            {
              object: ref("persistentvolumeclaim", claim),
              field: "status.phase",
              value: `${claim.status?.phase ?? "none"}, storage class ${className(cluster, claim.spec?.storageClassName)}`,
            },
          ]
        : []),
      ...events.map((event) => ofEvent(cluster, event)),
      ...(pending ? [ofCondition(ref("pod", pending.pod), pending.condition)] : []),
      ...(mount ? [ofEvent(cluster, mount)] : []),
    ];
    return {
      summary: missing
        ? `The PersistentVolumeClaim ${missing.name} that it uses doesn't exist.`
        : claim
          ? `Its PersistentVolumeClaim ${claim.metadata.name} has no volume.`
          : "A volume can't be used on the nodes that it could run on, or can't be attached.",
      likelihood: missing || pending ? 0.92 : 0.8,
      evidence,
      next: [
        claim
          ? { text: "See why", command: describe("persistentvolumeclaim", claim) }
          : {
              text: "See the volumes",
              command: `kubectl -n ${subject.namespace} get persistentvolumeclaims`,
            },
      ],
    };
  },
};

function claimNames({ spec }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** A volume of such a class is made when its pod has a node, and not before. */
function waitsForPod(cluster: Cluster, name: string | undefined): boolean {
  return cluster
    .seen("storageclasses")
    .some(
      ({ metadata, volumeBindingMode }) =>
        metadata.name === name && volumeBindingMode === "WaitForFirstConsumer",
    );
}

function className(cluster: Cluster, name: string | undefined): string {
  if (name === undefined) return "of the cluster's default";
  return cluster.find("storageclasses", undefined, name) === null ? `${name}, which doesn't exist` : name;
}
