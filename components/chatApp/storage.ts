import type { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type DataDisk, diskClass, shareClass, usedDisk } from "../dataDisk.ts";
import { InputPropertyError } from "../validation.ts";

/**
 * Where chats (with SQLite) and files are kept: a disk of "10Gi" with SQLite, and with a database a share of
 * "10Gi". Another storage class or access mode is another, empty volume: files stay behind on the old one, and
 * with SQLite chats and accounts do. The number of pods changes neither.
 */
export interface ChatStorage extends DataDisk {
  /**
   * "ReadWriteMany": all pods, on all nodes, write it; with SQLite impossible, with several replicas the only
   * possibility. @default "ReadWriteMany" with a database, "ReadWriteOnce" without
   */
  accessMode?: "ReadWriteOnce" | "ReadWriteMany";
  /** Storage class of the volume. @default "azurefile-csi" for "ReadWriteMany", else "managed-csi" */
  storageClass?: string;
}

/** A volume of the pods, and the claim that had to be made for it. */
export interface DataVolume {
  source: input.core.v1.Volume;
  made: PersistentVolumeClaim[];
  /** It is a disk that one pod alone can have. */
  writtenByOne: boolean;
}

/** What decides whether anything has to be kept in the pods, and how many of them write. */
export interface Kept {
  replicas: number;
  /** Chats are in the pods' volume. */
  sqlite: boolean;
  /** Files are. */
  uploads: boolean;
}

/** Makes the volume at the app's data folder. */
export function dataVolume(
  storage: ChatStorage | undefined,
  { replicas, sqlite, uploads }: Kept,
  place: { name: string; app: string; namespace: pulumi.Input<string>; parent: pulumi.Resource },
): DataVolume {
  if (!sqlite && !uploads) {
    if (storage !== undefined) {
      throw new InputPropertyError("storage", "isn't used: chats are in the database, and uploads are off");
    }
    return { source: { name: "data", emptyDir: { sizeLimit: "1Gi" } }, made: [], writtenByOne: false };
  }
  // By the database, not by the number of pods: else who wants one more would find an empty volume.
  const { accessMode = sqlite ? "ReadWriteOnce" : "ReadWriteMany", ...disk } = storage ?? {};
  if (sqlite && accessMode === "ReadWriteMany") {
    throw new InputPropertyError(
      "storage.accessMode",
      'must be "ReadWriteOnce" without a database: several pods can\'t share a file of SQLite',
    );
  }
  if (replicas > 1 && accessMode !== "ReadWriteMany") {
    throw new InputPropertyError(
      "storage.accessMode",
      `must be "ReadWriteMany" with ${replicas} replicas, which all write files; or set uploads to false. It is ` +
        "another, empty volume: copy the files to it, or they stay behind on the old one",
    );
  }
  const many = accessMode === "ReadWriteMany";
  if (many && disk.existingClaim === undefined) disk.storageClass ??= "azurefile-csi";
  const { name, namespace, parent } = place;
  const suits = many ? shareClass : diskClass;
  const claim = { name: `${name}-data`, claim: `${place.app}-data`, size: "10Gi", accessMode, suits };
  const { name: claimName, made } = usedDisk("storage.", disk, { ...claim, namespace, parent });
  return { source: { name: "data", persistentVolumeClaim: { claimName } }, made, writtenByOne: !many };
}
