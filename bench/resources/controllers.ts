import { setTimeout as sleep } from "node:timers/promises";
import { CERT_MANAGER_VERSION } from "../../components/certManager/values.ts";
import { KAITO_VERSION } from "../../components/kaito/versions.ts";
import { KMCP_VERSION } from "../../components/kmcpInstall/values.ts";
import { lifeOf, processesOf } from "./family.ts";
import { observe } from "./observe.ts";
import type { Measurement } from "./subject.ts";

/** Controllers by the end of their program's path, and the first argument where a program is several of them. */
const controllers: Record<string, { program: string; argument?: string; version: string }> = {
  kmcp: { program: "/bin/kmcp", version: KMCP_VERSION },
  "kaito-workspace": { program: "/bin/kaito-workspace", version: KAITO_VERSION },
  "kaito-ragengine": { program: "/bin/kaito-ragengine", version: KAITO_VERSION },
  "cert-manager-controller": {
    program: "/bin/cert-manager",
    argument: "controller",
    version: CERT_MANAGER_VERSION,
  },
  "cert-manager-webhook": {
    program: "/bin/cert-manager",
    argument: "webhook",
    version: CERT_MANAGER_VERSION,
  },
  "cert-manager-cainjector": {
    program: "/bin/cert-manager",
    argument: "cainjector",
    version: CERT_MANAGER_VERSION,
  },
};

const restMs = 10_000;

/**
 * Controllers that run on this machine, as those of a stack that is up do: what they use now, and what they used
 * since they began, which is while the stack was brought up. The kernel keeps the most memory that they ever had.
 */
export async function runningControllers(): Promise<Record<string, Measurement>> {
  const measured: Record<string, Measurement> = {};
  await Promise.all(
    Object.entries(controllers).map(async ([name, { program, argument, version }]) => {
      const [pid] = processesOf(program, argument);
      if (pid === undefined) {
        console.error(`${name} doesn't run here: it is left as it was`);
        return;
      }
      const rest = await observe(
        () => [pid],
        () => sleep(restMs),
      );
      const life = lifeOf(pid);
      if (life === undefined) return;
      measured[name] = {
        version,
        load: "a stack brought up",
        atRest: rest,
        underLoad: {
          memoryMiB: Math.ceil(life.peak / 2 ** 20),
          cpu: Math.ceil((life.cpuSeconds / life.seconds) * 1000) / 1000,
        },
      };
    }),
  );
  return measured;
}
