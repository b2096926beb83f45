import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint, Side } from "../../../cli/tuneCompare/endpoint.ts";
import { asMarkdown, cell } from "../../../cli/tuneCompare/markdown.ts";
import { reportOf } from "../../../cli/tuneCompare/report.ts";

const nasty = [
  "a | b",
  "line\nbreak\r\nand\rmore\n\n",
  "```sh\nrm -rf | tee\n```",
  "<script>alert(1)</script><!-- -->",
  "</td></table>\n\n# Heading",
  "&lt;br&gt; &#124; &amp;",
  "[link](javascript:x) ![i](http://x) <http://x>",
  "@someone #1 $x^2$ ~~no~~ **b** _i_ `c` \\| \\",
  "| --- |\n| x |",
  "  indented\n\tby tab  ",
  "\u001b[31mred\u0000\u007f\u0085",
  "",
];

/** What a reader of the cell sees: references and the line breaks back to text. */
function seen(text: string): string {
  return text
    .replaceAll("<br>", "\n")
    .replaceAll("&emsp;", "\t")
    .replaceAll("&nbsp;", " ")
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

describe("cell", () => {
  const texts = fc.oneof(
    fc.constantFrom(...nasty),
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom("|", "\n", "`", "<", ">", "&", "\\", " ", "#", "a", "-"))
      .map((all) => all.join("")),
  );

  it("has nothing that is markup or ends the cell, and looks like the text", () => {
    fc.assert(
      fc.property(texts.filter(Boolean), (text) => {
        const shown = cell(text);
        expect(shown.replaceAll("<br>", "").replaceAll(/&(?:#\d+|nbsp|emsp);/g, "")).not.toMatch(
          /[\n\r&<>"'\\`*_~[\](){}|@#$^=!:]/,
        );
        if (!/\p{Cc}/u.test(text.replaceAll(/[\r\n\t]/g, ""))) {
          expect(seen(shown)).toBe(text.replaceAll(/\r\n?/g, "\n"));
        }
      }),
    );
  });

  it("shows control characters by their pictures", () => {
    expect(cell("\u001b[m\u0000\u007f\u0085")).toBe("␛&#91;m␀␡\ufffd");
  });

  it("says that a text is empty", () => {
    expect(cell("")).toBe("*(empty)*");
  });
});

describe("asMarkdown", () => {
  const endpoint = (side: Side) => ({ side, url: "http://x/v1", model: "a|b" }) as Endpoint;
  const settings = {
    prompts: "p|q.jsonl",
    system: null,
    maxTokens: 5,
    temperature: 0,
    timeout: 1,
    concurrency: 1,
    retries: 0,
  };
  const reply = (text: string) => ({
    text,
    finishReason: "stop",
    latencyMs: 1,
    firstTokenMs: null,
    tokens: 0,
    tokensFrom: "usage" as const,
    tries: 1,
    tokensPerSecond: null,
    similarity: 0.5,
  });

  it("keeps its tables whole, whatever prompts, references, answers and errors say", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...nasty), { minLength: 4, maxLength: 4 }), (texts) => {
        const [prompt = "", reference = "", answer = "", error = ""] = texts;
        const compared = [
          {
            line: 1,
            messages: [{ role: "user" as const, content: prompt }],
            reference,
            replies: { base: reply(answer), tuned: { error, tries: 1 } },
          },
        ];
        const endpoints = { base: endpoint("base"), tuned: endpoint("tuned") };
        const text = asMarkdown(reportOf(compared, endpoints, settings, new Date(0)));
        const lines = text.split("\n");
        const widths = lines.filter((line) => line.startsWith("|")).map((line) => line.split("|").length - 2);
        // The figures, the messages, and the answers beside the reference.
        expect(widths).toEqual([...Array(10).fill(3), ...Array(3).fill(2), ...Array(8).fill(4)]);
        expect(lines.filter((line) => line.startsWith("#"))).toEqual([
          "# Base and tuned model side by side",
          "## Prompt 1 (line 1)",
        ]);
      }),
    );
  });
});
