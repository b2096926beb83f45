import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { ContainerOfPod, Surroundings } from "./containerProgram.ts";
import { type MountedFiles, mountFiles } from "./podFiles.ts";
import type { ListeningPort } from "./realImages.ts";

/** What a container has on this machine, however often its program starts. */
export interface ContainerPlace extends MountedFiles {
  /** The port of this machine for each one in the pod that the program listens on. */
  ports: ReadonlyMap<number, number>;
  /** The text of its settings file, as the pod has it. */
  settings: string | undefined;
}

/** Mounts a container's files, and takes a port of this machine for each one that it listens on in its pod. */
export async function placeContainer(
  { core, dir, ports, podPorts }: Surroundings,
  { name, pod, container, image }: ContainerOfPod,
): Promise<ContainerPlace> {
  const { path, mounts } = await mountFiles(core, pod, container, {
    files: join(dir, `${name}.files`),
    pod: volumesOfPod(dir, pod),
    persistent: persistentVolumes(dir),
  });
  const { settings: file } = image;
  const settings = file && (await readFile(path(variableOf(container, file.variable) ?? file.path), "utf8"));
  const inPod = [
    ...image.ports.map((port) => numberOf(container, port.inPod)),
    ...(file && settings !== undefined ? file.ports(settings) : []),
  ];
  const taken = new Map<number, number>();
  for (const number of inPod) {
    if (number !== undefined) {
      taken.set(number, await ports.take(name));
    }
  }
  podPorts.add(pod.metadata, taken);
  return { ports: taken, path, mounts, settings };
}

/** Where the persistent volumes are, each in a folder of its name. */
export function persistentVolumes(dir: string): string {
  return join(dir, "volumes");
}

/** Where a pod's own volumes are. */
function volumesOfPod(dir: string, { metadata }: V1Pod): string {
  return join(dir, `pod-${metadata?.namespace}-${metadata?.name}-${metadata?.uid}.volumes`);
}

/** Deletes a pod's own volumes, which end with it. */
export async function removeVolumes({ dir }: Pick<Surroundings, "dir">, pod: V1Pod): Promise<void> {
  await rm(volumesOfPod(dir, pod), { recursive: true, force: true });
}

/** The number of a container's port: its own, that of the port with this name, or what a variable says. */
export function numberOf(container: V1Container, port: ListeningPort["inPod"]): number | undefined {
  if (typeof port === "object") {
    const value = variableOf(container, port.variable);
    return value === undefined ? undefined : Number(value);
  }
  return typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
}

function variableOf(container: V1Container, variable: string): string | undefined {
  return container.env?.find(({ name }) => name === variable)?.value;
}
