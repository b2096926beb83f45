import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  StorageV1Api,
  setHeaderOptions,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { createStorageClasses, drivers, localPath } from "./storageClasses.ts";
import { finalizer, provisionedBy, refusalEvent, refusalOf, volumeFor } from "./volumeFor.ts";
import { keepWatching } from "./watch.ts";

/** The calls that volumes are kept with. */
export interface VolumeApi {
  core: Pick<
    CoreV1Api,
    "createPersistentVolume" | "deletePersistentVolume" | "patchPersistentVolume" | "createNamespacedEvent"
  >;
  storage: Pick<StorageV1Api, "readStorageClass">;
}

/**
 * Does for Azure's disks and file shares what AKS's CSI controllers do in the API: makes a volume for a claim,
 * and deletes it when its claim has gone. Programs that run here have a folder of its name for it.
 *
 * @param dir where these folders are; they are deleted with their volumes.
 * @param of whose storage classes there are
 * @returns a function that ends it.
 */
export async function startVolumes(
  kubeconfig: string,
  dir: string,
  of: "aks" | "kind" = "aks",
): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [core, storage] = [config.makeApiClient(CoreV1Api), config.makeApiClient(StorageV1Api)];
  await createStorageClasses(storage, of);
  const volumes = new Volumes({ core, storage }, dir);
  const claims = makeInformer(config, "/api/v1/persistentvolumeclaims", () =>
    core.listPersistentVolumeClaimForAllNamespaces(),
  );
  const existing = makeInformer(config, "/api/v1/persistentvolumes", () => core.listPersistentVolume());
  for (const event of ["add", "update"] as const) {
    claims.on(event, (claim) => volumes.seeClaim(claim));
    existing.on(event, (volume) => volumes.seeVolume(volume));
  }
  const failed = (error: unknown) => console.error(`volumes: watch: ${error}`);
  const stops = [await keepWatching(existing, failed), await keepWatching(claims, failed)];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await volumes.close();
  };
}

/** Makes and deletes volumes. */
export class Volumes {
  readonly #api: VolumeApi;
  readonly #dir: string;
  /** The claims whose refusal has been told. */
  readonly #refused = new Set<string>();
  #queue = Promise.resolve();

  constructor(api: VolumeApi, dir: string) {
    this.#api = api;
    this.#dir = dir;
  }

  /** Takes note of a claim as it is now. */
  seeClaim(claim: V1PersistentVolumeClaim): void {
    // The controller manager writes it when a volume is due: for a class that waits, once a pod has a node.
    const driver = claim.metadata?.annotations?.["volume.kubernetes.io/storage-provisioner"];
    const due =
      claim.status?.phase === "Pending" && !claim.spec?.volumeName && !claim.metadata?.deletionTimestamp;
    if (due && isOurs(driver)) {
      this.#inTurn(() => this.#provision(claim, driver));
    }
  }

  /** Takes note of a volume as it is now. */
  seeVolume(volume: V1PersistentVolume): void {
    const released = volume.status?.phase === "Released";
    const deletes = volume.spec?.persistentVolumeReclaimPolicy === "Delete";
    if (isOurs(volume.metadata?.annotations?.[provisionedBy]) && released && deletes) {
      this.#inTurn(() => this.#reclaim(volume));
    }
  }

  /** Changes nothing any more, and waits for what is under way. */
  async close(): Promise<void> {
    await this.#queue;
  }

  async #provision(claim: V1PersistentVolumeClaim, driver: string): Promise<void> {
    const className = claim.spec?.storageClassName ?? "";
    const refusal = refusalOf(claim, driver);
    if (refusal) {
      await this.#refuse(claim, `failed to provision volume with StorageClass "${className}": ${refusal}`);
      return;
    }
    const storageClass = await this.#api.storage.readStorageClass({ name: className });
    await this.#api.core.createPersistentVolume({ body: volumeFor(claim, driver, storageClass) });
  }

  /** Tells of a claim that can't be met, once. */
  async #refuse(claim: V1PersistentVolumeClaim, message: string): Promise<void> {
    const uid = claim.metadata?.uid ?? "";
    if (!this.#refused.has(uid)) {
      this.#refused.add(uid);
      const namespace = claim.metadata?.namespace ?? "";
      await this.#api.core.createNamespacedEvent({
        namespace,
        body: refusalEvent(claim, message, new Date()),
      });
    }
  }

  /** Deletes a volume whose claim has gone. */
  async #reclaim({ metadata: { name = "", ...metadata } = {} }: V1PersistentVolume): Promise<void> {
    const { finalizers = [], resourceVersion, deletionTimestamp } = metadata;
    if (!deletionTimestamp) {
      await this.#api.core.deletePersistentVolume({ name });
    } else if (finalizers.includes(finalizer)) {
      const body = {
        metadata: { resourceVersion, finalizers: finalizers.filter((other) => other !== finalizer) },
      };
      await this.#api.core.patchPersistentVolume({ name, body }, mergePatch);
      await rm(join(this.#dir, name), { recursive: true, force: true });
    }
  }

  #inTurn(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(step).catch((error: unknown) => {
      // Somebody was quicker, and the watch tells what has become of the object; or it has gone.
      if (!(error instanceof ApiException && [404, 409].includes(error.code))) {
        console.error(`volumes: ${error}`);
      }
    });
  }
}

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

function isOurs(driver: string | undefined): driver is string {
  return driver === drivers.disk || driver === drivers.file || driver === localPath;
}
