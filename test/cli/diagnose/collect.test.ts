import { afterEach, describe, expect, test } from "vitest";
import { takeSnapshot } from "../../../cli/diagnose/collect.ts";
import { kindKeys } from "../../../cli/diagnose/kinds.ts";
import type { Answer, Reader } from "../../../cli/diagnose/reader.ts";
import { diagnose, judge, observe } from "../../../cli/diagnose/run.ts";
import { type Api, startApi, type World } from "./support/api.ts";
import { ended, gpuNode, kaitoController, modelPod, pod, tuning, workspace } from "./support/objects.ts";
import type { Served } from "./support/snapshots.ts";

const started: Api[] = [];
async function api(world: World): Promise<Api> {
  const one = await startApi(world);
  started.push(one);
  return one;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
});

const broken: World = {
  objects: {
    deployments: [kaitoController()],
    nodes: [gpuNode()],
    workspaces: [workspace("phi", { secret: "hf" }), tuning()],
    pods: [
      modelPod({ nodeName: "aks-gpu-0", phase: "Running", containers: [ended("phi", 1)] }),
      pod("kaito-1", "kaito-workspace", {
        labels: { app: "kaito-workspace" },
        phase: "Running",
        containers: [{ name: "workspace", ready: true, state: { running: {} } }],
      }),
    ],
  },
  secrets: { "models/hf": { type: "Opaque", data: { TOKEN: "aGZfc2VjcmV0c2VjcmV0" } } },
  logs: {
    "models/phi-0/phi/previous": "start with token=hf_abcdefghijklmnop\nValueError: it broke\n",
    "kaito-workspace/kaito-1/workspace": "I1123 Reconciling workspace models/phi\n",
  },
};

describe("what is read", () => {
  test("lists, the logs and Secrets that matter, and nothing is written", async () => {
    const { kubeconfig, asked } = await api(broken);
    const snapshot = await observe(kubeconfig);
    expect(asked.every((each) => each.startsWith("GET "))).toBe(true);
    expect(snapshot.lists.workspaces.items.map(({ metadata }) => metadata.name)).toEqual(["phi", "tune"]);
    expect(snapshot.secrets).toEqual({
      "models/hf": { state: "there", type: "Opaque", keys: ["TOKEN"] },
      "models/push": { state: "missing" },
    });
    expect(snapshot.logs.map(({ pod, previous }) => [pod, previous])).toEqual([
      ["phi-0", true],
      ["kaito-1", false],
    ]);
    expect(snapshot.context).toBe("dev");
    const [request] = asked.filter((each) => each.includes("/log?"));
    expect(request).toContain("tailLines=120");
  });

  test("holds no secret", async () => {
    const { kubeconfig } = await api(broken);
    const text = JSON.stringify(await observe(kubeconfig));
    expect(text).not.toContain("aGZfc2VjcmV0c2VjcmV0");
    expect(text).not.toContain("abcdefghijklmnop");
    expect(text).not.toContain("last-applied");
    expect(text).not.toContain("sig=abc");
  });

  test("is only about what was asked for", async () => {
    const { kubeconfig, asked } = await api(broken);
    await observe(kubeconfig, { subject: "tuning/tune" });
    expect(asked.filter((each) => each.includes("/secrets/"))).toEqual([
      "GET /api/v1/namespaces/models/secrets/push",
    ]);
    expect(asked.filter((each) => each.includes("/pods/phi-0/log"))).toEqual([]);
  });

  test("page by page", async () => {
    const pods = Array.from({ length: 7 }, (_, i) => pod(`pod-${i}`, "models"));
    const { kubeconfig, asked } = await api({ objects: { pods }, pageSize: 3 });
    const { lists } = await observe(kubeconfig);
    expect(lists.pods.items.map(({ metadata }) => metadata.name)).toEqual(
      pods.map(({ metadata }) => metadata.name),
    );
    expect(asked.filter((each) => each.startsWith("GET /api/v1/pods?"))).toHaveLength(3);
  });

  test("anew and in one piece when a page has expired", async () => {
    const pods = Array.from({ length: 5 }, (_, i) => pod(`pod-${i}`, "models"));
    const { kubeconfig } = await api({ objects: { pods }, pageSize: 2, expired: true });
    expect((await observe(kubeconfig)).lists.pods.items).toHaveLength(5);
  });
});

describe("what can't be read", () => {
  test("a kind that the API doesn't know is known to be absent", async () => {
    const { kubeconfig } = await api({ absent: ["mcpservers", "ragengines"] });
    const { lists } = await observe(kubeconfig);
    expect(lists.mcpservers.state).toBe("absent");
    expect(lists.workspaces.state).toBe("read");
  });

  test("someone of one namespace gets what is in it, and is told the rest", async () => {
    const elsewhere: Served = workspace("other");
    elsewhere.metadata.namespace = "mcp";
    const { kubeconfig } = await api({
      objects: { ...broken.objects, workspaces: [workspace(), elsewhere] },
      forbidden: (path) =>
        !path.startsWith("/api/v1/namespaces/models/") &&
        !path.includes("/namespaces/models/") &&
        path !== "/apis",
    });
    const snapshot = await observe(kubeconfig, { namespace: "models" });
    expect(snapshot.lists.workspaces).toMatchObject({ state: "partial", namespaces: ["models"] });
    expect(snapshot.lists.nodes.state).toBe("forbidden");
    const report = judge(snapshot, { namespace: "models" });
    expect(report.subjects.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      "kaito: unknown",
      "phi: not ready",
    ]);
    expect(report.unread.map(({ what }) => what)).toContain("nodes");
    expect(report.unread.map(({ what }) => what)).not.toContain("workspaces.kaito.sh outside of models");
    // Nothing is concluded from nodes that weren't seen.
    expect(report.subjects[1]?.causes.map(({ cause }) => cause)).not.toContain("no-matching-node");
  });

  test("someone who may list no kind of subject is told so", async () => {
    const { kubeconfig } = await api({ forbidden: (path) => path !== "/apis" });
    await expect(diagnose(kubeconfig)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^nothing can be said: workspaces, .* can't be read .*forbidden/),
    });
  });

  test("nor may the first question be allowed", async () => {
    const { kubeconfig } = await api({ ...broken, forbidden: (path) => path === "/apis" });
    expect((await diagnose(kubeconfig)).subjects.length).toBeGreaterThan(0);
  });

  test("a log or a Secret that can't be read is told, too", async () => {
    const { kubeconfig } = await api({
      ...broken,
      logs: {},
      forbidden: (path) => path.includes("/secrets/"),
    });
    const { unread } = await diagnose(kubeconfig);
    expect(unread.map(({ what, forbidden }) => [what, forbidden])).toEqual([
      ["secret models/hf", true],
      ["secret models/push", true],
      ["log of phi in pod models/phi-0", false],
      ["log of workspace in pod kaito-workspace/kaito-1", false],
    ]);
  });

  test("credentials that aren't taken", async () => {
    const { kubeconfig } = await api({ unauthorized: true });
    await expect(diagnose(kubeconfig)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("doesn't take the credentials of the kubeconfig"),
    });
  });
});

test("a list that takes too long doesn't spoil the others", async () => {
  const slow = new Set(["/api/v1/events", "/apis/apps/v1/replicasets"]);
  const reader: Reader = {
    server: "https://api.example",
    serverTime: new Date("2026-11-23T12:00:00Z"),
    get: async (path): Promise<Answer<unknown>> =>
      slow.has(path)
        ? { ok: false, refusal: "timeout", message: "no answer within 15 s" }
        : { ok: true, body: { items: [] } },
    text: async () => ({ ok: true, body: "" }),
    askPod: async () => ({ ok: false, refusal: "failed", message: "nothing to ask" }),
    close: async () => {},
  };
  const snapshot = await takeSnapshot(reader, { namespace: "default" });
  const late = kindKeys.filter((kind) => snapshot.lists[kind].state === "timeout");
  expect(late).toEqual(["events", "replicasets"]);
  expect(snapshot.takenAt).toBe("2026-11-23T12:00:00.000Z");
  expect(judge(snapshot).unread).toEqual([
    { what: "events", forbidden: false, why: "no answer within 15 s" },
    { what: "replicasets.apps", forbidden: false, why: "no answer within 15 s" },
  ]);
});
