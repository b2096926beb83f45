import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiException,
  type CoreV1Event,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStorageClasses } from "../../rehearsal/cluster/storageClasses.ts";
import { type VolumeApi, Volumes } from "../../rehearsal/cluster/volumes.ts";

const finalizer = "external-provisioner.volume.kubernetes.io/finalizer";
const disk = "disk.csi.azure.com";
const file = "file.csi.azure.com";

interface ClaimOptions {
  provisioner?: string | undefined;
  mode?: string;
  volumeMode?: string;
  phase?: string;
  volumeName?: string;
  deleted?: boolean;
}

/** A claim for which the controller manager has said who makes the volume. */
function claimWith({
  provisioner = disk,
  mode = "ReadWriteOnce",
  ...rest
}: ClaimOptions = {}): V1PersistentVolumeClaim {
  return {
    metadata: {
      name: "data",
      namespace: "models",
      uid: "u1",
      ...(provisioner ? { annotations: { "volume.kubernetes.io/storage-provisioner": provisioner } } : {}),
      ...(rest.deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: {
      accessModes: [mode],
      storageClassName: "managed-csi",
      resources: { requests: { storage: "5Gi" } },
      ...(rest.volumeMode ? { volumeMode: rest.volumeMode } : {}),
      ...(rest.volumeName ? { volumeName: rest.volumeName } : {}),
    },
    status: { phase: rest.phase ?? "Pending" },
  };
}

let made: V1PersistentVolume[];
let events: CoreV1Event[];
let calls: unknown[];
let failure: unknown;
let volumes: Volumes;
let dir: string;
beforeEach(async () => {
  made = [];
  events = [];
  calls = [];
  failure = undefined;
  const core = {
    createPersistentVolume: async ({ body }: { body: V1PersistentVolume }) => {
      if (failure) {
        throw failure;
      }
      made.push(body);
    },
    createNamespacedEvent: async ({ body }: { body: CoreV1Event }) => events.push(body),
    deletePersistentVolume: async ({ name }: { name: string }) => calls.push(`delete ${name}`),
    patchPersistentVolume: async ({ body }: { body: unknown }) => calls.push(body),
  };
  const storage = { readStorageClass: async () => ({ provisioner: disk, reclaimPolicy: "Delete" }) };
  dir = await mkdtemp(join(tmpdir(), "volumes-"));
  volumes = new Volumes({ core, storage } as unknown as VolumeApi, dir);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const seeClaim = async (options?: ClaimOptions) => {
  volumes.seeClaim(claimWith(options));
  await volumes.close();
};

test("a claim gets the volume that it asks for, bound to it and to its driver", async () => {
  await seeClaim();
  expect(made).toEqual([
    {
      metadata: {
        name: "pvc-u1",
        annotations: { "pv.kubernetes.io/provisioned-by": disk },
        finalizers: [finalizer],
      },
      spec: {
        capacity: { storage: "5Gi" },
        accessModes: ["ReadWriteOnce"],
        volumeMode: "Filesystem",
        persistentVolumeReclaimPolicy: "Delete",
        storageClassName: "managed-csi",
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          name: "data",
          namespace: "models",
          uid: "u1",
        },
        csi: { driver: disk, volumeHandle: "pvc-u1" },
      },
    },
  ]);
});

test.each<[string, ClaimOptions]>([
  ["waits for its first pod", { provisioner: "" }],
  ["is another driver's", { provisioner: "localdisk.csi.acstor.io" }],
  ["has a volume", { phase: "Bound", volumeName: "pvc-u1" }],
  ["is about to get a volume that is there", { volumeName: "mine" }],
  ["is being deleted", { deleted: true }],
])("a claim that %s gets none", async (_what, options) => {
  await seeClaim(options);
  expect(made).toEqual([]);
});

test("a disk can't be mounted by several nodes: the claim is told so once, in the driver's words", async () => {
  await seeClaim({ mode: "ReadWriteMany" });
  await seeClaim({ mode: "ReadWriteMany" });
  expect(made).toEqual([]);
  expect(events).toEqual([
    expect.objectContaining({
      type: "Warning",
      reason: "ProvisioningFailed",
      involvedObject: expect.objectContaining({ kind: "PersistentVolumeClaim", name: "data", uid: "u1" }),
      message:
        'failed to provision volume with StorageClass "managed-csi": rpc error: code = InvalidArgument desc = ' +
        "mountVolume is not supported for access mode: MULTI_NODE_MULTI_WRITER",
    }),
  ]);
});

test("a file share can, and a raw disk can", async () => {
  await seeClaim({ mode: "ReadWriteMany", provisioner: file });
  await seeClaim({ mode: "ReadWriteMany", volumeMode: "Block" });
  expect(made).toHaveLength(2);
});

function volumeWith({
  phase = "Released",
  policy = "Delete",
  by = disk,
  deleted = false,
  finalizers = [finalizer],
}) {
  return {
    metadata: {
      name: "pvc-u1",
      resourceVersion: "7",
      annotations: { "pv.kubernetes.io/provisioned-by": by },
      finalizers: ["kubernetes.io/pv-protection", ...finalizers],
      ...(deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: { persistentVolumeReclaimPolicy: policy },
    status: { phase },
  };
}

test("a volume goes with its claim: deleted first, let go of then", async () => {
  volumes.seeVolume(volumeWith({}));
  volumes.seeVolume(volumeWith({ deleted: true }));
  volumes.seeVolume(volumeWith({ deleted: true, finalizers: [] }));
  await volumes.close();
  expect(calls).toEqual([
    "delete pvc-u1",
    { metadata: { resourceVersion: "7", finalizers: ["kubernetes.io/pv-protection"] } },
  ]);
});

test("what was written to a volume goes with it, and that of no other", async () => {
  for (const name of ["pvc-u1", "pvc-u2"]) await mkdir(join(dir, name, "data"), { recursive: true });
  volumes.seeVolume(volumeWith({}));
  await volumes.close();
  expect(await readdir(dir)).toHaveLength(2);
  volumes.seeVolume(volumeWith({ deleted: true }));
  await volumes.close();
  expect(await readdir(dir)).toEqual(["pvc-u2"]);
});

test.each([
  ["is bound", { phase: "Bound" }],
  ["is to be retained", { policy: "Retain" }],
  ["somebody else made", { by: "localdisk.csi.acstor.io" }],
])("a volume that %s stays", async (_what, options) => {
  volumes.seeVolume(volumeWith(options));
  await volumes.close();
  expect(calls).toEqual([]);
});

test("somebody who was quicker is no problem; another failure is told of, and the next claim is still served", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  failure = new ApiException(409, "exists", "", {});
  await seeClaim();
  expect(logged).not.toHaveBeenCalled();
  failure = new Error("the API server is busy");
  await seeClaim();
  expect(logged).toHaveBeenCalledWith("volumes: Error: the API server is busy");
  failure = undefined;
  await seeClaim();
  expect(made).toHaveLength(1);
});

test("a new cluster has AKS's storage classes: disks wait for their pod, one class is the default", async () => {
  const classes: { metadata: { name: string; annotations?: object }; volumeBindingMode: string }[] = [];
  const registered: string[] = [];
  await createStorageClasses({
    createCSIDriver: async ({ body }: { body: { metadata: { name: string } } }) =>
      registered.push(body.metadata.name),
    createStorageClass: async ({ body }: { body: (typeof classes)[0] }) => classes.push(body),
  } as never);
  expect(registered).toEqual([disk, file]);
  const modes = Object.fromEntries(
    classes.map(({ metadata, volumeBindingMode }) => [metadata.name, volumeBindingMode]),
  );
  expect(modes).toMatchObject({ "managed-csi": "WaitForFirstConsumer", "azurefile-csi": "Immediate" });
  const byDefault = classes.filter(({ metadata }) => Object.keys(metadata.annotations ?? {}).length > 0);
  expect(byDefault.map(({ metadata }) => metadata.name)).toEqual(["default"]);
});
