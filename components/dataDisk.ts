import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type * as pulumi from "@pulumi/pulumi";
import { QUANTITY, STORAGE_CLASS } from "./forms.ts";
import { type Check, ensure, InputPropertyError, matches } from "./validation.ts";

/**
 * What becomes of data when what holds them leaves the program. "keep": the claim stays in the cluster, and
 * is taken up again when the component comes back; it goes with its namespace all the same. "refuse": Pulumi
 * refuses to delete or to replace it, and `pulumi destroy` fails until that is changed. "delete": it goes.
 */
export type DataDeletion = "keep" | "refuse" | "delete";

/** A disk with data that are worth keeping. */
export interface DataDisk {
  /** Size of the disk that is made, a Kubernetes quantity; it can grow, never shrink. */
  size?: string;
  /**
   * Storage class of the disk that is made. Another one makes a new, empty disk. AKS's own delete the Azure
   * disk with the claim; one with the reclaim policy Retain keeps it, also when the namespace goes.
   * CLUSTER_DEFAULT_CLASS is whichever class the cluster takes by itself, for clusters that AKS didn't make.
   * @default "managed-csi"
   */
  storageClass?: string;
  /** Name of a PersistentVolumeClaim in the namespace to use instead. @default - one is made */
  existingClaim?: pulumi.Input<string>;
  /** What becomes of the disk that is made. @default "keep" */
  deletion?: DataDeletion;
}

/** A claim that a pod can name, and the one that had to be made for it. */
export interface UsedDisk {
  name: pulumi.Input<string>;
  made: PersistentVolumeClaim[];
}

/** Stands for the class that is marked as the cluster's default: the claim names none. */
export const CLUSTER_DEFAULT_CLASS = "cluster-default";

/** What AKS makes an Azure disk of. Source: https://learn.microsoft.com/azure/aks/concepts-storage */
const DEFAULT_STORAGE_CLASS = "managed-csi";

/**
 * Refuses the classes with which AKS makes a share of files: what a database writes there is not safe, and
 * SQLite finds it locked. Classes of one's own aren't known.
 * Source: https://learn.microsoft.com/azure/aks/concepts-storage, "Storage classes".
 */
export const diskClass: Check<string> = (storageClass) =>
  /^azure(file|blob)/.test(storageClass)
    ? `"${storageClass}" makes a share, on which a database isn't safe; take a class of disks, such as "managed-csi"`
    : undefined;

/** Refuses the classes with which AKS makes disks, which one node has at a time. Source: as of diskClass. */
export const shareClass: Check<string> = (storageClass) =>
  /^(default$|managed)/.test(storageClass)
    ? `"${storageClass}" makes a disk, which the pods of one node can have; take a class of shares, such as ` +
      '"azurefile-csi"'
    : undefined;

/**
 * Makes the disk that is not there yet. What of a claim can't be changed is part of its name, because another
 * class or access mode needs another claim: under the same name Kubernetes would refuse it, or wait for the pod
 * that has the old one. Pulumi doesn't wait until it is bound, which is when the first pod uses it.
 *
 * @param path of the argument in messages, with a dot at its end, or ""
 * @param child.size the size if none is given
 */
export function usedDisk(
  path: string,
  disk: DataDisk,
  child: {
    name: string;
    claim: string;
    size: string;
    /** @default "ReadWriteOnce" */
    accessMode?: "ReadWriteOnce" | "ReadWriteMany";
    /** Refuses storage classes that can't be meant. @default - none */
    suits?: Check<string>;
    namespace: pulumi.Input<string>;
    parent: pulumi.Resource;
  },
): UsedDisk {
  const { size = child.size, storageClass = DEFAULT_STORAGE_CLASS, existingClaim, deletion = "keep" } = disk;
  if (existingClaim !== undefined) {
    for (const key of ["size", "storageClass", "deletion"] as const) {
      if (disk[key] === undefined) continue;
      throw new InputPropertyError(`${path}${key}`, "has no effect on existingClaim; leave one of both out");
    }
    return { name: existingClaim, made: [] };
  }
  ensure(
    `${path}storageClass`,
    storageClass,
    (given) => matches(STORAGE_CLASS)(given) ?? child.suits?.(given),
  );
  const shared = child.accessMode === "ReadWriteMany";
  const name = `${child.claim}-${storageClass}${shared ? "-shared" : ""}`;
  const claim = new PersistentVolumeClaim(
    child.name,
    {
      metadata: { name, namespace: child.namespace, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: [child.accessMode ?? "ReadWriteOnce"],
        storageClassName: storageClass === CLUSTER_DEFAULT_CLASS ? undefined : storageClass,
        resources: { requests: { storage: ensure(`${path}size`, size, matches(QUANTITY)) } },
      },
    },
    { parent: child.parent, retainOnDelete: deletion === "keep", protect: deletion === "refuse" },
  );
  return { name, made: [claim] };
}
