import type { PodSpec } from "../stackPods/pod.ts";
import { containersOf, contextsOf } from "./fields.ts";

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const PROFILES = ["RuntimeDefault", "Localhost"];

/** What the standard "restricted" demands besides "baseline". */
export function restricted(spec: PodSpec): string[] {
  const own = spec.securityContext ?? {};
  const found: string[] = [];
  for (const { name, ...source } of spec.volumes ?? []) {
    const kinds = Object.keys(source);
    // One without any is an emptyDir.
    if (kinds.length > 0 && !kinds.some((kind) => VOLUMES.includes(kind)))
      found.push(`pod: volume ${name} is a ${kinds[0]}`);
  }
  for (const { label, context } of contextsOf(spec)) {
    if (context["runAsUser"] === 0) found.push(`${label}: runAsUser 0`);
    if (context["runAsNonRoot"] === false) found.push(`${label}: runAsNonRoot false`);
  }
  for (const { label, context } of containersOf(spec)) {
    const { add = [], drop = [] } = (context["capabilities"] ?? {}) as { add?: string[]; drop?: string[] };
    if (context["allowPrivilegeEscalation"] !== false) found.push(`${label}: allowPrivilegeEscalation`);
    if (!drop.includes("ALL")) found.push(`${label}: capabilities that aren't dropped`);
    for (const each of add)
      if (each !== "NET_BIND_SERVICE") found.push(`${label}: capability ${each} is added`);
    if ((context["runAsNonRoot"] ?? own["runAsNonRoot"]) !== true)
      found.push(`${label}: runAsNonRoot isn't true`);
    const profile = context["seccompProfile"] ?? own["seccompProfile"];
    if (!PROFILES.includes((profile as { type?: string } | undefined)?.type ?? "")) {
      found.push(`${label}: no seccompProfile`);
    }
  }
  return found;
}
