import { asSize } from "../../cli/values.ts";
import { load } from "./load.ts";
import type { RunningServer } from "./servers.ts";
import type { ToolCall } from "./targets.ts";

const STEPS = 10;

/** How much more memory at the end than after a third of the calls still counts as flat. */
const ALLOWED_RATIO = 1.15;

/**
 * Calls so often, and looks how much memory the guard and its server have on the way; new sessions for each tenth of
 * the calls.
 */
export async function memoryOver(
  calls: number,
  clients: number,
  { bare, guard }: { bare: RunningServer; guard: RunningServer },
  call: ToolCall,
) {
  const readings: { guard: number; server: number }[] = [];
  const [rows, wrong]: [string[][], string[]] = [[], []];
  for (let step = 1; step <= STEPS; step += 1) {
    const { url, headers } = guard;
    const run = await load({ url, headers, ...call }, { clients, calls: Math.ceil(calls / STEPS) });
    if (run.wrong > 0) wrong.push(`memory: ${run.wrong} wrong answers`);
    const reading = { guard: guard.memory(), server: bare.memory() };
    readings.push(reading);
    rows.push([String(Math.ceil(calls / STEPS) * step), asSize(reading.guard), asSize(reading.server)]);
  }
  const verdicts = (["guard", "server"] as const).map((of) => {
    // A heap grows until its first full collections; from then on it has to stay.
    const most = (some: typeof readings) => Math.max(...some.map((reading) => reading[of]));
    const [early, late] = [most(readings.slice(1, 3)), most(readings.slice(-2))];
    const ratio = late / early;
    const verdict = `${of}: ${asSize(late)} at the end, ${ratio.toFixed(2)} times what it was after a third of the calls`;
    if (!(ratio <= ALLOWED_RATIO)) wrong.push(`memory grows: ${verdict}; ${ALLOWED_RATIO} times is allowed`);
    return verdict;
  });
  return { rows, wrong, verdict: verdicts.join("\n") };
}
