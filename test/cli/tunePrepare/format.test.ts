import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatted } from "../../../cli/tunePrepare/format.ts";

const record = { instruction: "When?", context: "It was 2000.", response: "2000" };

describe("formatted", () => {
  it("writes a chat, the context behind the instruction", () => {
    expect(JSON.parse(formatted(record, "messages").json)).toEqual({
      messages: [
        { role: "user", content: "When?\n\nIt was 2000." },
        { role: "assistant", content: "2000" },
      ],
    });
  });

  it("puts the system message first", () => {
    expect(JSON.parse(formatted({ instruction: "a", response: "b" }, "messages", "Be brief.").json)).toEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ],
    });
    expect(JSON.parse(formatted(record, "prompt-completion", "Be brief.").json)).toEqual({
      prompt: "Be brief.\n\nWhen?\n\nIt was 2000.\n\n",
      completion: "2000",
    });
  });

  it("measures the texts, not the JSON around them", () => {
    const { characters, bytes } = formatted({ instruction: "é\n", response: "東京" }, "messages", "x");
    expect({ characters, bytes }).toEqual({ characters: 5, bytes: 10 });
  });

  it("writes one line and keeps every character", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, text, (instruction, response) => {
        const { json } = formatted({ instruction, response }, "prompt-completion");
        expect(json).not.toMatch(/[\r\n]/);
        expect(JSON.parse(json)).toEqual({ prompt: `${instruction}\n\n`, completion: response });
      }),
    );
  });
});
