import type {
  CoreV1Event,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1StorageClass,
} from "@kubernetes/client-node";
import { drivers, localPath } from "./storageClasses.ts";

/** Keeps a volume until its disk is deleted; the provisioner puts it there and takes it away. */
export const finalizer = "external-provisioner.volume.kubernetes.io/finalizer";
/** The annotation of a volume that says who made it. */
export const provisionedBy = "pv.kubernetes.io/provisioned-by";

/** The volume that Kubernetes's external provisioner makes for a claim. */
export function volumeFor(
  claim: V1PersistentVolumeClaim,
  driver: string,
  { reclaimPolicy, mountOptions }: V1StorageClass,
): V1PersistentVolume {
  const { spec } = claim;
  const volume = `pvc-${claim.metadata?.uid}`;
  return {
    metadata: { name: volume, annotations: { [provisionedBy]: driver }, finalizers: [finalizer] },
    spec: {
      capacity: { storage: spec?.resources?.requests?.["storage"] ?? "" },
      accessModes: spec?.accessModes ?? [],
      volumeMode: spec?.volumeMode ?? "Filesystem",
      persistentVolumeReclaimPolicy: reclaimPolicy ?? "Delete",
      storageClassName: spec?.storageClassName ?? "",
      ...(mountOptions ? { mountOptions } : {}),
      claimRef: referenceTo(claim),
      ...(driver === localPath
        ? { hostPath: { path: `/var/local-path-provisioner/${volume}`, type: "DirectoryOrCreate" } }
        : { csi: { driver, volumeHandle: volume } }),
    },
  };
}

/**
 * Why the driver makes no volume for a claim, in its words; undefined when it does.
 * Sources: kubernetes-sigs/azuredisk-csi-driver, pkg/azureutils, IsValidVolumeCapabilities;
 * rancher/local-path-provisioner, provisioner.go, provisionFor.
 */
export function refusalOf(claim: V1PersistentVolumeClaim, driver: string): string | undefined {
  const shared = claim.spec?.accessModes?.find((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
  if (driver === localPath && shared) {
    return "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes";
  }
  if (driver !== drivers.disk || !shared || claim.spec?.volumeMode === "Block") {
    return undefined;
  }
  const mode = shared === "ReadWriteMany" ? "MULTI_NODE_MULTI_WRITER" : "MULTI_NODE_READER_ONLY";
  return `rpc error: code = InvalidArgument desc = mountVolume is not supported for access mode: ${mode}`;
}

/** The event by which the provisioner tells of a claim that it can't meet. */
export function refusalEvent(claim: V1PersistentVolumeClaim, message: string, now: Date): CoreV1Event {
  const { name, namespace = "" } = claim.metadata ?? {};
  return {
    metadata: { generateName: `${name}.`, namespace },
    involvedObject: referenceTo(claim),
    type: "Warning",
    reason: "ProvisioningFailed",
    message,
    source: { component: "external-provisioner" },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}

function referenceTo({ metadata: { name = "", namespace = "", uid = "" } = {} }: V1PersistentVolumeClaim) {
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid };
}
