import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { create, diff } from "../../../components/kaito/labelledNodes/provider.ts";
import {
  type NodeObject,
  type Surroundings,
  waitForLabels,
} from "../../../components/kaito/labelledNodes/wait.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";
import { startApiServer } from "../kaitoTuningJob/apiServer.ts";

const GPU = {
  "nvidia.com/gpu.product": "NVIDIA-A100",
  "nvidia.com/gpu.count": "1",
  "nvidia.com/gpu.memory": "81920",
};
const node = (name: string, labels: Record<string, string> = GPU): NodeObject => ({
  metadata: { name, labels },
});
const WAIT = { matchLabels: { "mcpaas.dev/pool": "gpu" }, count: 2, maxMinutes: 15 };
const NEVER = new AbortController().signal;

type Sight = NodeObject[] | Error;

/** Surroundings in which time passes only while somebody sleeps; each look sees the next, the last one for ever. */
function surroundings(...sights: Sight[]) {
  const said: string[] = [];
  let time = 0;
  let closed = false;
  const around: Surroundings = {
    async nodes() {
      const sight = sights.length > 1 ? sights.shift() : sights[0];
      if (sight instanceof Error) throw sight;
      return sight ?? [];
    },
    close: async () => {
      closed = true;
    },
    log: {
      info: async (message) => void said.push(message),
      warn: async (message) => void said.push(message),
    },
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { around, said, closed: () => closed, time: () => time };
}

describe("waitForLabels", () => {
  it("is content at once with nodes that are labelled", async () => {
    const { around, said, time } = surroundings([node("a"), node("b")]);
    await waitForLabels(WAIT, around, NEVER);
    expect([said, time()]).toEqual([[], 0]);
  });

  it("waits for enough nodes and for the labels of every one, and says each thing once", async () => {
    const { "nvidia.com/gpu.memory": _, ...some } = GPU;
    const { around, said } = surroundings(
      [node("a")],
      [node("a")],
      [node("a"), node("b", {}), node("c", some)],
      [node("a"), node("b"), node("c", some)],
      [node("a"), node("b"), node("c")],
    );
    await waitForLabels(WAIT, around, NEVER);
    const start = "waiting for nodes with mcpaas.dev/pool=gpu: ";
    expect(said).toEqual([
      `${start}1 of 2 are there`,
      `${start}b has no label nvidia.com/gpu.product, c has no label nvidia.com/gpu.memory`,
      `${start}c has no label nvidia.com/gpu.memory`,
    ]);
  });

  it("bears with an API that doesn't answer, but not with one that says no", async () => {
    const silent = new ReadError("unreachable", "connection refused");
    const { around, said } = surroundings(silent, [node("a"), node("b")]);
    await waitForLabels(WAIT, around, NEVER);
    expect(said).toEqual([expect.stringMatching(/the Kubernetes API doesn't answer: connection refused$/)]);
    const closed = surroundings(new ReadError("forbidden", "HTTP 403: no")).around;
    await expect(waitForLabels(WAIT, closed, NEVER)).rejects.toThrow(
      "may not look at nodes: HTTP 403: no; the kubeconfig's user needs list on nodes",
    );
  });

  it("says after its time what is missing, and what to type", async () => {
    const { around, time } = surroundings([node("a"), node("b", {})]);
    await expect(waitForLabels(WAIT, around, NEVER)).rejects.toThrow(
      "nodes with mcpaas.dev/pool=gpu aren't ready for KAITO after 15 min: b has no label nvidia.com/gpu.product. " +
        "gpu-feature-discovery labels them; see whether its pods run with: kubectl get pods",
    );
    expect(time()).toBe(15 * 60_000);
  });

  it("ends when it is cancelled", async () => {
    const { around } = surroundings([]);
    await expect(waitForLabels(WAIT, around, AbortSignal.abort())).rejects.toThrow(
      "stopped waiting for nodes with",
    );
  });
});

describe("the provider", () => {
  const inputs = { ...WAIT, kubeconfig: "a secret" };

  it("keeps what was waited for and nothing of the kubeconfig, and lets go of the connection", async () => {
    const { around, closed } = surroundings([node("a"), node("b")]);
    const { id, outs } = await create(inputs, around);
    expect([id, outs]).toEqual(["mcpaas.dev/pool=gpu", { matchLabels: WAIT.matchLabels, count: 2 }]);
    expect(closed()).toBe(true);
    const failing = surroundings(new ReadError("forbidden", "no"));
    await expect(create(inputs, failing.around)).rejects.toThrow();
    expect(failing.closed()).toBe(true);
  });

  it.each([
    [{ kubeconfig: "another", maxMinutes: 1 }, []],
    [{ count: 3 }, ["count"]],
    [{ matchLabels: { "mcpaas.dev/pool": "large" } }, ["matchLabels"]],
  ])("waits anew only for other or more nodes: %j", async (change, replaces) => {
    const { outs } = await create(inputs, surroundings([node("a"), node("b")]).around);
    const result = await diff("id", outs as object as Record<string, unknown>, { ...inputs, ...change });
    expect(result).toEqual({ changes: replaces.length > 0, replaces });
  });

  it("works as the text in the state that it is for the engine", async () => {
    const nodes = { body: { items: [node("a"), node("b")] } };
    const server = await startApiServer({ "/api/v1/nodes": nodes });
    try {
      const root = fileURLToPath(new URL("../../..", import.meta.url));
      const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
      const args = { ...WAIT, kubeconfig: server.kubeconfig };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          program,
          "components/kaito/labelledNodes.ts LabelledNodes",
          JSON.stringify(args),
          JSON.stringify(["create", args]),
          JSON.stringify(["diff", "id", 0, args]),
          JSON.stringify(["delete", "id", args]),
        ],
        { cwd: root },
      );
      const { type, text, results } = JSON.parse(stdout);
      expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:LabelledNodes");
      expect(results[0].outs).toEqual({ matchLabels: WAIT.matchLabels, count: 2 });
      expect(results[1]).toEqual({ changes: false, replaces: [] });
      expect(server.asked).toEqual(["/api/v1/nodes?labelSelector=mcpaas.dev/pool=gpu"]);
      expect(text).not.toContain("sesame");
      expect(text).not.toContain(root);
    } finally {
      await server.close();
    }
  }, 30_000);
});
