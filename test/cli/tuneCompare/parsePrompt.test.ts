import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePrompt } from "../../../cli/tuneCompare/parsePrompt.ts";
import { formats, formatted } from "../../../cli/tunePrepare/format.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const system = (content: string) => ({ role: "system", content });

describe("parsePrompt", () => {
  it.each([
    [{ prompt: "Q" }, { messages: [user("Q")] }],
    [
      { prompt: "Q", reference: "R" },
      { messages: [user("Q")], reference: "R" },
    ],
    [
      { prompt: "Q\n\n", completion: "R" },
      { messages: [user("Q\n\n")], reference: "R" },
    ],
    [{ messages: [user("Q")] }, { messages: [user("Q")] }],
    [
      { messages: [system(""), user("Q")], reference: "R" },
      { messages: [system(""), user("Q")], reference: "R" },
    ],
    [{ messages: [user("Q"), assistant("R")] }, { messages: [user("Q")], reference: "R" }],
    [
      { messages: [user("1"), assistant("2"), user("3")] },
      { messages: [user("1"), assistant("2"), user("3")] },
    ],
  ])("reads %j", (record, prompt) => {
    expect(parsePrompt(JSON.stringify(record))).toEqual(prompt);
  });

  it("takes everything that tune-prepare writes, with the response as the reference", () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => /\S/.test(each));
    const record = fc.record({ instruction: text, response: text });
    fc.assert(
      fc.property(
        record,
        fc.constantFrom(...formats),
        fc.option(text, { nil: undefined }),
        (each, format, extra) => {
          const prompt = parsePrompt(formatted(each, format, extra).json);
          expect(prompt).toHaveProperty("reference", each.response);
          expect(prompt).toHaveProperty(
            "messages.length",
            extra !== undefined && format === "messages" ? 2 : 1,
          );
        },
      ),
    );
  });

  it.each([
    [{}, 'neither "prompt" nor "messages"; one is wanted'],
    [{ prompt: "Q", messages: [user("Q")] }, 'both "prompt" and "messages"; one is wanted'],
    [{ prompt: " " }, '"prompt" has nothing but white space'],
    [{ prompt: 1 }, '"prompt" is a number, not a string'],
    [{ prompt: "Q", reference: "" }, '"reference" is empty'],
    [{ prompt: "Q", completion: null }, '"completion" is null, not a string'],
    [
      { prompt: "Q", completion: "R", reference: "R" },
      "the record has two answers to compare with; one is wanted",
    ],
    [
      { messages: [user("Q"), assistant("R")], reference: "R" },
      "the record has two answers to compare with; one is wanted",
    ],
    [
      { prompt: "Q", refrence: "R" },
      'the key "refrence" is not one of prompt, completion, reference; did you mean "reference"?',
    ],
    [{ messages: [user("Q")], completion: "R" }, 'the key "completion" is not one of messages, reference'],
    [{ messages: [] }, '"messages" is not an array with messages in it'],
    [{ messages: "Q" }, '"messages" is not an array with messages in it'],
    [{ messages: ["Q"] }, "messages[0] is not an object"],
    [{ messages: [null] }, "messages[0] is not an object"],
    [
      { messages: [{ role: "tool", content: "x" }] },
      'messages[0].role is "tool", not one of system, user, assistant',
    ],
    [{ messages: [user("")] }, "messages[0].content is empty"],
    [{ messages: [{ ...user("Q"), name: "x" }] }, 'the key "name" is not one of role, content'],
    [{ messages: [system("S")] }, '"messages" has no question of the user at its end'],
    [{ messages: [assistant("R")] }, '"messages" has no question of the user at its end'],
  ])("says what is wrong with %j", (record, message) => {
    expect(parsePrompt(JSON.stringify(record))).toEqual([{ message }]);
  });
});
