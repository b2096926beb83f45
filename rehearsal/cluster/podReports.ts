import {
  ApiException,
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import type { ContainerOfPod } from "./containerProgram.ts";
import { type ProgramState, statusWith, tells } from "./podStatus.ts";

/** How long until the API server is asked again that didn't take a report, or hadn't what a program needs. */
export const againMs = 1_000;

/** What was reported of one container. */
interface Report {
  of: ContainerOfPod;
  state: ProgramState;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps what pods' statuses say of their programs what it is, as a kubelet's status manager does: somebody else may
 * write a status later. kwok does, to pods of a node that is new to it, which it now and then starts twice.
 */
export class PodReports {
  readonly #core: Pick<CoreV1Api, "readNamespacedPod" | "patchNamespacedPodStatus">;
  readonly #inTurn: (pod: V1Pod, step: () => Promise<void>) => void;
  readonly #reports = new Map<string, Report>();

  /** @param inTurn runs a step when no other change of the pod is under way. */
  constructor(
    core: Pick<CoreV1Api, "readNamespacedPod" | "patchNamespacedPodStatus">,
    inTurn: (pod: V1Pod, step: () => Promise<void>) => void,
  ) {
    this.#core = core;
    this.#inTurn = inTurn;
  }

  /** Reports what a container's program does now; tries again until the API server takes it. */
  async tell(of: ContainerOfPod, state: ProgramState): Promise<void> {
    this.forget(of.name);
    const report: Report = { of, state, timer: undefined };
    this.#reports.set(of.name, report);
    await this.#write(report);
  }

  /** Reports again what a pod's status doesn't say any more. */
  async renew(pod: V1Pod, containers: readonly ContainerOfPod[]): Promise<void> {
    for (const { name } of inReportingOrder(containers)) {
      const report = this.#reports.get(name);
      if (report && !tells(pod, report.of.container.name, report.state)) {
        await this.#write(report);
      }
    }
  }

  /** Reports nothing more of a container. */
  forget(name: string): void {
    clearTimeout(this.#reports.get(name)?.timer);
    this.#reports.delete(name);
  }

  async #write(report: Report): Promise<void> {
    clearTimeout(report.timer);
    const { name, pod, container } = report.of;
    const at = { name: pod.metadata?.name ?? "", namespace: pod.metadata?.namespace ?? "default" };
    try {
      // The list of containers is patched as a whole: it has to be that of now.
      const current = await this.#core.readNamespacedPod(at);
      await this.#core.patchNamespacedPodStatus(
        { ...at, body: { status: statusWith(current, container.name, report.state, new Date()) } },
        setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
      );
    } catch (error) {
      if (isGone(error)) {
        return;
      }
      console.error(`pod runner: ${name}: ${error}`);
      report.timer = setTimeout(() => {
        this.#inTurn(pod, async () => {
          if (this.#reports.get(name) === report) {
            await this.#write(report);
          }
        });
      }, againMs);
    }
  }
}

/**
 * Those with a probe first: kwok has all containers ready at first, and a pod whose others are reported before would be
 * ready for a moment, in which a roll-out ends the pods before it.
 */
export function inReportingOrder<T extends ContainerOfPod>(containers: readonly T[]): T[] {
  const probed = ({ container }: T) => (container.readinessProbe ? 0 : 1);
  return containers.toSorted((a, b) => probed(a) - probed(b));
}

/** Whether the pod is gone or its namespace is being deleted: the pod goes with it. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiException && [404, 403].includes(error.code);
}
