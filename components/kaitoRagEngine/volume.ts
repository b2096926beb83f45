import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Form, QUANTITY, STORAGE_CLASS } from "../forms.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";

/**
 * A disk for the indexes. KAITO keeps them in memory, and saves all of them when the pod is told to end,
 * which it has 60 s for; it loads the newest of the 5 saves that it keeps when it starts. What was indexed
 * since the start is lost when the pod ends otherwise (node lost, out of memory); POST /persist/<index> saves
 * at once. Qdrant has none of this. Source: presets/ragengine/lifecycle and GenerateRAGDeploymentManifest,
 * v0.11.0.
 */
export interface RagVolume {
  /** Size of the disk that is made, a Kubernetes quantity; it can grow. @default "10Gi" */
  size?: string;
  /** Storage class of the disk that is made. Another one makes a new, empty disk. @default "managed-csi" */
  storageClass?: string;
  /**
   * Name of a PersistentVolumeClaim in the namespace, which is used instead and stays when the RAG engine
   * goes.
   * @default - one is made, which goes with the RAG engine
   */
  existingClaim?: pulumi.Input<string>;
  /** Where it is mounted. @default "/mnt/data" */
  mountPath?: string;
}

/** What AKS makes an Azure disk of. Source: https://learn.microsoft.com/azure/aks/concepts-storage */
export const DEFAULT_STORAGE_CLASS = "managed-csi";

const MOUNT_PATH: Form = {
  pattern: /^(\/[\w.-]+)+$/,
  words: "an absolute path other than /, without a slash at its end",
  example: "/mnt/data",
};

/** `spec.storage` of the RAGEngine. */
export function volumeSpec(volume: RagVolume, claim: pulumi.Input<string>) {
  const mountPath = volume.mountPath && ensure("volume.mountPath", volume.mountPath, matches(MOUNT_PATH));
  if (mountPath?.startsWith("/app")) {
    throw new InputPropertyError("volume.mountPath", `${mountPath} would hide KAITO's own program in /app`);
  }
  return { persistentVolume: { persistentVolumeClaim: claim, mountPath } };
}

/** A claim that a pod can name, and the one that had to be made for it. */
export interface UsedClaim {
  name: pulumi.Input<string>;
  made: PersistentVolumeClaim[];
}

/**
 * Makes the disk that a volume names none for. The storage class is part of its name: another class needs
 * another claim, and one that a pod uses can't go before the pod.
 */
export function usedClaim(
  path: string,
  volume: Pick<RagVolume, "size" | "storageClass" | "existingClaim">,
  child: { name: string; claim: string; namespace: pulumi.Input<string>; parent: pulumi.Resource },
): UsedClaim {
  const { size = "10Gi", storageClass = DEFAULT_STORAGE_CLASS, existingClaim } = volume;
  if (existingClaim !== undefined) {
    for (const key of ["size", "storageClass"] as const) {
      if (volume[key] === undefined) continue;
      throw new InputPropertyError(`${path}.${key}`, "has no effect on existingClaim; leave one of both out");
    }
    return { name: existingClaim, made: [] };
  }
  const name = `${child.claim}-${ensure(`${path}.storageClass`, storageClass, matches(STORAGE_CLASS))}`;
  const claim = new PersistentVolumeClaim(
    child.name,
    {
      metadata: { name, namespace: child.namespace },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: storageClass,
        resources: { requests: { storage: ensure(`${path}.size`, size, matches(QUANTITY)) } },
      },
    },
    { parent: child.parent },
  );
  return { name, made: [claim] };
}
