import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { seeded } from "../cli/tunePrepare/random.ts";

const vocabulary =
  "the of and a to in is was for on with as by at from which model café naïve 東京 größer “quoted” e.g. 42 1,000".split(
    " ",
  );

/** Writes records like those of databricks-dolly-15k until the file has that size; the same ones each time. */
export async function writeDolly(path: string, bytes: number): Promise<void> {
  const random = seeded(1);
  const text = (words: number) =>
    Array.from({ length: Math.ceil(words * 2 * random()) }, () => {
      return vocabulary[Math.floor(random() * vocabulary.length)];
    }).join(random() < 0.1 ? "\n" : " ");
  // In the real one a third of the records have a context, and a record has 860 bytes in the mean.
  const pool = Array.from({ length: 5000 }, () => ({
    context: random() < 0.33 ? `${text(180)}.` : "",
    response: `${text(70)}.`,
    category: "closed_qa",
  }));
  const file = createWriteStream(path);
  for (let written = 0, count = 0; written < bytes; count++) {
    const line = `${JSON.stringify({ instruction: `Question ${count}?`, ...pool[count % pool.length] })}\n`;
    written += Buffer.byteLength(line);
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
