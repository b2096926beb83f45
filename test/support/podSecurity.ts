import { baseline } from "./podSecurity/baseline.ts";
import { restricted } from "./podSecurity/restricted.ts";
import type { PodSpec } from "./stackPods/pod.ts";

export type Standard = "privileged" | "baseline" | "restricted";

/**
 * What of a pod is against a pod security standard, or [] when the API server would take it: every control of the
 * documentation, for pods with Linux; not AppArmor by annotations, which came before its field.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function violations(spec: PodSpec, standard: Standard): string[] {
  if (standard === "privileged") return [];
  return standard === "baseline" ? baseline(spec) : [...baseline(spec), ...restricted(spec)];
}
