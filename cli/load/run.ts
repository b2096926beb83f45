import { interruptible } from "../interrupt.ts";
import { fromJson } from "../mcp/parameters.ts";
import { isExposed, placeOf, shownUrl } from "../mcp/place.ts";
import { progressOn } from "../progress.ts";
import { keepFromProxy } from "../proxy.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { type Places, placesOf, writeReport } from "./files.ts";
import { measure, type Plan, type Told } from "./measure.ts";
import { reportText } from "./print.ts";
import { type Report, thisMachine } from "./report.ts";
import { ensureMeant } from "./target.ts";

/** What is asked for on the command line. */
export interface RunOptions extends Omit<Plan, "target"> {
  url: string;
  tokenFile?: string;
  headers: readonly string[];
  ca?: string;
  tool: string;
  /** JSON. */
  args: string;
  expected?: string;
  timeoutMs: number;
  /** Name of the files without their endings. @default - the time, in the folder `load` */
  out?: string;
  force?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * Measures, prints, and writes the report and its picture.
 *
 * @returns false when it isn't as it should be
 * @throws {UserError} when nothing could be measured
 */
export async function run(options: RunOptions): Promise<boolean> {
  const { json, force = false, sessions, seconds, maxWaiting, limits, rate, timeoutMs } = options;
  const env = process.env;
  const { url: text, tokenFile, headers, ca } = options;
  const place = placeOf({ transport: "http", url: text, command: [], tokenFile, headers, ca }, env);
  if (place.transport === "stdio") throw new UserError("--url must be of http", exitCodes.usage);
  const { url } = place;
  const target = {
    ...{ url, headers: place.headers, tool: options.tool, expected: options.expected, timeoutMs },
    args: fromJson({ text: options.args, pairs: [] }) ?? {},
  };
  keepFromProxy(url, env);
  await ensureMeant(url, { yes: options.yes, env });
  if (isExposed(place)) console.error(`warning: the token goes to ${url.host} in the clear; use https`);
  const startedAt = new Date().toISOString();
  const places = await placesOf(options.out, force, startedAt);
  const machine = thisMachine();

  const progress = progressOn(process.stderr, env);
  const told: Told = (what) => progress.show(() => progressText(what, sessions, seconds));
  return await interruptible(async (signal) => {
    const plan: Plan = { target, sessions, seconds, maxWaiting, limits, rate };
    const measured = await measure(plan, env, signal, told).finally(() => progress.end());
    const report: Report = {
      ...{ schema: 1, startedAt, interrupted: signal.aborted },
      target: {
        url: shownUrl(url),
        tool: target.tool,
        ...(target.expected && { expected: target.expected }),
      },
      limits: {
        p99Ms: limits.p99Ms ?? null,
        ...{ errorShare: limits.errors, timeoutSeconds: timeoutMs / 1000, maxWaiting },
      },
      machine,
      ...withoutToken(measured, place.token),
    };
    if (report.steps.length > 0) await writeReport(report, places, force);
    print(report, places, json);
    // Ends with the exit code of an interruption, after all that was found is told.
    signal.throwIfAborted();
    return report.problems.length === 0;
  }, "interrupted; the figures are of what was done until then");
}

function print(report: Report, { json: file, png }: Places, json = false): void {
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else if (report.steps.length > 0) console.log(`${reportText(report)}\n\n${file}\n${png}`);
  for (const warning of report.warnings) console.error(`warning: ${visible(warning)}`);
  for (const problem of report.problems) console.error(`problem: ${visible(problem)}`);
}

function progressText(what: Parameters<Told>[0], sessions: number, seconds: number): string {
  if ("opened" in what) return `${what.opened} of ${sessions} sessions are open`;
  const { rps, seconds: at, right, wrong, waiting } = what;
  return `${rps} calls/s: ${at.toFixed(0)} of ${seconds} s, ${right} right, ${wrong} wrong, ${waiting} waiting`;
}

/** A server may repeat what it was sent. */
function withoutToken<T>(value: T, token: string | undefined): T {
  return token === undefined ? value : (JSON.parse(JSON.stringify(value).replaceAll(token, "[token]")) as T);
}
