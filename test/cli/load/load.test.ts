import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Report } from "../../../cli/load/report.ts";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import type { Running } from "../../conformance/fixture/server.ts";
import { startBehindGuard } from "../../conformance/support/guard.ts";
import { serve } from "../../conformance/support/serve.ts";
import { messageOf, serving } from "../mcp/serving.ts";
import { runHere, start } from "../running.ts";

let dir: string;
let guard: Running | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "load-"));
});
afterEach(async () => {
  await guard?.close();
  guard = undefined;
  await rm(dir, { recursive: true });
});
const { answer } = serving();

const token = "token-of-the-load-0123456789abcdef0123456789";

/** The echo server behind a guard, and its address. */
async function behindGuard(settings: object): Promise<string> {
  await writeFile(join(dir, "tester"), token);
  const authentication = { tokens: { directory: dir } };
  guard = await startBehindGuard(() => serve(createMcpServer), { authentication, ...settings });
  return guard.url.href;
}

/** Runs the command with --json, and reads what it printed. */
async function load(
  url: string,
  ...args: string[]
): Promise<{ code: number | null; report: Report; stderr: string }> {
  const { code, stdout, stderr } = await runHere(
    ["load", "--url", url, "--json", "--out", join(dir, "report"), ...args],
    { NO_PROXY: "127.0.0.1", MCP_TOKEN: token },
  );
  return { code, report: stdout === "" ? ({} as Report) : JSON.parse(stdout), stderr };
}

const many = { caller: { calls: 1_000_000, seconds: 60 }, concurrency: 1000 };

/** A server that answers calls as it is told, and opens a session for everybody. */
function fake(onCall: (id: number | undefined, say: (status: number, body: object) => void) => void) {
  return answer(async (request, response) => {
    const { id, method } = await messageOf(request);
    const say = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json", "mcp-session-id": "s-1" });
      response.end(JSON.stringify(body));
    };
    if (method === "initialize") say(200, { jsonrpc: "2.0", id, result: { protocolVersion: "2025-11-25" } });
    else if (method === "tools/call") onCall(id, say);
    else say(202, {});
  });
}

const echoed = (id: number | undefined) => ({
  ...{ jsonrpc: "2.0", id },
  result: { content: [{ type: "text", text: "Echo: load" }] },
});

describe("a rate", { timeout: 30_000 }, () => {
  test("every call is right: figures, a file and a picture", async () => {
    const url = await behindGuard({ limits: many });
    const { code, report, stderr } = await load(url, "--rps", "40", "--duration", "500ms", "--sessions", "3");
    // A warning about a generator that was late may stand there: the machine may have been busy.
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("problem")]);
    expect(report).toMatchObject({
      ...{ schema: 1, interrupted: false, problems: [], bites: [] },
      target: { url, tool: "echo", expected: "load" },
      sessions: { wanted: 3, opened: 3, reopened: 0, refused: [] },
      limits: { p99Ms: null, errorShare: 0.01, timeoutSeconds: 10, maxWaiting: 1000 },
      steps: [{ rps: 40, seconds: 0.5, calls: 20, right: 20, wrong: 0, unfinished: 0, errors: [] }],
    });
    const { p50, p95, p99, max } = report.steps[0]?.latencyMs ?? {};
    expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => Number(a) - Number(b)));
    expect(JSON.parse(readFileSync(join(dir, "report.json"), "utf8"))).toEqual(report);
    expect(readFileSync(join(dir, "report.png")).toString("latin1", 1, 4)).toBe("PNG");
  });

  test("calls don't wait for the answers of earlier ones", async () => {
    // Nobody is answered until all have called: whoever waits for an answer first waits for ever.
    const waiting: (() => void)[] = [];
    const url = await fake((id, say) => {
      waiting.push(() => say(200, echoed(id)));
      if (waiting.length === 30) for (const each of waiting) each();
    });
    const { code, report } = await load(url, "--rps", "100", "--duration", "300ms", "--sessions", "1");
    expect([code, report.steps[0]?.right]).toEqual([0, 30]);
    expect(report.steps[0]?.generator.mostWaiting).toBe(30);
    // The first one waited until the last one was due.
    expect(report.steps[0]?.latencyMs.max).toBeGreaterThan(250);
  });

  test("what can't be sent because too many wait is an error, not left out", async () => {
    const waiting: (() => void)[] = [];
    const url = await fake((id, say) => waiting.push(() => say(200, echoed(id))));
    const args = ["--rps", "100", "--duration", "100ms", "--max-waiting", "4", "--timeout", "1"];
    const { code, report, stderr } = await load(url, ...args);
    expect(code).toBe(1);
    const { calls, right, errors } = report.steps[0] ?? {};
    expect([calls, right]).toEqual([10, 0]);
    expect(errors?.map(({ kind, count }) => [kind, count])).toEqual([
      ["not-sent", 6],
      ["timeout", 4],
    ]);
    expect(stderr).toContain(
      "problem: 100 % of the calls were wrong, most of them not-sent; 1 % is the limit",
    );
  });

  test("each kind of error is told apart", async () => {
    const url = await fake((id, say) => {
      const kind = (id ?? 0) % 5;
      if (kind === 0) return say(500, {});
      if (kind === 1) return say(200, { jsonrpc: "2.0", id, error: { code: -32_602, message: "no" } });
      if (kind === 2) return say(200, { jsonrpc: "2.0", id, result: { isError: true, content: [] } });
      if (kind === 3) return say(200, { jsonrpc: "2.0", id, result: { content: [] } });
      say(200, echoed(id));
    });
    const { report } = await load(url, "--rps", "100", "--duration", "100ms", "--errors", "80");
    expect(report.steps[0]?.errors.map(({ kind, code, count }) => [kind, code, count]).sort()).toEqual([
      ["http", "500", 2],
      ["rpc-error", "-32602", 2],
      ["tool-error", undefined, 2],
      ["wrong-body", "200", 2],
    ]);
    expect([report.steps[0]?.right, report.problems]).toEqual([2, []]);
  });

  test("a p99 above the limit is a problem", async () => {
    const url = await fake((id, say) => say(200, echoed(id)));
    const { code, stderr } = await load(url, "--rps", "20", "--duration", "100ms", "--p99", "0.001");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^problem: p99 was \d+ ms; 0.001 ms is the limit$/m),
    ]);
  });

  test("a session that the server lost is opened anew", async () => {
    let first = true;
    const url = await fake((id, say) => {
      if (first) say(404, { jsonrpc: "2.0", id: null, error: { code: -32_000, message: "unknown session" } });
      else say(200, echoed(id));
      first = false;
    });
    const { report } = await load(
      url,
      "--rps",
      "20",
      "--duration",
      "500ms",
      "--sessions",
      "1",
      "--errors",
      "90",
    );
    expect(report.sessions).toMatchObject({ opened: 1, reopened: 1 });
    expect(report.steps[0]?.errors[0]).toMatchObject({ kind: "session-lost" });
    expect(report.steps[0]?.right).toBeGreaterThan(0);
  });
});

describe("limits that bite", { timeout: 30_000 }, () => {
  test("a caller's budget: what was said, when, and at which rate", async () => {
    const url = await behindGuard({ limits: { ...many, caller: { calls: 5, seconds: 60 } } });
    const { code, report } = await load(url, "--rps", "50", "--duration", "400ms");
    expect(code).toBe(1);
    expect(report.bites).toMatchObject([
      { kind: "limited", code: "429", rps: 50, count: 15, firstAtSeconds: 0.1 },
    ]);
    expect(report.steps[0]?.right).toBe(5);
    expect(report.bites[0]?.message).toContain("5 calls of all tools in 60 seconds are used up");
  });

  test("sessions: those that fit are used", async () => {
    const url = await behindGuard({ limits: { ...many, sessions: 4, sessionsPerCaller: 2 } });
    const { code, report, stderr } = await load(
      url,
      "--rps",
      "20",
      "--duration",
      "200ms",
      "--sessions",
      "20",
    );
    expect([code, report.sessions.opened, report.steps[0]?.right]).toEqual([0, 2, 4]);
    expect(report.bites).toMatchObject([{ kind: "sessions-full", message: "Too many sessions are open" }]);
    expect(stderr).toContain("warning: 2 of 20 sessions could be opened (sessions-full, 503, Too many");
  });

  test("the breaker, with the rate of the step in which it opened", async () => {
    let calls = 0;
    const upstream = await fake((id, say) => {
      calls += 1;
      if (calls <= 4) say(200, echoed(id));
      else say(500, {});
    });
    const settings = { upstream: { url: upstream }, limits: many, breaker: { failures: 2, openSeconds: 60 } };
    const url = await behindGuard({ ...settings, retries: { attempts: 0 } });
    const args = ["--find-knee", "--start", "40", "--factor", "2", "--duration", "100ms", "--p99", "5000"];
    const { code, report } = await load(url, ...args);
    expect(report.knee).toMatchObject({ rps: 40 });
    expect(report.bites).toMatchObject([{ kind: "breaker-open", code: "503", rps: 80 }]);
    expect(code).toBe(0);
  });
});

describe("refusals", { timeout: 30_000 }, () => {
  test.each([
    [["--rps", "1"], /required option '--url/],
    [["--url", "http://127.0.0.1:1/mcp"], /--rps is missing, or --find-knee/],
    [["--url", "http://127.0.0.1:1/mcp", "--find-knee", "--rps", "5"], /exclude each other/],
    [["--url", "http://127.0.0.1:1/mcp", "--rps", "20001"], /--rps is 20001; at most 20000/],
    [["--url", "http://127.0.0.1:1/mcp", "--rps", "1000", "--duration", "1h"], /3600000; at most 2000000/],
    [["--url", "http://127.0.0.1:1/mcp", "--rps", "1", "--duration", "soon"], /a time such as 90s or 5m/],
    [["--url", "http://127.0.0.1:1/mcp", "--rps", "1", "--errors", "101"], /--errors must be from 0 to 100/],
    [["--url", "http://127.0.0.1:1/mcp", "--rps", "1", "--arguments", "{"], /the arguments are not JSON/],
    [["--url", "http://127.0.0.1:1/mcp", "--find-knee", "--factor", "1"], /--factor must be above 1/],
    [["--url", "http://20.1.2.3/mcp", "--rps", "1"], /20\.1\.2\.3, which is not an address of this machine/],
  ])("%j", async (args, message) => {
    const { code, stderr, stdout } = await runHere(["load", ...args]);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
  });

  test("a file that exists is replaced only by --force", async () => {
    const url = await fake((id, say) => say(200, echoed(id)));
    await writeFile(join(dir, "report.json"), "mine");
    const { code, stderr } = await load(url, "--rps", "10", "--duration", "100ms");
    expect([code, stderr]).toEqual([2, expect.stringContaining("exists; choose another name")]);
    expect((await load(url, "--rps", "10", "--duration", "100ms", "--force")).code).toBe(0);
  });

  test("a server that can't be reached: nothing is measured, and no file is made", async () => {
    const { code, report, stderr } = await load(
      "http://127.0.0.1:1/mcp",
      "--rps",
      "10",
      "--duration",
      "100ms",
    );
    expect([code, report.steps]).toEqual([1, []]);
    expect(stderr).toMatch(/^problem: 0 of 10 sessions could be opened \(connection, ECONNREFUSED, /);
    expect(existsSync(join(dir, "report.json"))).toBe(false);
  });

  test("the token is in no file and no output, though the server says it", async () => {
    const url = await fake((_id, say) => say(401, { error: { code: -32_001, message: `not ${token}` } }));
    const { report, stderr } = await load(url, "--rps", "10", "--duration", "100ms");
    expect(report.steps[0]?.errors[0]?.message).toBe("not [token]");
    expect(stderr + JSON.stringify(report) + readFileSync(join(dir, "report.json"), "utf8")).not.toContain(
      token,
    );
  });
});

test("an interruption ends it with the figures so far", async () => {
  let calls = 0;
  const url = await fake((id, say) => {
    calls += 1;
    say(200, echoed(id));
    if (calls === 20) child.kill("SIGINT");
  });
  const args = [
    "load",
    "--url",
    url,
    "--rps",
    "50",
    "--duration",
    "1h",
    "--json",
    "--out",
    join(dir, "report"),
  ];
  const { child, ended } = start(args, { NO_PROXY: "127.0.0.1" });
  const { code, stdout, stderr } = await ended;
  const report = JSON.parse(stdout) as Report;
  expect([code, stderr]).toEqual([
    130,
    expect.stringMatching(/^error: interrupted; the figures are of what was done until then$/m),
  ]);
  expect(report.interrupted).toBe(true);
  expect(report.steps[0]?.right).toBeGreaterThanOrEqual(19);
  expect(report.steps[0]?.wrong).toBe(0);
  expect(existsSync(join(dir, "report.png"))).toBe(true);
}, 30_000);
