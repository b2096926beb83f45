import { ensure, InputPropertyError, mustBe } from "../validation.ts";

/** A pod security standard. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurityStandard = "restricted" | "baseline" | "privileged";

/** Why pods of a namespace needn't meet the standard "restricted". */
export interface PodSecurityExemption {
  /** The strictest standard that they do meet. */
  standard: Exclude<PodSecurityStandard, "restricted">;
  /** What in these pods is against the stricter one, in a sentence of at least 20 characters. */
  reason: string;
}

/** Where the reason stands in the cluster. */
export const REASON_ANNOTATION = "mcpaas.dev/pod-security-exemption";

const SHORTEST_REASON = 20;

/** What a reason must be instead, or nothing when somebody who reads it can judge it. */
export function reasonRule(reason: string): string | undefined {
  return reason.trim().length >= SHORTEST_REASON
    ? undefined
    : `a sentence of at least ${SHORTEST_REASON} characters that says what in these pods is against the stricter standard`;
}

/** The standard of a namespace, whose exemption, if it has one, gives a reason. */
export function checkedStandard(exemption: PodSecurityExemption | undefined): PodSecurityStandard {
  if (exemption === undefined) return "restricted";
  const { standard, reason } = exemption;
  if (standard !== "baseline" && standard !== "privileged") {
    throw new InputPropertyError(
      "podSecurityExemption.standard",
      `${JSON.stringify(standard)} is not allowed; it must be "baseline" or "privileged", ` +
        'or leave the exemption out for the standard "restricted"',
    );
  }
  ensure("podSecurityExemption.reason", reason ?? "", mustBe(reasonRule));
  return standard;
}

/** Labels by which the API server enforces the standard, and the reason for one that isn't the strictest. */
export function podSecurityMetadata(
  standard: PodSecurityStandard,
  exemption: PodSecurityExemption | undefined,
  labels: Record<string, string> | undefined,
) {
  return {
    labels: {
      ...labels,
      "pod-security.kubernetes.io/enforce": standard,
      "pod-security.kubernetes.io/audit": standard,
      "pod-security.kubernetes.io/warn": standard,
    },
    ...(exemption === undefined ? {} : { annotations: { [REASON_ANNOTATION]: exemption.reason } }),
  };
}
