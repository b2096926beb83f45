import { type Flaw, parseObject, textFlaw, unknownKey } from "../tunePrepare/record.ts";

const roles = ["system", "user", "assistant"] as const;

export interface Message {
  role: (typeof roles)[number];
  content: string;
}

/** One question for both models. */
export interface Prompt {
  /** Where it stands in the file of prompts. */
  line: number;
  messages: Message[];
  /** The answer that is right, if the file has one. */
  reference?: string;
}

/**
 * Reads a prompt from the text of a line: {"prompt"} or {"messages"}, each maybe with a "reference". Records as
 * tune-prepare writes them are taken too: the completion, or the assistant's message at the end, is the reference.
 */
export function parsePrompt(text: string): Omit<Prompt, "line"> | Flaw[] {
  const value = parseObject(text);
  if (Array.isArray(value)) return value;
  const { prompt, messages, completion, reference } = value;
  if ((prompt === undefined) === (messages === undefined)) {
    const found = prompt === undefined ? 'neither "prompt" nor "messages"' : 'both "prompt" and "messages"';
    return [{ message: `${found}; one is wanted` }];
  }
  const known = prompt === undefined ? ["messages", "reference"] : ["prompt", "completion", "reference"];
  const flaws = [
    ...Object.keys(value)
      .filter((key) => !known.includes(key))
      .map((key) => unknownKey(key, known)),
    ...(prompt === undefined ? messagesFlaws(messages) : textFlaw('"prompt"', prompt, { mayBeBlank: false })),
    ...Object.entries({ completion, reference })
      .filter(([, each]) => each !== undefined)
      .flatMap(([key, each]) => textFlaw(`"${key}"`, each, { mayBeBlank: false })),
  ];
  if (flaws.length > 0) return flaws;
  const chat =
    prompt === undefined ? (messages as Message[]) : [{ role: "user", content: prompt } as Message];
  const answer = chat.at(-1)?.role === "assistant" ? chat.at(-1)?.content : undefined;
  const question = answer === undefined ? chat : chat.slice(0, -1);
  const references = [answer, completion, reference].filter((each) => each !== undefined);
  if (references.length > 1)
    return [{ message: "the record has two answers to compare with; one is wanted" }];
  if (question.at(-1)?.role !== "user")
    return [{ message: '"messages" has no question of the user at its end' }];
  return references.length === 0
    ? { messages: question }
    : { messages: question, reference: references[0] as string };
}

function messagesFlaws(messages: unknown): Flaw[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    return [{ message: '"messages" is not an array with messages in it' }];
  }
  return messages.flatMap((message: unknown, index) => {
    const name = `messages[${index}]`;
    if (typeof message !== "object" || message === null) return [{ message: `${name} is not an object` }];
    const { role, content, ...others } = message as Record<string, unknown>;
    const flaws = Object.keys(others).map((key) => unknownKey(key, ["role", "content"]));
    if (!roles.some((each) => each === role)) {
      flaws.push({ message: `${name}.role is ${JSON.stringify(role)}, not one of ${roles.join(", ")}` });
    }
    return [...flaws, ...textFlaw(`${name}.content`, content, { mayBeBlank: role === "system" })];
  });
}
