import { setTimeout as delay } from "node:timers/promises";
import type { V1Container } from "@kubernetes/client-node";
import { numberOf } from "./containerPlace.ts";

/**
 * What a kubelet does before it asks a container's program to end: its preStop hook, a GET or a pause. Whatever
 * becomes of the hook, the program is asked to end after it. A command can't be run without its container.
 *
 * @param localPort the port of this machine for one of the pod.
 * @param signal ends the wait: the pod's grace period is over.
 */
export async function beforeStop(
  container: V1Container,
  localPort: (inPod: number) => number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { httpGet, sleep } = container.lifecycle?.preStop ?? {};
  if (httpGet) {
    const port = localPort(numberOf(container, httpGet.port) ?? Number.NaN);
    if (port !== undefined) {
      const path = `/${httpGet.path ?? ""}`.replace(/^\/+/, "/");
      await fetch(`http://127.0.0.1:${port}${path}`, { signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    }
  }
  if (sleep) {
    await delay(sleep.seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}
