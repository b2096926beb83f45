import type { StorageV1Api, V1CSIDriver, V1StorageClass } from "@kubernetes/client-node";

/** The drivers that every AKS cluster has. */
export const drivers = { disk: "disk.csi.azure.com", file: "file.csi.azure.com" } as const;

/** The provisioner of kind's only class. */
export const localPath = "rancher.io/local-path";

/** Source: pkg/build/nodeimage/const_storage.go of kubernetes-sigs/kind. */
const kindClass: V1StorageClass = {
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: localPath,
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};

/** How AKS registers them. Source: the charts of azuredisk-csi-driver and azurefile-csi-driver. */
const registered: readonly V1CSIDriver[] = [
  {
    metadata: { name: drivers.disk },
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "File" },
  },
  {
    metadata: { name: drivers.file },
    spec: { attachRequired: false, podInfoOnMount: true, volumeLifecycleModes: ["Persistent", "Ephemeral"] },
  },
];

/**
 * AKS's own storage classes, without those of the blob driver, which is an option.
 * Source: https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes
 */
const classes: readonly V1StorageClass[] = [
  disk("default", "StandardSSD_LRS", { "storageclass.kubernetes.io/is-default-class": "true" }),
  disk("managed", "StandardSSD_LRS"),
  disk("managed-premium", "Premium_LRS"),
  disk("managed-csi", "StandardSSD_LRS"),
  disk("managed-csi-premium", "Premium_LRS"),
  file("azurefile", "Standard_LRS"),
  file("azurefile-premium", "Premium_LRS"),
  file("azurefile-csi", "Standard_LRS"),
  file("azurefile-csi-premium", "Premium_LRS"),
];

/** Gives a new cluster the storage classes and drivers that AKS gives it, or the class that kind gives it. */
export async function createStorageClasses(
  api: Pick<StorageV1Api, "createCSIDriver" | "createStorageClass">,
  of: "aks" | "kind" = "aks",
): Promise<void> {
  await Promise.all([
    ...(of === "aks" ? registered : []).map((body) => api.createCSIDriver({ body })),
    ...(of === "aks" ? classes : [kindClass]).map((body) => api.createStorageClass({ body })),
  ]);
}

/** A disk is made in the zone of the pod's node, so it waits for the pod. */
function disk(name: string, skuName: string, annotations: Record<string, string> = {}): V1StorageClass {
  return {
    metadata: { name, annotations },
    provisioner: drivers.disk,
    parameters: { skuName },
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
    volumeBindingMode: "WaitForFirstConsumer",
  };
}

function file(name: string, skuName: string): V1StorageClass {
  return {
    metadata: { name },
    provisioner: drivers.file,
    parameters: { skuName },
    mountOptions: ["mfsymlinks", "actimeo=30", "nosharesock"],
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
    volumeBindingMode: "Immediate",
  };
}
