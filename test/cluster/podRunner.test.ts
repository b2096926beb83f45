import type { ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ApiException, type V1Pod } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { nextBackOff } from "../../rehearsal/cluster/backOff.ts";
import type { Surroundings } from "../../rehearsal/cluster/containerProgram.ts";
import { PodPorts } from "../../rehearsal/cluster/podPorts.ts";
import { PodRunner } from "../../rehearsal/cluster/podRunner.ts";
import type { RealImage } from "../../rehearsal/cluster/realImages.ts";
import type { ProcessSpec } from "../../rehearsal/processes.ts";

const image: RealImage = {
  repository: "example.com/controller",
  program: { tool: "controller" },
  args: ["--leader-elect=false"],
  env: { RELEASE_NAMESPACE: "{namespace}" },
  ports: [
    { inPod: 8081, tell: { flag: "--probes=127.0.0.1:{port}" } },
    { inPod: "webhook", tell: { variable: "WEBHOOK_PORT" } },
    { inPod: "absent", tell: { variable: "ABSENT" } },
  ],
};
const name = "pod-system-c-1-manager";

/** The API server and the processes, as far as the runner needs them. */
class Fakes {
  readonly dir: string;
  tokens = 0;
  tokenFailures: unknown[] = [];
  reportFailures: unknown[] = [];
  started: ProcessSpec[] = [];
  stopped: string[] = [];
  graces: (number | undefined)[] = [];
  children: EventEmitter[] = [];
  status = podWith({}).status;
  reports: string[] = [];
  podPorts = new PodPorts();
  nextPort = 50_000;

  constructor(dir: string) {
    this.dir = dir;
  }

  surroundings(): Surroundings {
    const core = {
      createNamespacedServiceAccountToken: async () => {
        const failure = this.tokenFailures.shift();
        if (failure) {
          throw failure;
        }
        this.tokens += 1;
        return { status: { token: `token-${this.tokens}` } };
      },
      readNamespacedPod: async () => ({ ...podWith({}), status: this.status }),
      patchNamespacedPodStatus: async ({ body }: { body: V1Pod }) => {
        const failure = this.reportFailures.shift();
        if (failure) {
          throw failure;
        }
        this.status = { ...this.status, ...body.status };
        const [container] = this.status?.containerStatuses ?? [];
        const ready = this.status?.conditions?.find(({ type }) => type === "Ready")?.status;
        this.reports.push(
          `${container?.state?.waiting?.reason ?? "running"} ready=${ready} restarts=${container?.restartCount}`,
        );
      },
    } as unknown as Surroundings["core"];
    const processes = {
      start: async (spec: ProcessSpec) => {
        const child = new EventEmitter();
        this.started.push(spec);
        this.children.push(child);
        return child as ChildProcess;
      },
      stop: async (stopped: string, withinMs?: number) => {
        this.stopped.push(stopped);
        this.graces.push(withinMs);
        // As a real process: it ends because it was asked to.
        const last = this.started.findLastIndex(({ name }) => name === stopped);
        this.children[last]?.emit("exit", null, "SIGTERM");
      },
    };
    return {
      core,
      processes,
      ports: {
        take: async () => {
          this.nextPort += 1;
          return this.nextPort;
        },
      },
      podPorts: this.podPorts,
      serviceProxy: "http://127.0.0.1:2",
      server: "https://127.0.0.1:1",
      ca: "CA",
      bin: "/bin-of-toolchain",
      dir: this.dir,
      outside: {},
    };
  }
}

interface PodOptions {
  phase?: string;
  deleted?: boolean;
  /** The port that the readiness probe asks. */
  probed?: number;
}

function podWith({ phase = "Running", deleted = false, probed }: PodOptions): V1Pod {
  const readinessProbe = { httpGet: { path: "/readyz", port: probed ?? 0 }, periodSeconds: 5 };
  return {
    metadata: {
      name: "c-1",
      namespace: "system",
      uid: "u1",
      ...(deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: {
      serviceAccountName: "controller",
      containers: [
        {
          name: "manager",
          image: "example.com/controller:1.0",
          args: ["--watch=mcp"],
          ports: [{ name: "webhook", containerPort: 9443 }],
          ...(probed === undefined ? {} : { readinessProbe }),
          env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "MODE", value: "test" },
            { name: "WEBHOOK_PORT", value: "9443" },
          ],
        },
      ],
    },
    status: {
      phase,
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [{ name: "manager", image: "", imageID: "", ready: true, restartCount: 0 }],
    },
  };
}

let fakes: Fakes;
let runner: PodRunner;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  fakes = new Fakes(await mkdtemp(join(tmpdir(), "pod-runner-")));
  runner = new PodRunner(fakes.surroundings(), [image]);
});
afterEach(async () => {
  await runner.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await rm(fakes.dir, { recursive: true });
});

const started = (count: number) => vi.waitFor(() => expect(fakes.started).toHaveLength(count));
/** When all is over that could still happen, reads and writes of files included. */
const muchLater = async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  await runner.close();
};
const reported = (count: number) => vi.waitFor(() => expect(fakes.reports).toHaveLength(count));

test("a program runs with its pod's arguments, environment and token, once however often the pod changes", async () => {
  runner.see(podWith({ phase: "Pending" }), false);
  runner.see(podWith({}), false);
  runner.see(podWith({}), false);
  await runner.close();
  expect(fakes.started).toEqual([
    {
      name,
      program: "/bin-of-toolchain/controller",
      args: ["--watch=mcp", "--leader-elect=false", "--probes=127.0.0.1:50001"],
      env: expect.objectContaining({
        POD_NAME: "c-1",
        MODE: "test",
        RELEASE_NAMESPACE: "system",
        // Services by their names, and nothing of its own pod.
        HTTP_PROXY: "http://127.0.0.1:2",
        NO_PROXY: "127.0.0.1,localhost",
        // The pod asks for 9443, and for this one no other pod on the machine does.
        WEBHOOK_PORT: "50002",
        KUBECONFIG: join(fakes.dir, `${name}.kubeconfig`),
      }),
    },
  ]);
  expect(fakes.started[0]?.env).not.toHaveProperty("ABSENT");
  expect(await readFile(join(fakes.dir, `${name}.kubeconfig`), "utf8")).toContain("token-1");
  expect(fakes.reports).toEqual(["running ready=True restarts=0"]);
});

test.each([
  { how: "is deleted", pod: podWith({ deleted: true }), gone: false },
  { how: "has ended", pod: podWith({ phase: "Succeeded" }), gone: false },
  { how: "is gone", pod: podWith({}), gone: true },
])("when the pod $how its program is stopped, and that is no crash", async ({ pod, gone }) => {
  runner.see(podWith({}), false);
  runner.see(pod, gone);
  await started(1);
  await vi.waitFor(() => expect(fakes.stopped).toEqual([name]));
  await muchLater();
  expect(fakes.started).toHaveLength(1);
  expect(fakes.reports).toEqual(["running ready=True restarts=0"]);
  expect(fakes.podPorts.get(pod.metadata, 9443)).toBeUndefined();
});

test("a pod's own volumes end with it", async () => {
  const pod = podWith({});
  Object.assign(pod.spec ?? {}, { volumes: [{ name: "tmp", emptyDir: {} }] });
  Object.assign(pod.spec?.containers[0] ?? {}, { volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] });
  Object.assign(pod.spec?.containers[0]?.env?.[1] ?? {}, { value: "/tmp/x" });
  runner.see(pod, false);
  await started(1);
  const folder = dirname(fakes.started[0]?.env?.["MODE"] ?? "");
  expect(await readdir(folder)).toEqual([]);
  runner.see(pod, true);
  await runner.close();
  expect(existsSync(folder)).toBe(false);
});

test("a program that crashes is started again after a pause that doubles, and the pod tells of it", async () => {
  runner.see(podWith({}), false);
  await started(1);
  fakes.children[0]?.emit("exit", 3, null);
  await reported(2);
  await vi.advanceTimersByTimeAsync(999);
  expect(fakes.started).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await started(2);
  await reported(3);
  fakes.children[1]?.emit("exit", null, "SIGKILL");
  await reported(4);
  expect(fakes.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(137);
  await vi.advanceTimersByTimeAsync(1999);
  expect(fakes.started).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  await reported(5);
  expect(fakes.reports).toEqual([
    "running ready=True restarts=0",
    "CrashLoopBackOff ready=False restarts=0",
    "running ready=True restarts=1",
    "CrashLoopBackOff ready=False restarts=1",
    "running ready=True restarts=2",
  ]);
  expect(await readFile(join(fakes.dir, `${name}.kubeconfig`), "utf8")).toContain("token-3");
  // The API server's way to a webhook stays the same.
  expect(fakes.started.map(({ env }) => env?.["WEBHOOK_PORT"])).toEqual(["50002", "50002", "50002"]);
  expect(fakes.podPorts.get({ namespace: "system", name: "c-1" }, 9443)).toBe(50_002);
});

test("a pod that goes while its program waits for the next start takes the start with it", async () => {
  runner.see(podWith({}), false);
  await started(1);
  fakes.children[0]?.emit("exit", 1, null);
  await reported(2);
  runner.see(podWith({ deleted: true }), false);
  await vi.waitFor(() => expect(fakes.stopped).toEqual([name]));
  await muchLater();
  expect(fakes.started).toHaveLength(1);
});

test("a start that fails is tried again", async () => {
  fakes.tokenFailures = [new Error("the API server is busy")];
  runner.see(podWith({}), false);
  await reported(1);
  await vi.advanceTimersByTimeAsync(1000);
  await started(1);
  await reported(2);
  expect(fakes.reports).toEqual(["CrashLoopBackOff ready=False restarts=0", "running ready=True restarts=1"]);
});

test("what somebody else wrote into the status later is put right, and what is right is left alone", async () => {
  const asLeftByKwok = podWith({});
  Object.assign(asLeftByKwok.status ?? {}, { conditions: [{ type: "Ready", status: "False" }] });
  fakes.status = asLeftByKwok.status;
  runner.see(asLeftByKwok, false);
  await reported(1);
  fakes.status = asLeftByKwok.status;
  runner.see(asLeftByKwok, false);
  await reported(2);
  runner.see({ ...asLeftByKwok, status: fakes.status }, false);
  await runner.close();
  expect(fakes.reports).toEqual(["running ready=True restarts=0", "running ready=True restarts=0"]);
});

test("a report that the API server didn't take is made again, unless the pod is gone", async () => {
  fakes.reportFailures = [new Error("busy"), new Error("busy")];
  runner.see(podWith({}), false);
  await started(1);
  await advanceUntil(1_000, () => fakes.reports.length === 1);
  expect(fakes.reports).toEqual(["running ready=True restarts=0"]);

  fakes.reportFailures = [new Error("busy")];
  fakes.children[0]?.emit("exit", 1, null);
  await vi.waitFor(() => expect(fakes.reportFailures).toEqual([]));
  runner.see(podWith({}), true);
  await runner.close();
  await muchLater();
  expect(fakes.reports).toHaveLength(1);
});

test("a program that isn't there crashes once, although Node tells of it twice", async () => {
  runner.see(podWith({}), false);
  await started(1);
  fakes.children[0]?.emit("error", new Error("ENOENT"));
  fakes.children[0]?.emit("exit", -2, null);
  await reported(2);
  await vi.advanceTimersByTimeAsync(1000);
  await started(2);
  await reported(3);
});

test("what a program needs and isn't there is asked for again, which is no crash, until the pod goes", async () => {
  fakes.tokenFailures = [404, 403, 403, 403].map((code) => new ApiException(code, "not there", "", {}));
  runner.see(podWith({}), false);
  await advanceUntil(1_000, () => fakes.started.length === 1);
  await reported(1);
  expect(fakes.reports).toEqual(["running ready=True restarts=0"]);

  fakes.tokenFailures = [new ApiException(403, "the namespace is being deleted", "", {})];
  const other = podWith({});
  Object.assign(other.metadata ?? {}, { name: "c-2" });
  runner.see(other, false);
  await vi.waitFor(() => expect(fakes.tokenFailures).toEqual([]));
  runner.see(other, true);
  await vi.waitFor(() => expect(fakes.stopped).toEqual(["pod-system-c-2-manager"]));
  await muchLater();
  expect(fakes.started).toHaveLength(1);
});

test("nothing is started once the runner is closed", async () => {
  runner.see(podWith({}), false);
  await started(1);
  fakes.children[0]?.emit("exit", 1, null);
  await reported(2);
  await runner.close();
  await muchLater();
  expect(fakes.started).toHaveLength(1);
});

/** Serves a program's probe on the port that the runner gave it. */
async function serveProbe(status: () => number): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(status()).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The next port that is taken is the probe's.
  fakes.nextPort = (server.address() as { port: number }).port - 1;
  return server;
}

test("a pod is ready only once its program answers the probe, and no more when it stops to", async () => {
  let status = 500;
  const server = await serveProbe(() => status);
  runner.see(podWith({ probed: 8081 }), false);
  await reported(1);
  status = 200;
  await advanceUntil(250, () => fakes.reports.length === 2);
  status = 500;
  await advanceUntil(5_000, () => fakes.reports.length === 3);
  server.close();
  expect(fakes.reports).toEqual([
    "running ready=False restarts=0",
    "running ready=True restarts=0",
    "running ready=False restarts=0",
  ]);
});

test("a pod isn't ready for a moment while its containers start: the one with the probe is reported first", async () => {
  const both = podWith({ probed: 8081 });
  both.spec?.containers.unshift({ name: "first", image: "example.com/controller:1.0" });
  fakes.status = {
    ...fakes.status,
    conditions: [{ type: "Ready", status: "False" }],
    containerStatuses: ["first", "manager"].map((of) => ({
      ...{ name: of, image: "", imageID: "", ready: true, restartCount: 0 },
    })),
  };
  runner.see(both, false);
  await reported(2);
  expect(fakes.reports.map((report) => /ready=\w+/.exec(report)?.[0])).toEqual([
    "ready=False",
    "ready=False",
  ]);
});

test("a program that has ended is not asked any more", async () => {
  const server = await serveProbe(() => 500);
  runner.see(podWith({ probed: 8081 }), false);
  await once(server, "request");
  fakes.children[0]?.emit("exit", 1, null);
  await reported(2);
  const asked: (string | undefined)[] = [];
  server.on("request", ({ url }) => asked.push(url));
  // Long enough for a question, too short for the next start.
  await vi.advanceTimersByTimeAsync(500);
  // This question comes after any that the runner may have asked.
  await fetch(`http://127.0.0.1:${fakes.nextPort - 1}/mine`);
  server.close();
  expect(asked).toEqual(["/mine"]);
});

/** Lets time pass in steps while real connections are answered. */
async function advanceUntil(stepMs: number, done: () => boolean): Promise<void> {
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(stepMs);
    expect(done()).toBe(true);
  });
}

test.each([
  { beforeMs: undefined, ranMs: 0, next: 1_000 },
  { beforeMs: 1_000, ranMs: 10, next: 2_000 },
  { beforeMs: 16_000, ranMs: 10, next: 30_000 },
  { beforeMs: 30_000, ranMs: 59_999, next: 30_000 },
  { beforeMs: 30_000, ranMs: 60_000, next: 1_000 },
])("after a pause of $beforeMs ms and a run of $ranMs ms the next pause is $next ms", (row) => {
  expect(nextBackOff(row.beforeMs, row.ranMs)).toBe(row.next);
});

test("the containers of a pod are told of each other's ports, by files that are theirs alone", async () => {
  const server: RealImage = {
    repository: "azurecr.io/mcp/echo",
    program: { script: "servers/echo/main.ts" },
    args: [],
    env: {},
    ports: [{ inPod: { variable: "PORT" }, tell: { variable: "PORT" } }],
  };
  const guard: RealImage = {
    ...server,
    repository: "azurecr.io/mcp/guard",
    ports: [],
    settings: {
      variable: "CONFIG",
      path: "/etc/guard/config",
      ports: (text) => [Number(text.split(" ")[0])],
      adapt: (text, here) => text.replace(/\d+/g, (port) => String(here.port(Number(port)))),
    },
  };
  const surroundings = fakes.surroundings();
  surroundings.core.readNamespacedConfigMap = async () => ({ data: { config: "3000 to 8080" } });
  const pods = new PodRunner(surroundings, [server, guard]);
  const pod = podWith({});
  pod.spec = {
    // The guard first: it is told of the other's port all the same.
    containers: [
      {
        name: "guard",
        image: "acr1.azurecr.io/mcp/guard:1",
        volumeMounts: [{ name: "config", mountPath: "/etc/guard" }],
      },
      {
        name: "server",
        image: "acr1.azurecr.io/mcp/echo:1",
        env: [
          { name: "PORT", value: "8080" },
          { name: "HOME", value: "/tmp" },
        ],
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: "guard" } },
      { name: "tmp", emptyDir: {} },
    ],
  };
  pods.see(pod, false);
  await started(2);
  const [first, second] = fakes.started;
  expect(await readFile(first?.env?.["CONFIG"] ?? "", "utf8")).toBe("50001 to 50002");
  expect(second).toMatchObject({
    program: process.execPath,
    args: [expect.stringMatching(/servers\/echo\/main\.ts$/)],
    env: { PORT: "50002", HOME: join(fakes.dir, "pod-system-c-1-u1.volumes", "tmp") },
  });
  // Only controllers have to do with the API server.
  expect(fakes.tokens).toBe(0);
  pods.see(pod, true);
  await vi.waitFor(() => expect(fakes.stopped).toHaveLength(2));
  await pods.close();
});

test("a container's preStop hook is answered before its program is asked to end; the others don't wait for it", async () => {
  const pod = podWith({});
  const lifecycle = { preStop: { httpGet: { path: "drained", port: 8081 } } };
  const [manager] = pod.spec?.containers ?? [];
  pod.spec = {
    terminationGracePeriodSeconds: 60,
    containers: [
      { ...manager, name: "manager", lifecycle },
      { name: "beside", image: "example.com/controller:1.0" },
    ],
  };
  let drained: (() => void) | undefined;
  runner.see(pod, false);
  await started(2);
  const asked = new Promise<string | undefined>((resolve) => {
    const server = createServer((request, response) => {
      drained = () => response.end();
      resolve(request.url);
    }).listen(Number(fakes.podPorts.get(pod.metadata, 8081)), "127.0.0.1");
    onTestFinished(() => void server.close());
  });
  runner.see(pod, true);
  expect(await asked).toBe("/drained");
  expect([fakes.stopped, fakes.graces]).toEqual([["pod-system-c-1-beside"], [60_000]]);
  drained?.();
  await vi.waitFor(() => expect(fakes.stopped).toHaveLength(2));
});

test("a pod that takes its time to end keeps no other waiting", async () => {
  const slow = podWith({});
  Object.assign(slow.metadata ?? {}, { name: "slow" });
  Object.assign(slow.spec?.containers[0] ?? {}, { lifecycle: { preStop: { sleep: { seconds: 3600 } } } });
  runner.see(slow, false);
  await started(1);
  runner.see(slow, true);
  runner.see(podWith({}), false);
  await started(2);
  expect(fakes.stopped).toEqual([]);
});
