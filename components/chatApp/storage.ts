import type { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type DataDisk, usedDisk } from "../dataDisk.ts";
import { InputPropertyError } from "../validation.ts";

/**
 * Where chats (with SQLite) and files are kept: a disk of "10Gi" if nothing else is said, or with several
 * pods a share of the class "azurefile-csi", because an Azure disk is one node's at a time.
 */
export interface ChatStorage extends DataDisk {
  /**
   * "ReadWriteMany": all pods, on all nodes, write it; with several replicas nothing else is possible.
   * @default "ReadWriteOnce", or "ReadWriteMany" with several replicas
   */
  accessMode?: "ReadWriteOnce" | "ReadWriteMany";
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
  /** With a database of its own and without files nothing is kept in the pods. */
  anything: boolean;
}

/** Makes the volume at the app's data folder. */
export function dataVolume(
  storage: ChatStorage | undefined,
  { replicas, anything }: Kept,
  place: { name: string; app: string; namespace: pulumi.Input<string>; parent: pulumi.Resource },
): DataVolume {
  if (!anything) {
    if (storage !== undefined) {
      throw new InputPropertyError("storage", "isn't used: chats are in the database, and uploads are off");
    }
    return { source: { name: "data", emptyDir: { sizeLimit: "1Gi" } }, made: [], writtenByOne: false };
  }
  const { accessMode = replicas > 1 ? "ReadWriteMany" : "ReadWriteOnce", ...disk } = storage ?? {};
  if (replicas > 1 && accessMode !== "ReadWriteMany") {
    throw new InputPropertyError(
      "storage.accessMode",
      `must be "ReadWriteMany" with ${replicas} replicas, which all write files; or set uploads to false`,
    );
  }
  const many = accessMode === "ReadWriteMany";
  if (many && disk.existingClaim === undefined) disk.storageClass ??= "azurefile-csi";
  const { name, namespace, parent } = place;
  const claim = { name: `${name}-data`, claim: `${place.app}-data`, size: "10Gi", accessMode };
  const { name: claimName, made } = usedDisk("storage.", disk, { ...claim, namespace, parent });
  return { source: { name: "data", persistentVolumeClaim: { claimName } }, made, writtenByOne: !many };
}
