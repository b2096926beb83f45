import { kindOf } from "../lib/objects.ts";
import { holdsPods, podsOf } from "../lib/pods.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { parseTaint, tolerates } from "../lib/scheduling.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** The taint that AKS puts on spot nodes. Source: https://learn.microsoft.com/azure/aks/spot-node-pool */
const SPOT = parseTaint("kubernetes.azure.com/scalesetpriority=spot:NoSchedule");

/** How long Azure warns before it takes a spot VM. Source: the same. */
const NOTICE_SECONDS = 30;

/** What may run on spot nodes bears it that they go. */
export const spotWorkloads = rule<object>({
  name: "spot-workloads",
  displayName: "Spot nodes only for what bears eviction",
  severity: "high",
  demands:
    "Pods that tolerate spot nodes are started anew by a controller, end within Azure's notice, and hold no volumes " +
    "that only one node can have.",
  why:
    "Azure takes a spot node whenever it needs it, with 30 seconds' notice. A pod of its own doesn't come back, and a " +
    "volume stays attached to a node that is gone.",
  fix:
    "Take the toleration of kubernetes.azure.com/scalesetpriority away; or run it as a Deployment, or a Job with a " +
    "backoffLimit, without volume claims and with terminationGracePeriodSeconds of 30 at most.",
  config: {},
  applies: holdsPods,
  check({ type, props }, _config, found) {
    const kind = kindOf(type);
    // A DaemonSet's pods belong to their nodes and go with them.
    if (kind === "apps/DaemonSet") return;
    for (const pod of podsOf(type, props)) {
      const tolerated = tolerates(pod.spec, SPOT);
      if (tolerated instanceof Unknown) found.unknown(tolerated);
      else if (tolerated) checkPod(kind, props, pod.spec, pod.path, found);
    }
  },
});

function checkPod(kind: string | undefined, props: unknown, spec: unknown, path: string, found: Findings) {
  const where = `it tolerates spot nodes (${path}.tolerations)`;
  if (kind === "core/Pod") found.violation(`Nothing starts this pod anew when its node goes, and ${where}.`);
  if (kind === "apps/StatefulSet") {
    found.violation(`This StatefulSet's pods wait for a node that is gone, and ${where}.`);
  }
  if (kind === "batch/Job" || kind === "batch/CronJob") {
    const job = kind === "batch/Job" ? dig(props, "spec") : dig(props, "spec", "jobTemplate", "spec");
    const retries = dig(job, "backoffLimit");
    if (retries instanceof Unknown) found.unknown(retries);
    else if (retries === 0)
      found.violation(`This job is never tried again (backoffLimit is 0), and ${where}.`);
  }
  checkNotice(dig(spec, "terminationGracePeriodSeconds"), where, found);
  checkVolumes(dig(spec, "volumes"), where, found);
}

function checkNotice(seconds: unknown, where: string, found: Findings) {
  if (seconds instanceof Unknown) found.unknown(seconds);
  else if (typeof seconds === "number" && seconds > NOTICE_SECONDS) {
    found.violation(
      `This pod takes up to ${seconds} s to end (terminationGracePeriodSeconds), Azure gives it ${NOTICE_SECONDS}, ` +
        `and ${where}.`,
    );
  }
}

function checkVolumes(volumes: unknown, where: string, found: Findings) {
  if (volumes instanceof Unknown) return found.unknown(volumes);
  for (const volume of Array.isArray(volumes) ? volumes : []) {
    if (volume instanceof Unknown) found.unknown(volume);
    const claim = dig(volume, "persistentVolumeClaim");
    if (claim instanceof Unknown) found.unknown(claim);
    else if (claim !== undefined) {
      found.violation(
        `This pod's volume "${dig(volume, "name")}" stays with a node that is gone, and ${where}.`,
      );
    }
  }
}
