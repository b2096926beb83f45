import type { JobWatch } from "../../../components/kaitoTuningJob/jobWatch.ts";
import type { TuningObjects } from "../../../components/kaitoTuningJob/objects.ts";
import type { Surroundings } from "../../../components/kaitoTuningJob/wait.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";

/** What a look finds: objects, or that it finds none. */
export type Sight = TuningObjects | ReadError;

export interface FakeSurroundings extends Surroundings {
  /** Lines that the engine was told, warnings marked. */
  said: string[];
  /** Milliseconds since the beginning. */
  time: number;
  closed: boolean;
}

/**
 * Surroundings in which time passes only while somebody sleeps.
 *
 * @param sights what is seen, each with the minutes at which it begins
 * @param logs the last lines of containers
 */
export function fakeSurroundings(
  sights: readonly (readonly [minute: number, sight: Sight])[],
  logs: Record<string, string[]> = {},
): FakeSurroundings {
  const watch: JobWatch = {
    async read(signal) {
      if (signal.aborted) throw new ReadError("unreachable", "This operation was aborted");
      const [, sight] = sights.findLast(([minute]) => minute * 60_000 <= around.time) ?? [];
      if (sight === undefined || sight instanceof ReadError) throw sight ?? new Error("nothing to see yet");
      return sight;
    },
    lastLines: async ({ container }, lines) => (logs[container] ?? []).slice(-lines),
    close: async () => {
      around.closed = true;
    },
  };
  const around: FakeSurroundings = {
    watch,
    said: [],
    time: 0,
    closed: false,
    log: {
      info: async (message) => void around.said.push(message),
      warn: async (message) => void around.said.push(`warning: ${message}`),
    },
    now: () => around.time,
    sleep: async (ms) => {
      around.time += ms;
    },
  };
  return around;
}
