import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { QUANTITY, STORAGE_CLASS } from "../forms.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";

/** Where chats and files are kept. */
export interface ChatStorage {
  /** Size of the volume that is made, a Kubernetes quantity; it can grow. @default "10Gi" */
  size?: string;
  /**
   * Its storage class. Another one makes a new, empty volume.
   * @default "managed-csi", or "azurefile-csi" where several pods write
   */
  storageClass?: string;
  /**
   * "ReadWriteMany": all pods, on all nodes, which an Azure disk can't, but Azure Files can.
   * @default "ReadWriteOnce", or "ReadWriteMany" with several replicas
   */
  accessMode?: "ReadWriteOnce" | "ReadWriteMany";
  /** Name of a PersistentVolumeClaim of the namespace, which is used instead and stays. @default - one is made */
  existingClaim?: pulumi.Input<string>;
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
  const { existingClaim, size = "10Gi" } = storage ?? {};
  const accessMode = storage?.accessMode ?? (replicas > 1 ? "ReadWriteMany" : "ReadWriteOnce");
  if (replicas > 1 && accessMode !== "ReadWriteMany") {
    throw new InputPropertyError(
      "storage.accessMode",
      `must be "ReadWriteMany" with ${replicas} replicas, which all write files; or set uploads to false`,
    );
  }
  if (existingClaim !== undefined) {
    for (const key of ["size", "storageClass"] as const) {
      if (storage?.[key] === undefined) continue;
      throw new InputPropertyError(`storage.${key}`, "has no effect on existingClaim; leave one of both out");
    }
    return { source: volumeOf(existingClaim), made: [], writtenByOne: accessMode === "ReadWriteOnce" };
  }
  const many = accessMode === "ReadWriteMany";
  const storageClass = storage?.storageClass ?? (many ? "azurefile-csi" : "managed-csi");
  ensure("storage.storageClass", storageClass, matches(STORAGE_CLASS));
  // The class is part of the name: another class needs another claim, and one in use can't go before its pod.
  const name = `${place.app}-data-${storageClass}`;
  const claim = new PersistentVolumeClaim(
    `${place.name}-data`,
    {
      metadata: { name, namespace: place.namespace },
      spec: {
        accessModes: [accessMode],
        storageClassName: storageClass,
        resources: { requests: { storage: ensure("storage.size", size, matches(QUANTITY)) } },
      },
    },
    { parent: place.parent },
  );
  return { source: volumeOf(name), made: [claim], writtenByOne: !many };
}

function volumeOf(claimName: pulumi.Input<string>): input.core.v1.Volume {
  return { name: "data", persistentVolumeClaim: { claimName } };
}
