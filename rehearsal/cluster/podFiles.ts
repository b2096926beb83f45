import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CoreV1Api, V1Container, V1Pod, V1Volume, V1VolumeMount } from "@kubernetes/client-node";

/** The calls by which a kubelet gets what it mounts. */
export type FileApi = Pick<CoreV1Api, "readNamespacedConfigMap" | "readNamespacedSecret">;

/** Maps a path in a container to the one on this machine; a path that nothing is mounted at stays as it is. */
export type PathMap = (inPod: string) => string;

/**
 * Writes what a container has mounted from ConfigMaps and Secrets below a folder, and makes an empty folder for
 * each emptyDir, which here is the container's own; other kinds of volume aren't mounted.
 */
export async function mountFiles(
  api: FileApi,
  pod: V1Pod,
  container: V1Container,
  dir: string,
): Promise<PathMap> {
  const places = new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
    const files = volume && (await filesOf(api, pod.metadata?.namespace ?? "default", volume));
    if (files === undefined) {
      continue;
    }
    const folder = join(dir, mount.name);
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode: 0o600 });
    }
    places.set(mount.mountPath.replace(/\/$/, ""), placeOf(folder, mount));
  }
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

/** A volume's files by name; undefined for a kind that isn't mounted here. */
async function filesOf(
  api: FileApi,
  namespace: string,
  volume: V1Volume,
): Promise<Record<string, string | Buffer> | undefined> {
  if (volume.emptyDir) {
    return {};
  }
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
