import { asSize } from "../../cli/values.ts";
import { load } from "./load.ts";
import type { RunningServer } from "./servers.ts";
import type { ToolCall } from "./targets.ts";

const STEPS = 10;

/** How much more memory at the end than after a fifth of the calls still counts as flat. */
const ALLOWED_RATIO = 1.15;

/** Calls so often, and looks how much memory the guard has on the way; new sessions for each tenth of the calls. */
export async function memoryOver(calls: number, clients: number, guard: RunningServer, call: ToolCall) {
  const readings: number[] = [];
  const [rows, wrong]: [string[][], string[]] = [[], []];
  for (let step = 1; step <= STEPS; step += 1) {
    const { url, headers } = guard;
    const run = await load({ url, headers, ...call }, { clients, calls: Math.ceil(calls / STEPS) });
    if (run.wrong > 0) wrong.push(`memory: ${run.wrong} wrong answers`);
    readings.push(guard.memory());
    rows.push([String(Math.ceil(calls / STEPS) * step), asSize(guard.memory())]);
  }
  // A heap grows until its first full collections; from then on it has to stay.
  const [early = Number.NaN, late = Number.NaN] = [
    Math.max(...readings.slice(1, 3)),
    Math.max(...readings.slice(-2)),
  ];
  const ratio = late / early;
  const verdict = `${asSize(late)} at the end, ${ratio.toFixed(2)} times what it was after a fifth of the calls.`;
  if (!(ratio <= ALLOWED_RATIO)) wrong.push(`memory grows: ${verdict} ${ALLOWED_RATIO} times is allowed.`);
  return { rows, wrong, verdict };
}
