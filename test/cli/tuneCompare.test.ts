import { readdir, writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { clock } from "../../cli/tuneCompare/clock.ts";
import { Comparing, chats, echo, jsonl, scriptedClock } from "./tuneCompare/comparing.ts";
import { answer, type Behaviour, question, refuse } from "./tuneCompare/server.ts";

const comparing = new Comparing();

describe("mcpaas tune-compare", () => {
  it("asks both models the same and reports figures, answers and their likeness to the references", async () => {
    const [base, tuned] = [await comparing.serve(["phi"], echo), await comparing.serve(["dolly"], echo)];
    await writeFile(
      comparing.prompts,
      jsonl(
        { prompt: "one two", reference: "dolly says one two" },
        {
          messages: [
            { role: "system", content: "S" },
            { role: "user", content: "three" },
          ],
        },
      ),
    );
    scriptedClock(10);
    const flags = ["--max-tokens", "9", "--temperature", "0.5", "--system", "Be brief."];
    const { code, stdout, stderr } = await comparing.compare(base, tuned, flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const figures = await comparing.report();
    expect(figures.base).toEqual({
      url: base.url,
      model: "phi",
      answered: 2,
      failed: 0,
      latencyMs: { count: 2, mean: 20, p50: 20, p95: 20 },
      firstTokenMs: { count: 2, mean: 10, p50: 10, p95: 10 },
      tokensPerSecond: { count: 2, mean: 250, p50: 200, p95: 300 },
      tokensFrom: { usage: 2, pieces: 0 },
      similarity: 0.75,
    });
    expect(figures.tuned).toMatchObject({ url: tuned.url, model: "dolly", similarity: 1 });
    expect(figures.pairs).toEqual({ count: 2, identical: 0, closer: { base: 0, tuned: 1, equal: 0 } });
    expect(figures.settings).toMatchObject({
      maxTokens: 9,
      temperature: 0.5,
      system: "Be brief.",
      prompts: comparing.prompts,
    });
    expect(figures.prompts[0]).toMatchObject({
      line: 1,
      reference: "dolly says one two",
      replies: {
        base: { text: "phi says one two", finishReason: "stop", tokens: 4, tokensFrom: "usage", tries: 1 },
        tuned: { text: "dolly says one two", similarity: 1 },
      },
    });
    expect(stdout).toContain("Closer to the reference: base 0, tuned 1, neither 0\n");
    const markdown = await comparing.read("tune-compare.md");
    expect(markdown).toContain("| answer | dolly says one two | phi says one two | dolly says one two |");
    expect(markdown).toContain("| tokens |  | 4, 300/s | 4, 300/s |");
    expect((await readdir(comparing.dir)).toSorted()).toEqual([
      "prompts.jsonl",
      "tune-compare.json",
      "tune-compare.md",
    ]);

    expect(chats(base).map(({ body }) => body)).toEqual([
      {
        model: "phi",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "one two" },
        ],
        max_tokens: 9,
        temperature: 0.5,
        stream: true,
        stream_options: { include_usage: true },
      },
      expect.objectContaining({
        messages: [
          { role: "system", content: "S" },
          { role: "user", content: "three" },
        ],
      }),
    ]);
  });

  it("reads plain text, up to a limit, and alternates who is asked first", async () => {
    const both = await comparing.serve(["phi", { id: "dolly", parent: "phi" }], echo);
    await writeFile(comparing.prompts, "first\n\nsecond\r\nthird\nfourth\n");
    const flags = ["--base-model", "phi", "--tuned-model", "dolly", "--limit", "3"];
    const { code } = await comparing.compare(both, both, flags);
    expect(code).toBe(0);
    expect(chats(both).map((asked) => `${asked.body.model} ${question(asked)}`)).toEqual([
      "phi first",
      "dolly first",
      "dolly second",
      "phi second",
      "phi third",
      "dolly third",
    ]);
    expect((await comparing.report()).prompts.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(await comparing.read("tune-compare.md")).toContain("| ROUGE-L F1: mean | no reference |");
  });

  it("says so when all answers are the same", async () => {
    const same: Behaviour = (asked, response) => answer(asked, response, ["same"]);
    await writeFile(comparing.prompts, "x\n");
    const { stdout } = await comparing.compare(
      await comparing.serve(["phi"], same),
      await comparing.serve(["dolly"], same),
    );
    expect(stdout).toContain(
      "The same answer to the letter: 1 of 1\nAll answers are the same: is the adapter loaded",
    );
  });

  it("has as many comparing.prompts under way as it may, and no more", async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const together: Behaviour = async (asked, response) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        if (waiting.length === 3) for (const go of waiting.splice(0)) go();
      });
      echo(asked, response);
    };
    const both = await comparing.serve(["phi"], together);
    await writeFile(comparing.prompts, "1\n2\n3\n4\n5\n6\n");
    const { code } = await comparing.compare(both, both, ["--concurrency", "3"]);
    expect({ code, most, asked: chats(both).length }).toEqual({ code: 0, most: 3, asked: 12 });
    expect((await comparing.report()).prompts.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("counts pieces where no usage comes, thoughts among them, and says so", async () => {
    const silent = await comparing.serve(["phi"], (asked, response) => {
      answer(asked, response, ["hm ", "so "], {
        key: "reasoning_content",
        usage: null,
        finish: null,
        done: false,
      });
      // What a thinking model says goes on in the same stream.
      response.write(
        'data: {"choices":[{"index":0,"delta":{"content":"yes"},"finish_reason":"length"}]}\n\n',
      );
      response.end("data: [DONE]\n\n");
    });
    const counting = await comparing.serve(["dolly"], (asked, response) =>
      answer(asked, response, ["ja"], { usage: 7 }),
    );
    await writeFile(comparing.prompts, "x\n");
    const { stdout } = await comparing.compare(silent, counting);
    const { prompts: compared, base, tuned } = await comparing.report();
    expect(compared[0]?.replies.base).toMatchObject({
      text: "yes",
      tokens: 3,
      tokensFrom: "pieces",
      finishReason: "length",
    });
    expect([base.tokensFrom, tuned.tokensFrom]).toEqual([
      { usage: 0, pieces: 1 },
      { usage: 1, pieces: 0 },
    ]);
    expect(stdout).toMatch(/tokens counted by +pieces \(1 of 1\) +the endpoint/);
  });

  it("leaves the question for usage out where it is refused", async () => {
    const strict = await comparing.serve(["phi"], (asked, response) =>
      asked.body.stream_options
        ? refuse(response, 400, "Unrecognized request argument supplied: stream_options")
        : echo(asked, response),
    );
    await writeFile(comparing.prompts, "x\ny\n");
    const { code } = await comparing.compare(strict, await comparing.serve(["dolly"], echo));
    expect(code).toBe(0);
    expect(chats(strict).map(({ body }) => "stream_options" in body)).toEqual([true, false, false]);
    expect((await comparing.report()).base.tokensFrom).toEqual({ usage: 0, pieces: 2 });
  });

  it("tries again what passes, and counts no time of a try that failed", async () => {
    let [count, time] = [0, 0];
    vi.spyOn(clock, "now").mockImplementation(() => time);
    const shaky = await comparing.serve(["phi"], (asked, response) => {
      count++;
      if (count > 2) return echo(asked, response);
      time += 1000;
      refuse(response, count === 1 ? 503 : 429, "not yet");
    });
    await writeFile(comparing.prompts, "x\n");
    const { code } = await comparing.compare(shaky, await comparing.serve(["dolly"], echo));
    expect(code).toBe(0);
    const { prompts } = await comparing.report();
    expect(prompts[0]?.replies.base).toMatchObject({ tries: 3, latencyMs: 0, firstTokenMs: 0 });
    expect(prompts[0]?.replies.base).toHaveProperty("tokensPerSecond", null);
  });
});
