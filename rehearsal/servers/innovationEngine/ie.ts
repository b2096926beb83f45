/**
 * Stands in for `ie` on machines without the real one: as much of its command line, outputs, exit codes and state
 * files as the server meets, recorded from a build of commit a602e83. The tests that use it run against the real
 * one too, so that the two can't part. Called as `ie.ts <version> <commit> <state folder> <arguments of ie>`.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const [version = "", commit = "", state = "", command = "", ...rest] = process.argv.slice(2);
const flags = (name: string) => rest.flatMap((arg, index) => (arg === name ? [rest[index + 1] ?? ""] : []));
const variables = flags("--var").map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]);
const [envFile, directoryFile] = [join(state, "env-vars"), join(state, "working-dir")];

interface Block {
  language: string;
  content: string;
  header: string;
  expected?: { content: string; similarity: number; regex?: string };
}

/** Reads the simple documents of the tests, line by line. */
function read(path: string): { title: string; blocks: Block[]; env: Record<string, string> } {
  const lines = readFileSync(path, "utf8").split("\n");
  let blocks: Block[] = [];
  const env: Record<string, string> = {};
  let [title, header, expectation] = [
    "",
    "",
    undefined as { similarity: number; regex?: string } | undefined,
  ];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading !== undefined) header = heading;
    if (line.startsWith("# ") && title === "") title = header;
    const [, similarity, regex] = /<!--\s*expected_similarity=\s*(\d+\.?\d*)|"(.*)"\s*-->/.exec(line) ?? [];
    if (similarity ?? regex) expectation = { similarity: Number(similarity ?? 0), regex };
    const prerequisite = header === "Prerequisites" ? /\]\((.*\.md)\)/.exec(line)?.[1] : undefined;
    if (prerequisite) {
      const other = read(join(dirname(path), prerequisite));
      Object.assign(env, other.env);
      blocks = [...blocks, ...other.blocks];
    }
    if (!line.startsWith("```")) continue;
    const end = lines.indexOf("```", at + 1);
    const content = lines
      .slice(at + 1, end)
      .join("\n")
      .concat("\n");
    const language = line.slice(3);
    at = end;
    const last = blocks.at(-1);
    if (language === "variables") {
      for (const [, name = "", value = ""] of content.matchAll(/^export (.*?)=(.*)$/gm)) env[name] = value;
    } else if (language === "bash") blocks.push({ language, content, header });
    else if (expectation && last) {
      last.expected = { content, ...expectation };
      expectation = undefined;
    }
  }
  return { title: title || basename(path), blocks, env };
}

/** Sets variables: in the text where it exports them, else in a step of its own. */
function withVariables(blocks: Block[]): Block[] {
  const exported = (name: string) => new RegExp(`(?<=export ${name}\\s*=\\s*).*?(?=;|&&|$)`, "m");
  const left = variables.filter(([name]) => !blocks.some(({ content }) => exported(name).test(content)));
  const replaced = blocks.map((block) => ({
    ...block,
    content: variables.reduce(
      (text, [name, value]) => text.replace(exported(name), `${value} `),
      block.content,
    ),
  }));
  if (left.length === 0) return replaced;
  const header = "Exporting variables defined via the CLI and not in the markdown file.";
  const content = left.map(([name, value]) => `export ${name}="${value}"\n`).join("");
  return [{ language: "bash", content, header }, ...replaced];
}

/** Runs a block as a shell of its own that takes on what the last one left. */
function execute(block: Block, env: Record<string, string>) {
  appendFileSync(`${process.env["HOME"]}/.bash_history`, `${block.content}\n`);
  const saved = existsSync(envFile) ? readFileSync(envFile, "utf8") : "";
  const kept = Object.fromEntries(
    saved.split("\n").flatMap((line) => (line.includes("=") ? [line.split(/=(.*)/s)] : [])),
  );
  const cwd = existsSync(directoryFile) ? readFileSync(directoryFile, "utf8").trim() : undefined;
  const script = `set -e\n${block.content}\ncode="$?"\nenv > ${envFile}\npwd > ${directoryFile}\nexit $code`;
  // Node passes only what it is told to on to its children.
  const stdio = Array.from({ length: 20 }, (_, fd) =>
    fd < 3 ? "pipe" : fd === 19 && state.endsWith("/19") ? fd : "ignore",
  );
  const ran = spawnSync("bash", ["-c", script], {
    cwd,
    env: { ...process.env, ...env, ...kept },
    stdio,
    encoding: "utf8",
  });
  const { expected } = block;
  const exit = ran.signal ? `signal: ${ran.signal}` : `exit status ${ran.status}`;
  let error = ran.status === 0 ? "" : `command exited with '${exit}' and the message '${ran.stderr}'`;
  const differs = expected?.regex ? !new RegExp(expected.regex).test(ran.stdout) : false;
  if (error === "" && differs) error = `Expected output does not match: "${expected?.regex}".`;
  const score = expected === undefined || expected.content === ran.stdout ? 1 : 0;
  if (error === "" && !expected?.regex && score < (expected?.similarity ?? 0)) {
    error = `Expected output does not match actual output.\nGot:\n${ran.stdout}\nExpected:\n${expected?.content}`;
  }
  return { error, stdout: ran.stdout, stderr: ran.stderr, score };
}

function run(path: string): number {
  const { title, env, blocks: found } = read(path);
  const blocks = withVariables(found);
  const all = { ...env, ...Object.fromEntries(variables) };
  const steps = [...new Set(blocks.map(({ header }) => header))];
  const report = flags("--report")[0];
  const results: object[] = [];
  let failure = "";
  const show = (text: string) => command === "execute" && process.stdout.write(text);
  show(`${title}\n`);
  for (const [number, step] of steps.entries()) {
    if (failure === "") show(`${number + 1}. ${step}\n   \n`);
    for (const [index, block] of blocks.filter(({ header }) => header === step).entries()) {
      const { content } = block;
      const skipped = failure !== "";
      if (!skipped) show(`    ${content}\x1b[1A  - \x1b[?25l\r  \\`);
      const { error, stdout, stderr, score } = skipped
        ? { error: "", stdout: "", stderr: "", score: 0 }
        : execute(block, all);
      if (!skipped)
        show(`\x1b[?25h\r  ${error === "" ? "✔" : "✗"} \n\x1b[1B\n${error === "" ? stdout : `  ${error}`}\n`);
      if (error !== "")
        failure = `failed to execute code block ${index} on step ${number}.\nError: ${error}\nStdErr: ${stderr}`;
      if (error !== "") show(`Error executing scenario: ${error}\n`);
      results.push({
        codeBlock: {
          resultBlock: {
            content: block.expected?.content ?? "",
            expectedRegexPattern: block.expected?.regex ? {} : null,
          },
        },
        codeBlockNumber: index,
        error: error === "" ? null : {},
        stdErr: stderr,
        stdOut: stdout,
        stepName: step,
        stepNumber: number,
        success: !skipped && error === "",
        similarityScore: score,
      });
    }
  }
  if (command === "test" && report) {
    // Without the state of a block, upstream ends here and writes none.
    if (!existsSync(envFile)) return failed("Scenario did not finish successfully.");
    writeFileSync(
      report,
      JSON.stringify({ name: title, success: failure === "", error: failure, steps: results.reverse() }),
    );
  }
  if (command === "execute" && failure === "")
    [envFile, directoryFile].map((file) => rmSync(file, { force: true }));
  if (command === "test") process.stdout.write(`${title}\n`);
  return failure === "" ? 0 : failed(command === "test" ? "Scenario did not finish successfully." : "");
}

function failed(message: string): number {
  process.stdout.write(message);
  return 1;
}

function toBash(path: string): number {
  const { blocks, env } = read(path);
  for (const [name, value] of Object.entries(env)) process.stdout.write(`export ${name}="${value}"\n`);
  // Blocks under equal headings are one step, at the place of the first.
  const steps = Map.groupBy(withVariables(blocks), ({ header }) => header);
  for (const [header, ofStep] of steps) {
    process.stdout.write(`# ${header}\n`);
    for (const { content } of ofStep) process.stdout.write(`${content}\n`);
  }
  return 0;
}

if (command === "version") console.error(`Version: ${version}\nCommit: ${commit}\nDate: N/A`);
else if (command === "execute" || command === "test") process.exitCode = run(rest[0] ?? "");
else if (command === "to-bash") process.exitCode = toBash(rest[0] ?? "");
else process.exitCode = failed(`unknown command "${command}" for "ie"\n`);
