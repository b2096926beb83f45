import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { McpClient, type Target } from "./client.ts";
import { type Bite, bitesOf } from "./errors.ts";
import { limitKinds, type Outcome } from "./kinds.ts";
import { type Climb, faultOf, findKnee, generatorFault, type Knee, type Limits } from "./knee.ts";
import type { Report } from "./report.ts";
import { Sessions } from "./sessions.ts";
import { runStep, type Step, type StepProgress } from "./step.ts";

/** What is measured. */
export interface Plan {
  target: Target;
  sessions: number;
  /** Seconds of a step. */
  seconds: number;
  maxWaiting: number;
  limits: Limits;
  /** One rate, or several that go up. */
  rate: number | Climb;
}

/** What is told on the way. */
export type Told = (what: { opened: number } | ({ rps: number } & StepProgress)) => void;

/** Between two steps, so that a queue of the last one isn't in the figures of the next. */
const restMs = 500;

/** What of a report is measured. */
export type Measured = Pick<Report, "sessions" | "steps" | "bites" | "knee" | "problems" | "warnings">;

/**
 * Opens the sessions, calls, and ends them. An interruption ends it early, with what there is.
 */
export async function measure(
  plan: Plan,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  told: Told,
): Promise<Measured> {
  const dispatcher = dispatcherOf(env, plan.maxWaiting);
  const client = new McpClient(plan.target, dispatcher);
  const sessions = new Sessions(client);
  try {
    await sessions.open(plan.sessions, signal, (opened) => told({ opened }));
    const steps: Step[] = [];
    let knee: Knee | undefined;
    const step = async (rps: number): Promise<Step> => {
      if (steps.length > 0) await sleep(restMs, undefined, { signal }).catch(() => {});
      const { seconds, maxWaiting } = plan;
      const made = await runStep({ rps, seconds, maxWaiting }, { client, sessions }, signal, (progress) =>
        told({ rps, ...progress }),
      );
      steps.push(made);
      return made;
    };
    if (sessions.size > 0 && !signal.aborted) {
      if (typeof plan.rate === "number") await step(plan.rate);
      else knee = await findKnee(plan.rate, plan.limits, step, signal);
    }
    return summary(plan, sessions, steps, knee);
  } finally {
    await sessions.end();
    await dispatcher.close();
  }
}

function dispatcherOf(env: NodeJS.ProcessEnv, connections: number): Dispatcher {
  // One call at a time on a connection, and as many connections as calls wait: an answer never waits for another.
  const options = { pipelining: 1, connections, headersTimeout: 0, bodyTimeout: 0 };
  return env["NODE_USE_ENV_PROXY"] === "1" ? new EnvHttpProxyAgent(options) : new Agent(options);
}

function summary(plan: Plan, sessions: Sessions, steps: Step[], knee: Knee | undefined): Measured {
  const opened = sessions.opened;
  const refused = unique(sessions.refused);
  const atOpening = refused
    .filter(({ kind }) => limitKinds.includes(kind))
    .map((outcome): Bite => ({ ...outcome, count: 1, rightBefore: 0, firstAtSeconds: 0, rps: 0 }));
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { kind, code, message } of refused) {
    const why = [kind, code, message].filter(Boolean).join(", ");
    const all = opened === plan.sessions;
    const what = all
      ? "a session that was lost could not be opened anew"
      : `${opened} of ${plan.sessions} sessions could be opened`;
    (opened === 0 ? problems : warnings).push(`${what} (${why})`);
  }
  const own = steps.map(generatorFault).find(Boolean);
  if (own) warnings.push(`${own}: figures at such rates are the generator's, not the server's`);
  if (knee) {
    if (knee.rps === null) problems.push(`even the first rate is too much: ${knee.because}`);
  } else {
    for (const step of steps) {
      const fault = faultOf(step, plan.limits);
      if (fault) problems.push(fault);
    }
  }
  return {
    sessions: { wanted: plan.sessions, opened, reopened: sessions.reopened, refused },
    steps,
    bites: [...atOpening, ...bitesOf(steps)],
    ...(knee && { knee }),
    ...{ problems, warnings },
  };
}

function unique(outcomes: readonly Outcome[]): Outcome[] {
  return [...new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome])).values()];
}
