import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { jobWatch } from "../../../components/kaitoTuningJob/cluster.ts";
import type { JobWatch } from "../../../components/kaitoTuningJob/jobWatch.ts";
import { type ApiServer, type Reply, startApiServer } from "./apiServer.ts";
import { event, JOB, job, pod, TRAINING, workspace } from "./fixtures.ts";

const WORKSPACE = "/apis/kaito.sh/v1alpha1/namespaces/models/workspaces/tune";
const THE_JOB = "/apis/batch/v1/namespaces/models/jobs/tune";
const PODS = "/api/v1/namespaces/models/pods";
const EVENTS = "/api/v1/namespaces/models/events";
const LOG = `${PODS}/tune-hf576/log`;
const NEVER = new AbortController().signal;

let server: ApiServer;
let watch: JobWatch;
afterEach(async () => {
  await watch.close();
  await server.close();
});

async function start(replies: Parameters<typeof startApiServer>[0], kubeconfig?: string) {
  server = await startApiServer(replies);
  watch = jobWatch(kubeconfig ?? server.kubeconfig, "kaito.sh/v1alpha1", JOB);
}

const all = (pods: unknown[]): Record<string, Reply> => ({
  [WORKSPACE]: { body: workspace() },
  [THE_JOB]: { body: job() },
  [PODS]: { body: { items: pods } },
  [EVENTS]: { body: { items: [event("Pulling", "…")] } },
});

describe("read", () => {
  it("reads Workspace, Job and pods with the kubeconfig's token, as they are", async () => {
    const running = pod(TRAINING);
    await start(all([running]));
    expect(await watch.read(NEVER)).toEqual({
      workspace: workspace(),
      job: job(),
      pods: [running],
      events: [],
    });
    expect(server.asked).toEqual([WORKSPACE, THE_JOB, `${PODS}?labelSelector=kaito.sh/workspace=tune`]);
    expect([...server.tokens]).toEqual(["Bearer sesame"]);
  });

  it("reads no further than the Workspace while there is no Job", async () => {
    await start({ [WORKSPACE]: { body: workspace() } });
    expect(await watch.read(NEVER)).toEqual({ workspace: workspace(), pods: [], events: [] });
  });

  it.each<[string, unknown[], string | undefined]>([
    [
      "a pod that doesn't run yet",
      [pod({}, { phase: "Pending" })],
      "involvedObject.kind=Pod,involvedObject.name=tune-hf576",
    ],
    ["a Job without a pod", [], "involvedObject.kind=Job,involvedObject.name=tune"],
    ["a pod that runs", [pod(TRAINING)], undefined],
  ])("reads the events of %s", async (_, pods, selector) => {
    await start(all(pods));
    const { events } = await watch.read(NEVER);
    expect(events).toHaveLength(selector ? 1 : 0);
    expect(server.asked.slice(3)).toEqual(selector ? [`${EVENTS}?fieldSelector=${selector}`] : []);
  });

  it("does without events that it may not read", async () => {
    await start({ ...all([]), [EVENTS]: { status: 403, body: { message: "events is forbidden" } } });
    expect((await watch.read(NEVER)).events).toEqual([]);
  });

  it.each([
    [404, "absent", "HTTP 404: gone"],
    [403, "forbidden", "HTTP 403: gone"],
    [401, "unreachable", "HTTP 401: gone"],
    [503, "unreachable", "HTTP 503: gone"],
  ])("tells what kind of failure %i is", async (status, why, message) => {
    await start({ [WORKSPACE]: { status, body: { message: "gone" } } });
    await expect(watch.read(NEVER)).rejects.toMatchObject({ why, message });
  });

  it("tells what isn't JSON, and that nobody answers", async () => {
    await start({ [WORKSPACE]: { status: 502, body: "Bad Gateway" } });
    await expect(watch.read(NEVER)).rejects.toMatchObject({
      why: "unreachable",
      message: "HTTP 502: Bad Gateway",
    });
    await server.close();
    await expect(watch.read(NEVER)).rejects.toMatchObject({
      why: "unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("ends with the signal", async () => {
    await start(all([]));
    await expect(watch.read(AbortSignal.abort())).rejects.toMatchObject({ why: "unreachable" });
    expect(server.asked).toEqual([]);
  });

  it("takes the path of a kubeconfig too", async () => {
    const dir = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    await start(all([]));
    await writeFile(join(dir, "config"), server.kubeconfig);
    await watch.close();
    watch = jobWatch(join(dir, "config"), "kaito.sh/v1alpha1", JOB);
    expect((await watch.read(NEVER)).workspace).toEqual(workspace());
    await rm(dir, { recursive: true });
  });
});

describe("lastLines", () => {
  const log = { pod: "tune-hf576", container: "tune" };

  it("takes what a progress bar has overwritten for lines of their own", async () => {
    await start({ [LOG]: { body: "Model Loaded\n  1%|  \r  2%|  \r  3%|  \n\n" } });
    expect(await watch.lastLines(log, 2)).toEqual(["  2%|", "  3%|"]);
    expect(server.asked).toEqual([`${LOG}?container=tune&tailLines=2&limitBytes=65536`]);
  });

  it("has none when there is no log", async () => {
    await start({});
    expect(await watch.lastLines(log, 2)).toEqual([]);
  });
});
