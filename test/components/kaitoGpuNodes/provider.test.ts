import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { create, diff, read, update } from "../../../components/kaitoGpuNodes/provider.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";
import { UNKNOWN } from "../../support/mocks.ts";
import { startApiServer } from "../kaitoTuningJob/apiServer.ts";
import { node, surroundings } from "./fakes.ts";

const WAITED = { matchLabels: { "mcpaas.dev/pool": "gpu", a: "b" }, minCount: 2, trigger: "/pools/gpu A100" };
const INPUTS = { ...WAITED, kubeconfig: "a secret", timeoutMinutes: 30 };
const there = () => surroundings([node("a"), node("b")]);

describe("create", () => {
  it("keeps what was waited for and nothing of the kubeconfig, and lets go of the connection", async () => {
    const { around, closed } = there();
    expect(await create(INPUTS, around)).toEqual({ id: "a=b,mcpaas.dev/pool=gpu", outs: WAITED });
    expect(closed()).toBe(true);
  });

  it("lets go of the connection when it fails", async () => {
    const { around, closed } = surroundings(new ReadError("forbidden", "no"));
    await expect(create(INPUTS, around)).rejects.toThrow("may not look at nodes");
    expect(closed()).toBe(true);
  });
});

describe("diff", () => {
  it.each<[string, object]>([
    ["the same", {}],
    ["another kubeconfig", { kubeconfig: "rotated" }],
    ["another time", { timeoutMinutes: 1 }],
    ["labels in another order", { matchLabels: { a: "b", "mcpaas.dev/pool": "gpu" } }],
  ])("sees no change in %s", async (_, change) => {
    expect(await diff("id", WAITED, { ...INPUTS, ...change })).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it.each<[string, object, string]>([
    ["other labels", { matchLabels: { "mcpaas.dev/pool": "large" } }, "matchLabels"],
    ["more nodes", { minCount: 3 }, "minCount"],
    ["another pool or size", { trigger: "/pools/gpu H100" }, "trigger"],
    ["a pool that isn't there yet", { trigger: UNKNOWN }, "trigger"],
  ])("waits anew for %s", async (_, change, replaces) => {
    expect(await diff("id", WAITED, { ...INPUTS, ...change })).toMatchObject({
      changes: true,
      replaces: [replaces],
      deleteBeforeReplace: false,
    });
  });

  it("takes note of fewer nodes without a wait, so that more are waited for again", async () => {
    const fewer = { ...INPUTS, minCount: 1 };
    expect(await diff("id", WAITED, fewer)).toMatchObject({ changes: true, replaces: [] });
    const { outs } = await update("id", WAITED, fewer);
    expect(outs).toEqual({ ...WAITED, minCount: 1 });
    expect(await diff("id", outs, INPUTS)).toMatchObject({ replaces: ["minCount"] });
  });
});

it("is left alone by a refresh", async () => {
  expect(await read("id", WAITED)).toEqual({ id: "id", props: WAITED });
});

it("works as the text in the state, which captures nothing", async () => {
  const server = await startApiServer({ "/api/v1/nodes": { body: { items: [node("a"), node("b")] } } });
  try {
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
    const args = { ...INPUTS, kubeconfig: server.kubeconfig };
    const calls = [
      ["create", args],
      ["diff", "id", 0, args],
      ["read", "id", WAITED],
      ["update", "id", WAITED, args],
      ["delete", "id", WAITED],
    ];
    const argv = ["components/kaitoGpuNodes.ts KaitoGpuNodes", args, ...calls];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, ...argv.map((each) => (typeof each === "string" ? each : JSON.stringify(each)))],
      { cwd: root },
    );
    const { type, text, results } = JSON.parse(stdout);
    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:KaitoGpuNodes");
    expect(results.slice(0, 4)).toEqual([
      { id: "a=b,mcpaas.dev/pool=gpu", outs: WAITED },
      { changes: false, replaces: [], deleteBeforeReplace: false },
      { id: "id", props: WAITED },
      { outs: WAITED },
    ]);
    expect(server.asked).toEqual(["/api/v1/nodes?labelSelector=a=b,mcpaas.dev/pool=gpu"]);
    expect([...server.tokens]).toEqual(["Bearer sesame"]);

    // The text is the same on every machine and holds no secret, no path and no library.
    expect(text).not.toContain("sesame");
    expect(text).not.toContain(root);
    expect(text.match(/require\(|createRequire\(/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(4000);
  } finally {
    await server.close();
  }
}, 30_000);
