import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runHere } from "../running.ts";
import { samplesOf } from "../samples.ts";
import { Preparing } from "./preparing.ts";

const preparing = new Preparing();

it("docs/tune-prepare.md shows what the commands really print and write", async () => {
  const { blocks, samples } = await samplesOf("tune-prepare.md", "tune:prepare");
  const [dolly = "", chat = "", broken = ""] = blocks("json");
  await writeFile(preparing.input, dolly);
  await writeFile(join(preparing.dir, "broken.jsonl"), broken);
  expect(samples).toHaveLength(3);
  for (const { args, output } of samples) {
    const files = args.map((each) => (/\.jsonl?$/.test(each) ? join(preparing.dir, each) : each));
    const { stdout, stderr } = await runHere(["tune-prepare", ...files, "--force"]);
    expect((stdout + stderr).replaceAll(`${preparing.dir}/`, "")).toBe(output);
  }
  expect(await readFile(preparing.out, "utf8")).toContain(chat);
});
