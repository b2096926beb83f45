import { expect, test } from "vitest";
import { event, modelPod, platform, unschedulable, workspace } from "../support/objects.ts";
import {
  about,
  cause,
  causesOf,
  evidenceOf,
  type Scene,
  type Served,
  together,
} from "../support/snapshots.ts";

const volumes = [{ name: "model-weights-volume", persistentVolumeClaim: { claimName: "weights" } }];
const claim = (phase: string, storageClassName = "managed-csi"): Served => ({
  metadata: { name: "weights", namespace: "models", uid: "u" },
  spec: { storageClassName },
  status: { phase },
});
const scene = (message: string, objects: Scene["objects"] = {}): Scene =>
  together(platform, {
    objects: {
      workspaces: [workspace()],
      pods: [modelPod({ conditions: [unschedulable(message)], spec: { volumes } })],
      ...objects,
    },
  });

// Messages of pkg/scheduler/framework/plugins/volumebinding of Kubernetes 1.35.
test("a claim that isn't there", () => {
  const subject = about(
    "workspace/phi",
    scene('0/1 nodes are available: persistentvolumeclaim "weights" not found.'),
  );
  expect(causesOf(subject)).toEqual(["volume-pending"]);
  expect(cause("volume-pending", subject).summary).toBe(
    "The PersistentVolumeClaim weights that it uses doesn't exist.",
  );
});

test("a claim that finds no volume, with its class and what was tried", () => {
  const pending = claim("Pending", "kaito-local-nvme-disk");
  const told = event(
    "PersistentVolumeClaim",
    pending,
    "ProvisioningFailed",
    'storageclass.storage.k8s.io "kaito-local-nvme-disk" not found',
  );
  const subject = about(
    "workspace/phi",
    scene("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", {
      persistentvolumeclaims: [pending],
      events: [told],
    }),
  );
  expect(evidenceOf("volume-pending", subject)).toContain(
    "Pending, storage class kaito-local-nvme-disk, which doesn't exist",
  );
  expect(evidenceOf("volume-pending", subject)).toContain("event ProvisioningFailed");
});

test("a claim that waits for its pod is as it should be", () => {
  const classes = [{ metadata: { name: "managed-csi" }, volumeBindingMode: "WaitForFirstConsumer" }];
  const subject = about(
    "workspace/phi",
    scene("0/1 nodes are available: 1 Insufficient nvidia.com/gpu.", {
      persistentvolumeclaims: [claim("Pending")],
      storageclasses: classes,
    }),
  );
  expect(causesOf(subject)).toEqual(["unschedulable"]);
});

test("unless its volume can't be made", () => {
  const classes = [{ metadata: { name: "managed-csi" }, volumeBindingMode: "WaitForFirstConsumer" }];
  const pending = claim("Pending");
  const told = event(
    "PersistentVolumeClaim",
    pending,
    "ProvisioningFailed",
    "failed to provision volume: disk quota",
  );
  const subject = about(
    "workspace/phi",
    scene("0/1 nodes are available: 1 Insufficient cpu.", {
      persistentvolumeclaims: [pending],
      storageclasses: classes,
      events: [told],
    }),
  );
  expect(causesOf(subject)).toContain("volume-pending");
});

test("claims that can't be listed aren't called missing", () => {
  const hidden = {
    ...scene("0/1 nodes are available: 1 Insufficient cpu."),
    states: { persistentvolumeclaims: { state: "forbidden" as const } },
  };
  expect(causesOf(about("workspace/phi", hidden))).toEqual(["insufficient-resources"]);
});
