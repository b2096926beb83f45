import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { type CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { Processes } from "../processes.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { type ProgramState, statusWith } from "./podStatus.ts";

/** An image whose program really runs here while a pod of it is running. */
export interface RealImage {
  /** The image's repository, without tag. */
  repository: string;
  /** The program in the toolchain's `bin` folder. */
  program: string;
  /** Flags that follow the pod's own: what cannot hold outside a pod. */
  args: string[];
}

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
}

/** A container of a pod that a program runs for. */
export interface ContainerOfPod {
  /** Names the process and its files. */
  name: string;
  pod: V1Pod;
  container: V1Container;
  image: RealImage;
}

/** Starts the program of a container, with a new token of the pod's own service account. */
export async function startProgram(
  { core, server, ca, bin, dir, processes }: Surroundings,
  { name, pod, container, image }: ContainerOfPod,
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
  return await processes.start(
    {
      name,
      program: join(bin, image.program),
      args: [...(container.args ?? []), ...image.args],
      env: { PATH: process.env["PATH"], ...environmentOf(pod, container.env ?? []), KUBECONFIG: kubeconfig },
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
