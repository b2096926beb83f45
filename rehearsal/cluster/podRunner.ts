import { once } from "node:events";
import { constants } from "node:os";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { nextBackOff } from "./backOff.ts";
import { type ContainerPlace, numberOf, placeContainer, removeVolumes } from "./containerPlace.ts";
import { type ContainerOfPod, type Surroundings, startProgram } from "./containerProgram.ts";
import { programsOf } from "./podPrograms.ts";
import { againMs, inReportingOrder, isGone, PodReports } from "./podReports.ts";
import type { Ending } from "./podStatus.ts";
import { beforeStop } from "./preStop.ts";
import { programName } from "./programName.ts";
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
  readonly #reports: PodReports;
  readonly #running = new Map<string, Run>();
  // One change of a pod after the other: one that ends while its program starts must not leave it behind. Pods don't
  // wait for each other: to end may take a pod half a minute.
  readonly #turns = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #closed = once(this.#closing.signal, "abort");

  constructor(surroundings: Surroundings, images: readonly RealImage[]) {
    this.#surroundings = surroundings;
    this.#reports = new PodReports(surroundings.core, (pod, step) => this.#inTurn(pod, step));
    this.#images = images;
  }

  /** Takes note of a pod as it is now. */
  see(pod: V1Pod, gone: boolean): void {
    const alive = !gone && pod.status?.phase === "Running" && !pod.metadata?.deletionTimestamp;
    const containers = pod.spec?.containers ?? [];
    const runs = programsOf(containers, this.#images)?.map((image, index): Run => {
      const container = containers[index] as V1Container;
      const name = programName(pod, container);
      return {
        ...{ name, pod, container, image, restarts: 0 },
        ...{ backOffMs: undefined, timer: undefined, place: undefined, stopProbing: undefined },
      };
    });
    if (runs) {
      this.#inTurn(pod, () => (alive ? this.#keepUp(pod, runs) : this.#stopAll(pod, runs)));
    }
  }

  /** Starts those that don't run yet; of the others the pod has to say what was reported. */
  async #keepUp(pod: V1Pod, runs: readonly Run[]): Promise<void> {
    await this.#reports.renew(pod, runs);
    const added = runs.filter(({ name }) => !this.#running.has(name));
    for (const run of added) {
      this.#running.set(run.name, run);
      // All of a pod's ports before any of its programs: one is told of the other's.
      await this.#place(run);
    }
    for (const run of inReportingOrder(added)) {
      await this.#start(run);
    }
  }

  /** As a kubelet ends a pod: all containers at once, each after its own hook, within the pod's grace period. */
  async #stopAll(pod: V1Pod, all: readonly Run[]): Promise<void> {
    const runs = all.map(({ name }) => this.#running.get(name)).filter((run) => run !== undefined);
    for (const run of runs) {
      this.#forget(run);
    }
    const { deletionGracePeriodSeconds = pod.spec?.terminationGracePeriodSeconds ?? 30 } = pod.metadata ?? {};
    const deadline = Date.now() + deletionGracePeriodSeconds * 1000;
    const end = async ({ name, container }: Run) => {
      const inTime = AbortSignal.any([
        AbortSignal.timeout(Math.max(0, deadline - Date.now())),
        this.#closing.signal,
      ]);
      await beforeStop(container, (port) => this.#surroundings.podPorts.get(pod.metadata, port), inTime);
      await this.#surroundings.processes.stop(name, Math.max(0, deadline - Date.now()));
    };
    await Promise.race([Promise.all(runs.map(end)), this.#closed]);
    this.#surroundings.podPorts.delete(pod.metadata);
    if (runs.length > 0) {
      await removeVolumes(this.#surroundings, pod);
    }
  }

  /** Starts nothing any more, and waits for what is under way, but not for programs that take their time to end. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#turns.values());
    for (const run of this.#running.values()) {
      this.#forget(run);
    }
  }

  #forget(run: Run): void {
    this.#running.delete(run.name);
    clearTimeout(run.timer);
    this.#reports.forget(run.name);
    run.stopProbing?.();
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
        this.#inTurn(run.pod, () => this.#ended(run, { exitCode, startedAt, finishedAt: new Date() }));
      }
    };
    try {
      run.place ??= await placeContainer(this.#surroundings, run);
      const child = await startProgram(this.#surroundings, run, run.place);
      child.on("exit", (code, signal) => ended(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      child.on("error", () => ended(127));
    } catch (error) {
      console.error(`pod runner: ${run.name}: ${error}`);
      if (isGone(error)) {
        // What it needs may come yet; if the pod goes instead, the start goes with it.
        this.#startIn(againMs, run, run.restarts);
      } else {
        ended(128);
      }
      return;
    }
    await this.#awaitReadiness(run, startedAt);
  }

  #startIn(pauseMs: number, run: Run, restarts: number): void {
    run.timer = setTimeout(() => {
      this.#inTurn(run.pod, async () => {
        // Whoever was told to end is no longer on the list.
        if (this.#running.get(run.name) === run) {
          run.restarts = restarts;
          await this.#start(run);
        }
      });
    }, pauseMs);
  }

  /** Reports a program that has started, and whenever its probe's answer changes. */
  async #awaitReadiness(run: Run, since: Date): Promise<void> {
    const { container, restarts, place } = run;
    const probe = readinessProbe(container.readinessProbe, (inPod) =>
      place?.ports.get(numberOf(container, inPod) ?? Number.NaN),
    );
    await this.#reports.tell(run, { kind: "running", since, restarts, ready: probe === undefined });
    if (probe) {
      const stop = watchReadiness(probe, (ready) => {
        this.#inTurn(run.pod, async () => {
          // The program may have ended, and another run begun, since it answered.
          if (run.stopProbing === stop) {
            await this.#reports.tell(run, { kind: "running", since, restarts, ready });
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
    this.#startIn(backOffMs, run, run.restarts + 1);
    await this.#reports.tell(run, { kind: "waiting", backOffMs, ending, restarts: run.restarts });
  }

  #inTurn({ metadata }: V1Pod, step: () => Promise<void>): void {
    const key = `${metadata?.namespace}/${metadata?.name}`;
    const turn = (this.#turns.get(key) ?? Promise.resolve())
      .then(step)
      .catch((error) => console.error(`pod runner: ${error}`))
      .then(() => {
        if (this.#turns.get(key) === turn) {
          this.#turns.delete(key);
        }
      });
    this.#turns.set(key, turn);
  }
}
