import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../cli/table.ts";
import { asSize, size } from "../cli/values.ts";
import { writeDolly } from "./dolly.ts";
import { measure } from "./measure.ts";

// How fast `mcpaas tune-prepare` is and how much memory it needs, beside a program that only reads the same file.
// It fails when the memory is above a limit; the speed depends on the machine and is compared by people.
const program = new Command("bench/tunePrepare.ts")
  .option("--size <size>", "size of the file, for example 64MiB", size(2 ** 40), 2 ** 30)
  .option("--max-memory <size>", "fail above that much resident memory", size(2 ** 40), 200 * 2 ** 20)
  .parse();
const { size: bytes, maxMemory } = program.opts<{ size: number; maxMemory: number }>();

const command = join(import.meta.dirname, "..", "cli", "mcpaas.ts");
const folder = await mkdtemp(join(tmpdir(), "mcpaas-bench-"));
try {
  const input = join(folder, "dolly.jsonl");
  await writeDolly(input, bytes);
  const prepare = [command, "tune-prepare", input, "--force", "--out", join(folder, "train.jsonl")];
  const programs: [string, string[]][] = [
    ["readline and JSON.parse", [join(import.meta.dirname, "readline.ts"), input]],
    ["tune-prepare", prepare],
    ["tune-prepare --repeats drop --sample 100000", [...prepare, "--repeats", "drop", "--sample", "100000"]],
  ];
  const mebibytes = (await stat(input)).size / 2 ** 20;
  const rows: string[][] = [];
  let baseline = 0;
  for (const [name, args] of programs) {
    const { seconds, peakBytes } = await measure(args);
    baseline ||= seconds;
    rows.push([
      `${seconds.toFixed(1)} s`,
      `${(mebibytes / seconds).toFixed(0)} MiB/s`,
      (seconds / baseline).toFixed(2),
      peakBytes === undefined ? "unknown" : asSize(peakBytes),
      name,
    ]);
    if ((peakBytes ?? 0) > maxMemory) process.exitCode = 1;
  }
  console.log(`${asSize(bytes)} of records; at most ${asSize(maxMemory)} of memory are allowed\n`);
  console.log(table(["time", "speed", "ratio", "peak memory", "program"], rows));
} finally {
  await rm(folder, { recursive: true });
}
