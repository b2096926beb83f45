import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { type CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { Ports, Processes } from "../processes.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { PodPorts } from "./podPorts.ts";
import { type ProgramState, statusWith } from "./podStatus.ts";
import type { RealImage } from "./realImages.ts";

/** Where programs find the API server, and where they and their files are. */
export interface Surroundings {
  core: Pick<
    CoreV1Api,
    "createNamespacedServiceAccountToken" | "readNamespacedPod" | "patchNamespacedPodStatus"
  >;
  server: string;
  /** PEM. */
  ca: string;
  bin: string;
  dir: string;
  processes: Pick<Processes, "start" | "stop">;
  ports: Pick<Ports, "take">;
  /** Gets to know where the programs listen. */
  podPorts: PodPorts;
}

/** A container of a pod that a program runs for. */
export interface ContainerOfPod {
  /** Names the process and its files. */
  name: string;
  pod: V1Pod;
  container: V1Container;
  image: RealImage;
}

/** Takes a port of this machine for each one that the program listens on in its pod. */
export async function takePorts(
  { ports, podPorts }: Surroundings,
  { name, pod, container, image }: ContainerOfPod,
): Promise<ReadonlyMap<number, number>> {
  const taken = new Map<number, number>();
  for (const { inPod } of image.ports) {
    const number = numberOf(container, inPod);
    if (number !== undefined) {
      taken.set(number, await ports.take(name));
    }
  }
  podPorts.add(pod.metadata, taken);
  return taken;
}

/** The number of a container's port: its own, or that of the port with this name. */
export function numberOf(container: V1Container, port: number | string): number | undefined {
  return typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
}

/**
 * Starts the program of a container, with a new token of the pod's own service account.
 *
 * @param taken the port of this machine for each one in the pod.
 */
export async function startProgram(
  { core, server, ca, bin, dir, processes }: Surroundings,
  { name, pod, container, image }: ContainerOfPod,
  taken: ReadonlyMap<number, number>,
): Promise<ChildProcess> {
  const answer = await core.createNamespacedServiceAccountToken({
    name: pod.spec?.serviceAccountName ?? "default",
    namespace: pod.metadata?.namespace ?? "default",
    body: { spec: { audiences: [], expirationSeconds: 24 * 3600 } },
  });
  const kubeconfig = await writeKubeconfig(join(dir, `${name}.kubeconfig`), {
    server,
    ca,
    context: name,
    user: { token: answer.status?.token ?? "" },
  });
  const told = tell(container, image, taken);
  return await processes.start(
    {
      name,
      program: join(bin, image.program),
      args: [...(container.args ?? []), ...image.args, ...told.flags],
      env: {
        PATH: process.env["PATH"],
        ...environmentOf(pod, container.env ?? []),
        ...fromFiles(pod, image),
        ...told.variables,
        KUBECONFIG: kubeconfig,
      },
    },
    // A controller that crashes shows in the stack, as it would in a cluster; it doesn't end the rehearsal.
    true,
  );
}

/** Writes into the pod's status what its program does. */
export async function report(
  core: Surroundings["core"],
  { pod, container }: ContainerOfPod,
  state: ProgramState,
): Promise<void> {
  const at = { name: pod.metadata?.name ?? "", namespace: pod.metadata?.namespace ?? "default" };
  // The list of containers is patched as a whole: it has to be that of now.
  const current = await core.readNamespacedPod(at);
  await core.patchNamespacedPodStatus(
    { ...at, body: { status: statusWith(current, container.name, state, new Date()) } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
}

function environmentOf(pod: V1Pod, variables: readonly V1EnvVar[]): Record<string, string> {
  const fields: Record<string, string | undefined> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName,
    "status.podIP": pod.status?.podIP,
  };
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [
      name,
      value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? "",
    ]),
  );
}

function fromFiles(pod: V1Pod, image: RealImage): Record<string, string> {
  const namespace = pod.metadata?.namespace ?? "default";
  return Object.fromEntries(
    Object.entries(image.env).map(([name, value]) => [name, value.replace("{namespace}", namespace)]),
  );
}

/** How the program is told of the ports that it has here. */
function tell(container: V1Container, image: RealImage, taken: ReadonlyMap<number, number>) {
  const flags: string[] = [];
  const variables: Record<string, string> = {};
  for (const { inPod, tell } of image.ports) {
    const port = taken.get(numberOf(container, inPod) ?? Number.NaN);
    if (port === undefined) {
      continue;
    }
    if ("flag" in tell) {
      flags.push(tell.flag.replace("{port}", String(port)));
    } else {
      variables[tell.variable] = String(port);
    }
  }
  return { flags, variables };
}
