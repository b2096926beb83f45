import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CoreV1Api, V1Container, V1Pod, V1Volume, V1VolumeMount } from "@kubernetes/client-node";

/** The calls by which a kubelet gets what it mounts. */
export type FileApi = Pick<
  CoreV1Api,
  "readNamespacedConfigMap" | "readNamespacedSecret" | "readNamespacedPersistentVolumeClaim"
>;

/** Maps a path in a container to the one on this machine; a path that nothing is mounted at stays as it is. */
export type PathMap = (inPod: string) => string;

/** Where what a container has mounted is on this machine. */
export interface MountedFiles {
  path: PathMap;
  /** The folders and files of the pod, and what they are here. */
  mounts: ReadonlyMap<string, string>;
}

/** The folders of volumes. */
export interface VolumeFolders {
  /** What ConfigMaps and Secrets have for this container. */
  files: string;
  /** The pod's own volumes, which its containers share and which end with it. */
  pod: string;
  /** The persistent volumes, each by its name. */
  persistent: string;
}

/**
 * Mounts a container's volumes as folders of this machine: ConfigMaps and Secrets are written once, an emptyDir is
 * the pod's, and a claim is its volume's; other kinds aren't mounted.
 */
export async function mountFiles(
  api: FileApi,
  pod: V1Pod,
  container: V1Container,
  folders: VolumeFolders,
): Promise<MountedFiles> {
  const places = new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
    const folder = volume && (await folderOf(api, pod.metadata?.namespace ?? "default", volume, folders));
    if (folder !== undefined) {
      places.set(mount.mountPath.replace(/\/$/, ""), placeOf(folder, mount));
    }
  }
  return { path: pathMap(places), mounts: places };
}

/** A volume's folder, with what belongs into it; undefined for a kind that isn't mounted here. */
async function folderOf(
  api: FileApi,
  namespace: string,
  volume: V1Volume,
  { files: own, pod, persistent }: VolumeFolders,
): Promise<string | undefined> {
  const { claimName } = volume.persistentVolumeClaim ?? {};
  if (volume.emptyDir || claimName !== undefined) {
    const folder =
      claimName === undefined
        ? join(pod, volume.name)
        : join(persistent, await volumeOf(api, { name: claimName, namespace }));
    await mkdir(folder, { recursive: true });
    return folder;
  }
  const files = await filesOf(api, namespace, volume);
  if (files === undefined) {
    return undefined;
  }
  const folder = join(own, volume.name);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o600 });
  }
  return folder;
}

/** The name of the volume that a claim has. */
async function volumeOf(api: FileApi, claim: { name: string; namespace: string }): Promise<string> {
  const { spec } = await api.readNamespacedPersistentVolumeClaim(claim);
  if (!spec?.volumeName) {
    throw new Error(`the claim ${claim.name} in ${claim.namespace} has no volume yet`);
  }
  return spec.volumeName;
}

function pathMap(places: ReadonlyMap<string, string>): PathMap {
  return (inPod) => {
    // The deepest mount that holds the path.
    const [mountPath, place] =
      [...places]
        .filter(([path]) => inPod === path || inPod.startsWith(`${path}/`))
        .sort(([a], [b]) => b.length - a.length)[0] ?? [];
    return mountPath === undefined || place === undefined ? inPod : place + inPod.slice(mountPath.length);
  };
}

function placeOf(folder: string, { subPath }: V1VolumeMount): string {
  return subPath === undefined ? folder : join(folder, subPath);
}

/** The files of a ConfigMap or Secret by name; undefined for another kind of volume. */
async function filesOf(
  api: FileApi,
  namespace: string,
  volume: V1Volume,
): Promise<Record<string, string | Buffer> | undefined> {
  if (volume.configMap?.name) {
    const { data, binaryData } = await api.readNamespacedConfigMap({
      name: volume.configMap.name,
      namespace,
    });
    return chosen({ ...data, ...decoded(binaryData) }, volume.configMap.items);
  }
  if (volume.secret?.secretName) {
    const { data } = await api.readNamespacedSecret({ name: volume.secret.secretName, namespace });
    return chosen(decoded(data), volume.secret.items);
  }
  return undefined;
}

function decoded(data: Record<string, string> | undefined): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, text]) => [name, Buffer.from(text, "base64")]),
  );
}

function chosen<T>(files: Record<string, T>, items: { key: string; path: string }[] | undefined) {
  return items === undefined
    ? files
    : Object.fromEntries(items.flatMap(({ key, path }) => (key in files ? [[path, files[key] as T]] : [])));
}
