/**
 * What of the restricted pod security standard a container says itself, and a root file system that it can't write.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedContainer() {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
}

/** What a pod with volumes says of it for all its containers, as this user and group. */
export function restrictedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    // Changing the group of every file at each start would take minutes on a large disk.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}
