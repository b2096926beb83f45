import type { ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CoreV1Api, V1Container, V1Pod } from "@kubernetes/client-node";
import type { Ports, Processes } from "../processes.ts";
import { type ContainerPlace, numberOf } from "./containerPlace.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { LocalPod } from "./localPod.ts";
import { argumentsOf, environmentOf } from "./podEnvironment.ts";
import type { PodPorts } from "./podPorts.ts";
import { commandOf } from "./podPrograms.ts";
import type { RealImage } from "./realImages.ts";

/** Where programs find the API server, and where they and their files are. */
export interface Surroundings {
  core: Pick<
    CoreV1Api,
    | "createNamespacedServiceAccountToken"
    | "readNamespacedPod"
    | "patchNamespacedPodStatus"
    | "readNamespacedConfigMap"
    | "readNamespacedSecret"
    | "readNamespacedPersistentVolumeClaim"
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
  /** The proxy by which programs reach Services by their names. */
  serviceProxy: string;
  /** Variables by which programs find hosts outside of the cluster. */
  outside: Readonly<Record<string, string>>;
}

/** A container of a pod that a program runs for. */
export interface ContainerOfPod {
  /** Names the process and its files. */
  name: string;
  pod: V1Pod;
  container: V1Container;
  image: RealImage;
}

/** Starts the program of a container; a controller gets a new token of the pod's own service account. */
export async function startProgram(
  surroundings: Surroundings,
  of: ContainerOfPod,
  place: ContainerPlace,
): Promise<ChildProcess> {
  const { core, bin, processes } = surroundings;
  const { name, pod, container, image } = of;
  const told = tell(container, image, place.ports);
  const { program, first } = commandOf(image, container, bin);
  const environment = await environmentOf(core, pod, container);
  const kubeconfig = "tool" in image.program ? await kubeconfigFor(surroundings, of) : "";
  const here = image.args.map((arg) => arg.replace("{kubeconfig}", kubeconfig));
  return await processes.start(
    {
      name,
      program,
      args: [...first, ...argumentsOf(container, environment, place.path), ...here, ...told.flags],
      env: {
        PATH: process.env["PATH"],
        ...networkOf(surroundings),
        ...fromFiles(pod, image),
        ...(image.mounts && { [image.mounts]: JSON.stringify(Object.fromEntries(place.mounts)) }),
        ...(image.asksOutside ? surroundings.outside : {}),
        ...Object.fromEntries(
          Object.entries(environment).map(([variable, value]) => [variable, place.path(value)]),
        ),
        ...told.variables,
        ...(await settingsFor(surroundings, of, place)),
        ...("tool" in image.program ? { KUBECONFIG: kubeconfig } : {}),
      },
    },
    // A program that crashes shows in the stack, as it would in a cluster; it doesn't end the rehearsal.
    true,
  );
}

/** How a program reaches Services by their names, as it does in a pod; what is in its pod it reaches directly. */
function networkOf({ serviceProxy }: Surroundings): Record<string, string> {
  // Node looks at the proxies' variables only when it is told to.
  return { HTTP_PROXY: serviceProxy, NO_PROXY: "127.0.0.1,localhost", NODE_USE_ENV_PROXY: "1" };
}

async function kubeconfigFor({ core, server, ca, dir }: Surroundings, { name, pod }: ContainerOfPod) {
  const answer = await core.createNamespacedServiceAccountToken({
    name: pod.spec?.serviceAccountName ?? "default",
    namespace: pod.metadata?.namespace ?? "default",
    body: { spec: { audiences: [], expirationSeconds: 24 * 3600 } },
  });
  return await writeKubeconfig(join(dir, `${name}.kubeconfig`), {
    server,
    ca,
    context: name,
    user: { token: answer.status?.token ?? "" },
  });
}

/** The variable that names the program's settings file, which is written as it has to be here. */
async function settingsFor(
  { dir, podPorts }: Surroundings,
  { name, pod, image }: ContainerOfPod,
  { path, settings }: ContainerPlace,
): Promise<Record<string, string>> {
  if (!image.settings || settings === undefined) {
    return {};
  }
  const file = join(dir, `${name}.settings`);
  const here: LocalPod = { path, port: (inPod) => podPorts.get(pod.metadata, inPod) };
  await writeFile(file, image.settings.adapt(settings, here), { mode: 0o600 });
  return { [image.settings.variable]: file };
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
