import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import { readConfig } from "../../../servers/innovation-engine/config.ts";
import { parseDocument } from "../../../servers/innovation-engine/document/document.ts";
import type { PreparedDocument } from "../../../servers/innovation-engine/document/prepare.ts";
import { readTestReport } from "../../../servers/innovation-engine/engine/results.ts";
import { Runner } from "../../../servers/innovation-engine/engine/runner.ts";
import { Reports } from "../../../servers/innovation-engine/reports.ts";
import { document, folder, lifeline, patience } from "./helpers.ts";

/** Runs what is a shell script in place of `ie`. */
function runner(script: string, settings: Record<string, string> = {}): Runner {
  const [path, work] = [join(folder(), "ie"), folder()];
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const config = readConfig({
    WORK_DIR: work,
    RUN_PATH: "/usr/bin:/bin",
    KILL_GRACE_SECONDS: "0",
    ...settings,
  });
  const reports = new Reports({ folder: join(work, "reports"), max: 10 });
  const engine = { path, version: "test", ownState: true };
  return new Runner({ config, engine, reports, log: pino({ enabled: false }) });
}

function prepared(): PreparedDocument {
  const files = [{ path: "a.md", content: document("true") }];
  const parsed = parseDocument(document("true"));
  return { name: "a", title: "A", digest: "", document: parsed, prerequisites: [], files, path: "a.md" };
}

it("whoever is cancelled while they wait makes room for others", { timeout: patience }, async () => {
  const line = lifeline();
  const { path } = line;
  const runs = runner(`exec 7> ${path}\necho here >&7\nsleep 1000`, { MAX_RUNS: "1", MAX_QUEUED: "1" });
  const run = (stop: AbortController) =>
    runs.run(prepared(), {
      tool: "execute_document",
      variables: {},
      signal: stop.signal,
      onProgress: () => {},
    });
  const [running, first, second] = [new AbortController(), new AbortController(), new AbortController()];
  const begun = run(running);
  await line.begun;
  const waiting = run(first);
  await expect(run(new AbortController())).rejects.toThrow("1 runs wait already");
  first.abort();
  const next = run(second);
  await expect(waiting).rejects.toThrow("it was cancelled before it began");
  second.abort();
  await expect(next).rejects.toThrow("it was cancelled before it began");
  // One that has begun keeps its place until it has ended.
  running.abort();
  expect((await begun).outcome).toBe("cancelled");
  await line.ended;
});

it("a conversion reaches no network, whatever ie takes for a prerequisite", async () => {
  const script = await runner('echo "$HTTP_PROXY $HTTPS_PROXY [$NO_PROXY$no_proxy]"', {
    PASS_ENVIRONMENT: "HTTP_PROXY,no_proxy",
    HTTP_PROXY: "http://proxy",
    no_proxy: "*",
  }).toBash(prepared(), {}, new AbortController().signal);
  expect(script).toBe("http://127.0.0.1:1 http://127.0.0.1:1 []\n");
});

it("what a document puts in the place of a report is none", async () => {
  const limits = { bytes: 1000, lines: 10 };
  const path = join(folder(), "report.json");
  execFileSync("mkfifo", [path]);
  expect(await readTestReport(path, limits)).toBeUndefined();
  for (const text of ["{", "[]", '{"error":1}']) {
    const other = join(folder(), "report.json");
    writeFileSync(other, text);
    expect(await readTestReport(other, limits)).toBeUndefined();
  }
});
