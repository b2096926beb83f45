import type { AskOptions } from "./ask.ts";
import type { Compared, Reply } from "./compare.ts";
import type { Endpoint, Side } from "./endpoint.ts";
import { meanOf, type Spread, spreadOf } from "./statistics.ts";

/** How the comparison was made. */
export interface Settings extends AskOptions {
  prompts: string;
  system: string | null;
  concurrency: number;
  retries: number;
}

/** The figures of one model over all prompts. */
export interface SideSummary {
  url: string;
  model: string;
  answered: number;
  failed: number;
  latencyMs: Spread | null;
  firstTokenMs: Spread | null;
  tokensPerSecond: Spread | null;
  /** Of how many answers the endpoint counted the tokens, and of how many the pieces were counted. */
  tokensFrom: { usage: number; pieces: number };
  /** Mean over the prompts with a reference that both models answered; null when there is none. */
  similarity: number | null;
}

/** All that is reported; the JSON report is this. */
export interface Report {
  schema: 1;
  createdAt: string;
  settings: Settings;
  measures: Record<"latencyMs" | "firstTokenMs" | "tokensPerSecond" | "percentiles" | "similarity", string>;
  base: SideSummary;
  tuned: SideSummary;
  /** Over the prompts that both models answered. */
  pairs: {
    count: number;
    /** Answers that are the same to the letter. */
    identical: number;
    /** Prompts with a reference, and which answer is closer to it; null when no prompt has one. */
    closer: { base: number; tuned: number; equal: number } | null;
  };
  prompts: Compared[];
}

const measures = {
  latencyMs: "from the request to the end of the answer, without earlier tries that failed",
  firstTokenMs: "from the request to the first token",
  tokensPerSecond:
    "tokens after the first by the time after the first, as the endpoint counts them, or else pieces",
  percentiles: "nearest rank",
  similarity: "ROUGE-L F1 of the answer and the reference, from 0 to 1: words in lower case, no stemming",
};

export function reportOf(
  compared: Compared[],
  endpoints: Record<Side, Endpoint>,
  settings: Settings,
  createdAt: Date,
): Report {
  const pairs = compared.flatMap(({ replies: { base, tuned } }) =>
    "error" in base || "error" in tuned ? [] : [{ base, tuned }],
  );
  const judged = pairs.flatMap(({ base, tuned }) =>
    base.similarity === null || tuned.similarity === null
      ? []
      : [{ base: base.similarity, tuned: tuned.similarity }],
  );
  const summary = (side: Side): SideSummary => {
    const { url, model } = endpoints[side];
    const similarity = meanOf(judged.map((each) => each[side]));
    return { url, model, ...figuresOf(compared.map(({ replies }) => replies[side])), similarity };
  };
  return {
    schema: 1,
    createdAt: createdAt.toISOString(),
    settings,
    measures,
    base: summary("base"),
    tuned: summary("tuned"),
    pairs: {
      count: pairs.length,
      identical: pairs.filter(({ base, tuned }) => base.text === tuned.text).length,
      closer:
        judged.length === 0
          ? null
          : {
              base: judged.filter(({ base, tuned }) => base > tuned).length,
              tuned: judged.filter(({ base, tuned }) => tuned > base).length,
              equal: judged.filter(({ base, tuned }) => tuned === base).length,
            },
    },
    prompts: compared,
  };
}

function figuresOf(replies: Reply[]): Omit<SideSummary, "url" | "model" | "similarity"> {
  const answers = replies.flatMap((reply) => ("error" in reply ? [] : [reply]));
  const figures = (key: "latencyMs" | "firstTokenMs" | "tokensPerSecond") =>
    spreadOf(answers.map((answer) => answer[key]).filter((value) => value !== null));
  const usage = answers.filter(({ tokensFrom }) => tokensFrom === "usage").length;
  return {
    answered: answers.length,
    failed: replies.length - answers.length,
    latencyMs: figures("latencyMs"),
    firstTokenMs: figures("firstTokenMs"),
    tokensPerSecond: figures("tokensPerSecond"),
    tokensFrom: { usage, pieces: answers.length - usage },
  };
}
