import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Balancer, startLoad } from "./clients.ts";
import { startPod } from "./pods.ts";

const CLIENTS = 6;

it.each(["portable", "stateless"] as const)(
  "a server whose sessions are %s goes from one pod to four and back, and no call fails",
  { timeout: 120_000 },
  async (mode) => {
    const folder = await mkdtemp(join(tmpdir(), "sessions-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const keyFile = join(folder, "key");
    await writeFile(keyFile, "k".repeat(64));
    const guard = {
      sessions: mode === "portable" ? { mode, keyFile } : { mode },
      limits: { caller: { calls: 1_000_000, seconds: 60 } },
      drainSeconds: 3,
      shutdownGraceSeconds: 60,
    };
    const start = () => startPod(guard, mode === "stateless" ? { MCP_SESSIONS: "stateless" } : {});

    const balancer = new Balancer();
    const first = await start();
    balancer.pods.push(first);
    const load = await startLoad(balancer, CLIENTS);
    const sessions = load.sessions();
    expect(new Set(sessions).size).toBe(mode === "portable" ? CLIENTS : 1);
    await load.during(balancer.answered([first], 20));

    const more = await Promise.all([start(), start(), start()]);
    balancer.pods.push(...more);
    await load.during(balancer.answered([first, ...more], 20));

    // The first goes too: nothing may hang on where a session began.
    const [left, ...going] = [...more, first];
    const ended = going.map((pod) => pod.end());
    await Promise.all(going.map((pod) => pod.goes));
    // Whoever balances hears of it late.
    await load.during(balancer.answered(going, 10));
    balancer.pods.splice(0, 4, ...(left ? [left] : []));
    await load.during(balancer.answered(balancer.pods, 20));
    expect(await Promise.all(ended)).toEqual(Array(3).fill([0, 0]));

    await load.stop();
    expect(load.sessions()).toEqual(sessions);
    expect(load.calls()).toBeGreaterThan(100);
  },
);
