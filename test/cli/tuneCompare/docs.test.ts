import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { runHere } from "../running.ts";
import { samplesOf } from "../samples.ts";
import { Comparing, scriptedClock } from "./comparing.ts";
import { answer, question } from "./server.ts";

const comparing = new Comparing();

const answers: Record<string, Record<string, string>> = {
  "phi-4-mini-instruct": {
    "When did Virgin Australia start operating?":
      "Virgin Australia commenced services on 31 August 2000 as Virgin Blue, with two aircraft on a single route.",
    "A species of fish: tope or rope?": "Tope is a species of fish.",
    "Name a colour.": "Blue\n| is | one |",
  },
  dolly: {
    "When did Virgin Australia start operating?": "On 31 August 2000.",
    "A species of fish: tope or rope?": "Tope",
    "Name a colour.": "Blue",
  },
};

it("docs/tune-compare.md shows what the commands really print and write", async () => {
  const models = ["phi-4-mini-instruct", { id: "dolly", parent: "phi-4-mini-instruct" }];
  const server = await comparing.serve(models, (asked, response) => {
    const text = answers[asked.body.model]?.[question(asked)] ?? "";
    answer(asked, response, text.split(/(?<= )/));
  });
  scriptedClock(0, 61, 742, 0, 64, 128, 0, 66, 41, 0, 59, 212, 0, 60, 287, 0, 67, 38);
  const { blocks, samples } = await samplesOf("tune-compare.md", "tune:compare");
  await writeFile(comparing.prompts, blocks("json")[0] ?? "");
  expect(samples).toHaveLength(2);
  for (const { args, output } of samples) {
    const here = args.map((each) =>
      each
        .replace("held-out.jsonl", comparing.prompts)
        .replace("http://localhost:8080/v1", server.url)
        .replace("http://localhost:8080", server.url.replace("/v1", "")),
    );
    const { stdout, stderr } = await runHere(["tune-compare", ...here, "--out", comparing.dir, "--force"], {
      NO_PROXY: "127.0.0.1",
    });
    const printed = (stdout + stderr)
      .replaceAll(`${comparing.dir}/`, "")
      .replaceAll(server.url, "http://localhost:8080/v1");
    expect(printed).toBe(output);
  }
  expect(await comparing.read("tune-compare.md")).toContain(blocks("markdown")[0]);
});
