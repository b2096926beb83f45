import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";

/** Scenarios that fail for the same reason, which is none that the specification calls for. */
export interface ExpectedFailures {
  because: string;
  /** What the tool says then, as a regular expression: another failure is not this one. */
  says: string;
  scenarios: string[];
}

/** What came of running the conformance tool. */
export interface Outcome {
  exitCode: number | undefined;
  /** What it printed. */
  text: string;
  /** By scenario, what failed or was warned of; empty where all is well. */
  failures: Map<string, string[]>;
}

const root = join(import.meta.dirname, "../../..");

/** Reads a list of expected failures, which is beside this folder. */
export async function baseline(file: string): Promise<ExpectedFailures[]> {
  const text = await readFile(join(import.meta.dirname, "../baselines", file), "utf8");
  return (parse(text) ?? []) as ExpectedFailures[];
}

/**
 * Runs every scenario of `@modelcontextprotocol/conformance`, or one. It fails when one fails or warns that isn't
 * expected, and when one that is expected passes.
 */
export async function conformance(
  url: URL,
  expected: readonly ExpectedFailures[],
  only: readonly string[] = ["--suite", "all"],
): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const file = join(dir, "expected.yml");
    await writeFile(file, JSON.stringify({ server: expected.flatMap(({ scenarios }) => scenarios) }));
    const results = join(dir, "results");
    const args = ["server", "--url", url.href, ...only, "--expected-failures", file, "--output-dir", results];
    const { exitCode, all } = await execa("conformance", args, {
      preferLocal: true,
      localDir: root,
      reject: false,
      all: true,
    });
    return { exitCode, text: all, failures: await failuresIn(results) };
  } finally {
    await rm(dir, { recursive: true });
  }
}

interface Check {
  id: string;
  status: string;
  errorMessage?: string;
}

async function failuresIn(results: string): Promise<Map<string, string[]>> {
  const folders = await readdir(results);
  const read = folders.map(async (folder) => {
    // Named by the scenario and the time.
    const scenario = folder.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "");
    const checks = JSON.parse(await readFile(join(results, folder, "checks.json"), "utf8")) as Check[];
    const failed = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
    return [scenario, failed.map(({ id, errorMessage = id }) => errorMessage)] as const;
  });
  return new Map(await Promise.all(read));
}
