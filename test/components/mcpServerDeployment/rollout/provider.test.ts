import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ReadError } from "../../../../components/kubeApi/readError.ts";
import { create, diff, read, update } from "../../../../components/mcpServerDeployment/rollout/provider.ts";
import { UNKNOWN } from "../../../support/mocks.ts";
import { type Reply, startApiServer } from "../../kaitoTuningJob/apiServer.ts";
import { CRASHED, DONE, deployment, SPEC, server, surroundings } from "./fakes.ts";

const WAITED = { namespace: "mcp", name: "echo", spec: SPEC, replicas: 1, trigger: "uid/3" };
const INPUTS = { ...WAITED, kubeconfig: "a secret", timeoutMinutes: 10 };

describe.each([
  [
    "create",
    (around: Parameters<typeof create>[1]) => create(INPUTS, around),
    { id: "mcp/echo", outs: WAITED },
  ],
  [
    "update",
    (around: Parameters<typeof create>[1]) =>
      update("mcp/echo", { ...WAITED, trigger: "uid/2" }, INPUTS, around),
    { outs: WAITED },
  ],
])("%s", (_, run, outcome) => {
  it("keeps what was waited for and nothing of the kubeconfig, and lets go of the connection", async () => {
    const { around, closed, time } = surroundings(CRASHED, DONE);
    expect(await run(around)).toEqual(outcome);
    expect([time(), closed()]).toEqual([2_000, true]);
  });

  it("lets go of the connection when it fails", async () => {
    const { around, closed } = surroundings(new ReadError("forbidden", "no"));
    await expect(run(around)).rejects.toThrow("may not look at MCP server");
    expect(closed()).toBe(true);
  });
});

describe("diff", () => {
  it.each<[string, object]>([
    ["the same", {}],
    ["another kubeconfig", { kubeconfig: "rotated" }],
    ["another time", { timeoutMinutes: 1 }],
  ])("sees no change in %s", async (_, change) => {
    expect(await diff("id", WAITED, { ...INPUTS, ...change })).toMatchObject({
      changes: false,
      replaces: [],
    });
  });

  it.each<[string, object]>([
    ["another spec", { spec: "other" }],
    ["other replicas", { replicas: 2 }],
    ["another generation", { trigger: "uid/4" }],
    ["one that isn't known yet", { trigger: UNKNOWN }],
  ])("waits again for %s, in the same resource", async (_, change) => {
    expect(await diff("id", WAITED, { ...INPUTS, ...change })).toMatchObject({ changes: true, replaces: [] });
  });

  it("is about one server", async () => {
    expect(await diff("id", WAITED, { ...INPUTS, name: "other" })).toMatchObject({
      changes: true,
      replaces: ["name"],
    });
  });
});

it("is left alone by a refresh", async () => {
  expect(await read("id", WAITED)).toEqual({ id: "id", props: WAITED });
});

const MCP_SERVER = "/apis/kagent.dev/v1alpha1/namespaces/mcp/mcpservers/echo";
const DEPLOYMENT = "/apis/apps/v1/namespaces/mcp/deployments/echo";
const PODS = "/api/v1/namespaces/mcp/pods";

/** Evaluates the provider's text against an API server that answers so. */
async function stateText(replies: Record<string, Reply>, ...calls: unknown[][]) {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const program = fileURLToPath(new URL("../../../support/stateText.ts", import.meta.url));
  const api = await startApiServer({ [MCP_SERVER]: { body: server() }, ...replies });
  try {
    const args = { ...INPUTS, kubeconfig: api.kubeconfig };
    const resource = "components/mcpServerDeployment/rollout.ts McpRollout";
    const argv = [program, resource, ...[args, ...calls].map((each) => JSON.stringify(each))];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root });
    return {
      ...JSON.parse(stdout.slice(stdout.lastIndexOf("\n"))),
      root,
      asked: api.asked,
      tokens: api.tokens,
    };
  } finally {
    await api.close();
  }
}

describe("the text in the state", () => {
  it("waits through all its methods, and captures nothing", async () => {
    const { type, text, results, root, asked, tokens } = await stateText(
      { [DEPLOYMENT]: { body: deployment() }, [PODS]: { body: { items: [] } } },
      ["create", "inputs"],
      ["diff", "id", 0, "inputs"],
      ["read", "id", WAITED],
      ["update", "id", WAITED, "inputs"],
      ["delete", "id", WAITED],
    );
    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:McpRollout");
    expect(results.slice(0, 4)).toEqual([
      { id: "mcp/echo", outs: WAITED },
      { changes: false, replaces: [], deleteBeforeReplace: false },
      { id: "id", props: WAITED },
      { outs: WAITED },
    ]);
    const label = "labelSelector=app.kubernetes.io/name=echo,app.kubernetes.io/instance=echo";
    const look = [MCP_SERVER, DEPLOYMENT, `${PODS}?${label}`];
    expect(asked).toEqual([...look, ...look]);
    expect([...tokens]).toEqual(["Bearer sesame"]);

    // The text is the same on every machine and holds no secret, no path and no library.
    expect(text).not.toContain("sesame");
    expect(text).not.toContain(root);
    expect(text.match(/require\(|createRequire\(/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(4000);
  }, 30_000);

  it("fails with the guard's own last line", async () => {
    const late = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" };
    const { results, asked } = await stateText(
      {
        [DEPLOYMENT]: { body: deployment({ replicas: 2, conditions: [late] }) },
        [PODS]: { body: { items: CRASHED.pods } },
        [`${PODS}/echo-new/log`]: { body: "{}\nguard: limits.concurrency: must be at least 1\n\n" },
      },
      ["rejected", "update", "id", WAITED, "inputs"],
    );
    expect(results[0].error).toContain(
      "guard doesn't run (CrashLoopBackOff); ended with exit code 1: guard: limits.concurrency: must be at least 1\n",
    );
    expect(asked.at(-1)).toBe(
      `${PODS}/echo-new/log?container=guard&previous=true&tailLines=20&limitBytes=65536`,
    );
  }, 30_000);

  it("fails with the last warning about a pod whose containers don't say anything", async () => {
    const creating = { name: "guard", ready: false, state: { waiting: { reason: "ContainerCreating" } } };
    const [crashed] = CRASHED.pods;
    const late = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" };
    const { results } = await stateText(
      {
        [DEPLOYMENT]: { body: deployment({ replicas: 2, conditions: [late] }) },
        [PODS]: { body: { items: [{ ...crashed, status: { containerStatuses: [creating] } }] } },
        "/api/v1/namespaces/mcp/events": {
          body: {
            items: [
              { type: "Warning", message: "configmap not found", lastTimestamp: "2026-01-01T00:00:02Z" },
              { type: "Warning", message: "earlier", lastTimestamp: "2026-01-01T00:00:01Z" },
              { type: "Normal", message: "Pulled", lastTimestamp: "2026-01-01T00:00:03Z" },
            ],
          },
        },
      },
      ["rejected", "update", "id", WAITED, "inputs"],
    );
    expect(results[0].error).toContain("is not started yet (ContainerCreating): configmap not found\n");
  }, 30_000);
});
