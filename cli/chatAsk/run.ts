import { interruptible } from "../interrupt.ts";
import { progressOn } from "../progress.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { ChatApi, type OfferedModel } from "./api.ts";
import { ask } from "./conversation.ts";
import { explained } from "./failure.ts";
import { type Live, openLive } from "./live.ts";
import { isExposed, type Place, type PlaceOptions, placeOf } from "./place.ts";
import { answerText, beneath, problemLines, type Report } from "./print.ts";
import { problemsOf, unusedTools } from "./problems.ts";
import { type Output, screenOn } from "./screen.ts";
import { sourcesOf } from "./sources.ts";

/** What is asked, and how. */
export interface AskOptions {
  question: string;
  place: PlaceOptions;
  /** @default - the chat app's own default */
  model?: string;
  /** Names or ids of tools; none are called with []. @default - those that the page switches on */
  tools?: readonly string[];
  timeoutMs: number;
  /** Leave the chat in the account's list of chats. */
  keep?: boolean;
}

/** How long the connection for events may take; without it the answer comes at once when it is there. */
const liveMs = 10_000;

/**
 * Asks and prints.
 *
 * @returns false when there is no answer or a link is broken
 */
export async function run(options: AskOptions, json = false): Promise<boolean> {
  const { stdout, stderr } = process;
  const screen = screenOn(!json && stdout.isTTY ? stdout : undefined, progressOn(stderr, process.env));
  let streamed = false;
  const report = await askChat(options, screen).finally(() => {
    streamed = screen.end();
  });
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else {
    if (!streamed && report.answer !== null) console.log(answerText(report.answer));
    console.log(beneath(report));
  }
  if (report.problems.length > 0) console.error(problemLines(report.problems));
  return report.problems.length === 0;
}

/**
 * Signs in, asks, waits for the answer, and judges how it came about.
 *
 * @throws {UserError} when the chat app can't be asked
 */
export async function askChat(options: AskOptions, output: Output): Promise<Report> {
  return await interruptible(async (interrupted) => {
    const limit = AbortSignal.any([interrupted, AbortSignal.timeout(options.timeoutMs)]);
    output.doing("looking for the chat app");
    const place = await placeOf(options.place, process.env, limit);
    if (isExposed(place)) {
      console.error(`warning: the password goes to ${place.url.host} in the clear; use https`);
    }
    try {
      return await asked(place, options, output, limit);
    } catch (error) {
      throw explained(limit.aborted && !interrupted.aborted ? limit.reason : error, place, options.timeoutMs);
    } finally {
      await place.close();
    }
  }, "interrupted; the chat app was told to stop");
}

async function asked(
  place: Place,
  options: AskOptions,
  output: Output,
  signal: AbortSignal,
): Promise<Report> {
  const begun = performance.now();
  const api = new ChatApi(place.url, signal);
  output.doing(`signing in to ${place.shown}`);
  const session = await api.signIn(place.email, place.password);
  const model = await chosenModel(api, options.model, place);
  const tools = await chosenTools(api, options.tools, model);
  const systemPrompt = await api.systemPrompt();
  const live: Live | undefined = await openLive(place.url, session.token, liveMs, signal);
  try {
    const { question: text, keep } = options;
    const question = { text, model: model.id, tools: tools.ids, systemPrompt, keep };
    const answered = await ask(api, live, question, output, signal);
    const problems = [...tools.problems, ...problemsOf(answered, model.id, tools.ids)];
    const { content } = answered.message;
    const quiet = answered.calls.length === 0 && problems.length === 0 && tools.ids.length > 0;
    const unused = quiet && session.administrator ? await unusedTools(api, tools.ids) : undefined;
    if (answered.left !== undefined) {
      console.error(`warning: the chat could not be deleted (${visible(answered.left)})`);
    }
    return {
      question: text,
      model: model.id,
      answer: content?.trim() ? content : null,
      sources: sourcesOf(answered.message),
      calls: answered.calls,
      problems: [...problems, ...(unused?.problems ?? [])],
      ...(unused && { offered: unused.offered }),
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      ...((keep || answered.left !== undefined) && {
        chat: `${place.page ?? place.shown}/c/${answered.chat}`,
      }),
    };
  } finally {
    live?.close();
  }
}

async function chosenModel(
  api: ChatApi,
  wanted: string | undefined,
  { shown }: Place,
): Promise<OfferedModel> {
  const { offered, first } = await api.models();
  const model = offered.find(({ id }) => id === (wanted ?? first));
  if (model) return model;
  if (offered.length === 0) {
    throw new UserError(
      `${shown} has no models: none of them can be reached, or the account may use none; npm run diagnose says how they are`,
      exitCodes.failed,
    );
  }
  const known = offered.map(({ id }) => visible(id)).join(", ");
  throw new UserError(`there is no model ${visible(wanted ?? "")}; there are ${known}`, exitCodes.usage);
}

/** The ids of the tools to switch on. */
async function chosenTools(api: ChatApi, wanted: readonly string[] | undefined, model: OfferedModel) {
  if (wanted?.length === 0) return { ids: [], problems: [] };
  const offered = await api.tools();
  if (wanted === undefined) {
    const missing = model.toolIds.filter((id) => !offered.some((each) => each.id === id));
    return {
      ids: model.toolIds.filter((id) => !missing.includes(id)),
      problems: missing.map((id) => ({
        link: "tools" as const,
        what: `the model is to have ${visible(id)}, which the chat app doesn't have, or not for this account`,
        remedy: "see what the chat app was given: TOOL_SERVER_CONNECTIONS in its Secret",
      })),
    };
  }
  const ids = wanted.map((name) => {
    const found = offered.find(({ id }) => id === name || id.endsWith(`:${name}`));
    if (found) return found.id;
    const known = offered.map(({ id }) => visible(id.split(":").at(-1) ?? id)).join(", ");
    throw new UserError(
      `there are no tools of ${visible(name)}; ${known ? `there are those of ${known}` : "the chat app has none"}`,
      exitCodes.usage,
    );
  });
  return { ids, problems: [] };
}
