import type { DollyRecord } from "./record.ts";

/**
 * What KAITO 0.11's tuning takes. It hands the file to TRL's SFTTrainer as it is: the columns of DatasetConfig are
 * declared but read nowhere (presets/workspace/tuning/text-generation/{cli,dataset,fine_tuning}.py, v0.11.0), so
 * the names of the keys decide. TRL 1.0 (trl/trainer/sft_trainer.py, _prepare_dataset) knows "messages", to which
 * it applies the model's chat template, and "prompt" with "completion", which it joins as they stand.
 */
export const formats = ["messages", "prompt-completion"] as const;

export type Format = (typeof formats)[number];

/** What is written for a record, and how much of it the model reads. */
export interface Formatted {
  json: string;
  /** Length of the texts without the JSON around them. */
  characters: number;
  /** The same in bytes of UTF-8. */
  bytes: number;
}

/**
 * Writes a record in a format. The texts stay as they are, white space included.
 *
 * @param system a system message, put in front
 */
export function formatted(record: DollyRecord, format: Format, system?: string): Formatted {
  const { instruction, context, response } = record;
  const question = context === undefined ? instruction : `${instruction}\n\n${context}`;
  if (format === "messages") {
    const messages = [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      { role: "user", content: question },
      { role: "assistant", content: response },
    ];
    return measured({ messages }, [system ?? "", question, response]);
  }
  // No template stands between the two, so that the prompt itself must end where the answer begins.
  const prompt = `${system === undefined ? "" : `${system}\n\n`}${question}\n\n`;
  return measured({ prompt, completion: response }, [prompt, response]);
}

function measured(value: object, texts: string[]): Formatted {
  return {
    json: JSON.stringify(value),
    characters: texts.reduce((sum, text) => sum + text.length, 0),
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  };
}
