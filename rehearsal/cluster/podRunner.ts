import { constants } from "node:os";
import { ApiException, type V1Container, type V1Pod } from "@kubernetes/client-node";
import { nextBackOff } from "./backOff.ts";
import { type ContainerPlace, numberOf, placeContainer, removeVolumes } from "./containerPlace.ts";
import { type ContainerOfPod, report, type Surroundings, startProgram } from "./containerProgram.ts";
import { programsOf } from "./podPrograms.ts";
import type { Ending, ProgramState } from "./podStatus.ts";
import { readinessProbe, watchReadiness } from "./readiness.ts";
import type { RealImage } from "./realImages.ts";

/** A container whose pod is alive. */
interface Run extends ContainerOfPod {
  restarts: number;
  backOffMs: number | undefined;
  timer: NodeJS.Timeout | undefined;
  place: ContainerPlace | undefined;
  stopProbing: (() => void) | undefined;
}

/** Runs programs for the containers of the pods that it sees. */
export class PodRunner {
  readonly #surroundings: Surroundings;
  readonly #images: readonly RealImage[];
  readonly #running = new Map<string, Run>();
  // One change after the other: a pod that ends while its program starts must not leave it behind.
  #queue = Promise.resolve();

  constructor(surroundings: Surroundings, images: readonly RealImage[]) {
    this.#surroundings = surroundings;
    this.#images = images;
  }

  /** Takes note of a pod as it is now. */
  see(pod: V1Pod, gone: boolean): void {
    const alive = !gone && pod.status?.phase === "Running" && !pod.metadata?.deletionTimestamp;
    const containers = pod.spec?.containers ?? [];
    const runs = programsOf(containers, this.#images)?.map((image, index): Run => {
      const container = containers[index] as V1Container;
      const name = `pod-${pod.metadata?.namespace}-${pod.metadata?.name}-${container.name}`;
      return {
        ...{ name, pod, container, image, restarts: 0 },
        ...{ backOffMs: undefined, timer: undefined, place: undefined, stopProbing: undefined },
      };
    });
    if (runs) {
      this.#inTurn(() => (alive ? this.#startAll(runs) : this.#stopAll(runs)));
    }
  }

  /** Starts those that don't run yet. */
  async #startAll(runs: readonly Run[]): Promise<void> {
    const added = runs.filter(({ name }) => !this.#running.has(name));
    for (const run of added) {
      this.#running.set(run.name, run);
      // All of a pod's ports before any of its programs: one is told of the other's.
      await this.#place(run);
    }
    // Those with a probe first: kwok has all containers ready at first, and a pod whose others are reported before
    // would be ready for a moment, in which a roll-out ends the pods before it.
    const probed = ({ container }: Run) => (container.readinessProbe ? 0 : 1);
    for (const run of added.sort((a, b) => probed(a) - probed(b))) {
      await this.#start(run);
    }
  }

  async #stopAll(runs: readonly Run[]): Promise<void> {
    for (const { name } of runs) {
      const run = this.#running.get(name);
      if (run) {
        this.#forget(run);
        await this.#surroundings.processes.stop(name);
      }
    }
    const [first] = runs;
    if (first) {
      await removeVolumes(this.#surroundings, first.pod);
    }
  }

  /** Starts nothing any more, and waits for what is under way. */
  async close(): Promise<void> {
    this.#inTurn(async () => {
      for (const run of this.#running.values()) {
        this.#forget(run);
      }
    });
    await this.#queue;
  }

  #forget(run: Run): void {
    this.#running.delete(run.name);
    clearTimeout(run.timer);
    run.stopProbing?.();
    this.#surroundings.podPorts.delete(run.pod.metadata);
  }

  async #place(run: Run): Promise<void> {
    try {
      run.place = await placeContainer(this.#surroundings, run);
    } catch {
      // Tried again, and reported, when the program is started.
    }
  }

  async #start(run: Run): Promise<void> {
    const startedAt = new Date();
    let over = false;
    const ended = (exitCode: number) => {
      // A program that can't be started may tell of it twice.
      if (!over) {
        over = true;
        this.#inTurn(() => this.#ended(run, { exitCode, startedAt, finishedAt: new Date() }));
      }
    };
    try {
      run.place ??= await placeContainer(this.#surroundings, run);
      const child = await startProgram(this.#surroundings, run, run.place);
      child.on("exit", (code, signal) => ended(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      child.on("error", () => ended(127));
    } catch (error) {
      if (isGone(error)) {
        this.#forget(run);
        return;
      }
      console.error(`pod runner: ${run.name}: ${error}`);
      ended(128);
      return;
    }
    await this.#awaitReadiness(run, startedAt);
  }

  /** Reports a program that has started, and whenever its probe's answer changes. */
  async #awaitReadiness(run: Run, since: Date): Promise<void> {
    const { container, restarts, place } = run;
    const probe = readinessProbe(container.readinessProbe, (inPod) =>
      place?.ports.get(numberOf(container, inPod) ?? Number.NaN),
    );
    await this.#report(run, { kind: "running", since, restarts, ready: probe === undefined });
    if (probe) {
      const stop = watchReadiness(probe, (ready) => {
        this.#inTurn(async () => {
          // The program may have ended, and another run begun, since it answered.
          if (run.stopProbing === stop) {
            await this.#report(run, { kind: "running", since, restarts, ready });
          }
        });
      });
      run.stopProbing = stop;
    }
  }

  async #ended(run: Run, ending: Ending): Promise<void> {
    // Whoever was told to end is no longer on the list.
    if (this.#running.get(run.name) !== run) {
      return;
    }
    run.stopProbing?.();
    run.stopProbing = undefined;
    const backOffMs = nextBackOff(run.backOffMs, ending.finishedAt.getTime() - ending.startedAt.getTime());
    run.backOffMs = backOffMs;
    run.timer = setTimeout(() => {
      this.#inTurn(async () => {
        if (this.#running.get(run.name) === run) {
          run.restarts += 1;
          await this.#start(run);
        }
      });
    }, backOffMs);
    await this.#report(run, { kind: "waiting", backOffMs, ending, restarts: run.restarts });
  }

  async #report(run: Run, state: ProgramState): Promise<void> {
    await report(this.#surroundings.core, run, state).catch((error: unknown) => {
      if (!isGone(error)) {
        throw error;
      }
    });
  }

  #inTurn(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(step).catch((error) => console.error(`pod runner: ${error}`));
  }
}

/** Whether the pod is gone or its namespace is being deleted: the pod goes with it. */
function isGone(error: unknown): boolean {
  return error instanceof ApiException && [404, 403].includes(error.code);
}
