import { request } from "node:http";
import type { V1Probe } from "@kubernetes/client-node";

/** A readiness probe of a program that runs here. */
export interface ReadinessProbe {
  path: string;
  /** The port of this machine. */
  port: number;
  timeoutMs: number;
  periodMs: number;
  /** Failures in a row after which a container that was ready isn't any more. */
  failureThreshold: number;
}

/** How often a container is asked that isn't ready. A kubelet keeps to the probe's own period, 10 s by default. */
const impatientMs = 250;

/**
 * The probe of a container as it can be asked here; undefined when it has none.
 *
 * @param localPort the port of this machine for one of the container.
 */
export function readinessProbe(
  probe: V1Probe | undefined,
  localPort: (inPod: number | string) => number | undefined,
): ReadinessProbe | undefined {
  if (!probe?.httpGet) {
    return undefined;
  }
  return {
    path: probe.httpGet.path ?? "/",
    // Nobody listens on port 0: a port that the program isn't known to have never answers.
    port: localPort(probe.httpGet.port) ?? 0,
    timeoutMs: (probe.timeoutSeconds ?? 1) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

/**
 * Asks a program again and again, and tells when it becomes ready and when it stops being so.
 *
 * @returns a function that ends it.
 */
export function watchReadiness(
  probe: ReadinessProbe,
  tell: (ready: boolean) => void,
  ask: (probe: ReadinessProbe) => Promise<boolean> = answers,
): () => void {
  let ready = false;
  let failures = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = async () => {
    const success = await ask(probe);
    if (stopped) {
      return;
    }
    failures = success ? 0 : failures + 1;
    const now = success || (ready && failures < probe.failureThreshold);
    if (now !== ready) {
      ready = now;
      tell(ready);
    }
    timer = setTimeout(turn, ready ? probe.periodMs : impatientMs);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Whether a GET is answered with a status that a kubelet takes for success. */
function answers({ path, port, timeoutMs }: ReadinessProbe): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ host: "127.0.0.1", port, path, timeout: timeoutMs }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400);
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(false));
    call.end();
  });
}
