import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chartSvg, type Event } from "../cli/load/chart.ts";
import { measure } from "../cli/load/measure.ts";
import { thisMachine } from "../cli/load/report.ts";
import { pngOfSvg } from "../cli/picture.ts";
import { type RunningServer, startGuard, startServer } from "./mcp/servers.ts";
import { Balancer } from "./scaling/balancer.ts";
import { scalingText } from "./scaling/text.ts";
import { writeSection } from "./section.ts";

// What callers see while a server scales from one pod to four and back: guards and servers as the pods of a
// McpServerDeployment with portable sessions have them, behind a balancer that goes by connections, as a Service does.
const rps = 50;
/** Seconds from the beginning at which pods are started, and sent away. */
const [up, down, end] = [15, 75, 95];
/** How long a balancer may go on sending to a pod that was told to end: the guard drains for longer. */
const lateMs = 1000;
const drainSeconds = 3;
/** As the component sets it where several pods have the sessions. */
const connectionSeconds = 30;

const folder = await mkdtemp(join(tmpdir(), "mcpaas-scaling-"));
const keyFile = join(folder, "key");
await writeFile(keyFile, "a-key-for-the-measurement-only-0123456789");

interface Pod {
  guard: RunningServer;
  server: RunningServer;
}

const pods: Pod[] = [];
let begun = 0;
const balancer = new Balancer();

async function startPod(): Promise<Pod> {
  begun += 1;
  const name = `echo-${begun}`;
  const server = await startServer("echo");
  // Ids of sessions are good for one server's name only.
  const settings = {
    server: "echo",
    sessions: { mode: "portable", keyFile },
    drainSeconds,
    listen: { connectionSeconds },
  };
  const guard = await startGuard(name, server.url, folder, settings);
  const pod = { guard, server };
  pods.push(pod);
  balancer.ready.add(Number(guard.url.port));
  return pod;
}

/** As a kubelet ends a pod, and the balancer hears of it late. */
async function endPod({ guard, server }: Pod): Promise<void> {
  const gone = guard.stop();
  await sleep(lateMs);
  balancer.ready.delete(Number(guard.url.port));
  await gone;
  await server.stop();
}

async function callsOf({ guard }: Pod): Promise<number> {
  const text = await (await fetch(new URL("/metrics", guard.health))).text();
  const counts = [...text.matchAll(/^mcp_guard_calls_total\{.*\} (\d+)$/gm)].map(([, count]) =>
    Number(count),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

try {
  const machine = thisMachine();
  const first = await startPod();
  const url = new URL(`http://127.0.0.1:${await balancer.listen()}/mcp`);
  const target = {
    url,
    headers: first.guard.headers,
    tool: "echo",
    args: { message: "load" },
    expected: "load",
  };
  const plan = { sessions: 50, seconds: end, maxWaiting: 1000, limits: { errors: 0 }, rate: rps };
  const loading = measure(
    { target: { ...target, timeoutMs: 10_000 }, ...plan },
    {},
    new AbortController().signal,
    () => {},
  );
  const began = performance.now();
  const at = (second: number) => sleep(Math.max(0, second * 1000 - (performance.now() - began)));
  await at(up);
  // One after the other: on so few cores the start of three at once would be what is measured.
  for (let more = 0; more < 3; more += 1) await startPod();
  const ready = Math.round((performance.now() - began) / 1000);
  const before = await Promise.all(pods.map(callsOf));
  await at(down);
  const calls = (await Promise.all(pods.map(callsOf))).map((count, pod) => count - (before[pod] ?? 0));
  await Promise.all(pods.slice(1).map(endPod));
  const gone = Math.round((performance.now() - began) / 1000);
  const measured = await loading;
  const events: Event[] = [
    { second: ready, what: "4 pods" },
    { second: down, what: "3 end" },
    { second: gone, what: "1 pod" },
  ];
  const report = {
    ...{ date: new Date().toISOString(), machine, rps, events },
    /** Calls that each pod got while there were four. */
    callsOfPods: calls,
    connectionsOfPods: [...balancer.connections.values()],
    ...measured,
  };
  const place = join(import.meta.dirname, "measurements", "load-scaling.json");
  await writeFile(place, `${JSON.stringify(report, undefined, 2)}\n`);
  const svg = chartSvg(
    { ...measured, target: { url: url.href, tool: "1 to 4 pods and back: echo" } },
    events,
  );
  await writeFile(join(import.meta.dirname, "..", "docs", "pictures", "load-scaling.png"), pngOfSvg(svg));
  writeSection("load.md", "scaling", scalingText(report));
  if (measured.problems.length > 0 || measured.sessions.reopened > 0) process.exitCode = 1;
} finally {
  for (const { guard, server } of pods) {
    await guard.stop().catch(() => {});
    await server.stop().catch(() => {});
  }
  await balancer.close();
  await rm(folder, { recursive: true });
}
