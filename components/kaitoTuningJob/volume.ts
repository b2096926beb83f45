import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";

/** A volume, by exactly one of the two. */
export interface TuningVolume {
  /** Name of a PersistentVolumeClaim in the job's namespace. It must exist: else the pod waits for it. */
  claimName?: pulumi.Input<string>;
  /**
   * Any other source of a Kubernetes volume, for example `{ nfs: { server: "…", path: "/" } }`. Pod security
   * "baseline" refuses hostPath. Source: VolumeSource of Kubernetes.
   */
  volumeSource?: Omit<input.core.v1.Volume, "name">;
}

/** The volume as a Workspace has it (`volumeSource`). */
export function volumeSource(path: string, volume: TuningVolume): Omit<input.core.v1.Volume, "name"> {
  const { claimName, volumeSource: source } = volume;
  if ((claimName === undefined) === (source === undefined)) {
    throw new InputPropertyError(
      path,
      "must have exactly one of claimName (a PersistentVolumeClaim) and volumeSource",
    );
  }
  return source ?? { persistentVolumeClaim: { claimName: claimName as pulumi.Input<string> } };
}
