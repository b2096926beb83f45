import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { asJson, asText, likelihoodText } from "../../../cli/diagnose/print.ts";
import { condition, kaitoController, node, platform, workspace } from "./support/objects.ts";
import { report, type Scene, together } from "./support/snapshots.ts";

const ready = workspace("ok", { conditions: [condition("WorkspaceSucceeded", "True")] });
const scene: Scene = {
  objects: {
    deployments: [kaitoController()],
    nodes: [node("aks-user-0")],
    workspaces: [workspace("phi"), workspace("second"), ready],
  },
  states: {
    resourcequotas: { state: "forbidden", message: "no" },
    events: { state: "timeout", message: "no answer within 15 s" },
  },
};
const text = (columns?: number) => stripVTControlCharacters(asText(report(scene), columns));

describe("text", () => {
  test("has what isn't ready first, with evidence and commands", () => {
    expect(text()).toBe(`https://aks.example:443 (context dev) at 2026-11-23T12:00:00Z

NO workspace models/phi: not ready for 12 min: workspace is waiting for inference workload readiness
   1. very likely: No node has the labels mcpaas.dev/pool=gpu.
      - workspace models/phi, resource.labelSelector: mcpaas.dev/pool=gpu (0 of 1 node)
      - nodes, label mcpaas.dev/pool: on no node
      > See which labels the nodes have:
        kubectl get nodes -L mcpaas.dev/pool
      > Let the GPU pool keep a node: the setting mcpaas:cluster.gpuPool.minCount, 1 or more:
        pulumi config set --path mcpaas:cluster.gpuPool.minCount 1 && pulumi up

NO workspace models/second: not ready for 12 min: workspace is waiting for inference workload
   readiness
   1. very likely: No node has the labels mcpaas.dev/pool=gpu.
      as with workspace models/phi

ok component kaito: kaito-workspace/kaito-workspace runs, 0.11.0
ok workspace models/ok: serves phi-4-mini-instruct

Not allowed to read, so that nothing is concluded from it:
  resourcequotas
Could not be read:
  - events: no answer within 15 s

2 of 4 not ready`);
  });

  test.each([undefined, 60, 100, 300])(
    "at %s columns isn't wider than 100 or that, but for commands",
    (columns) => {
      const wide = text(columns)
        .split("\n")
        .filter((line) => line.length > Math.min(columns ?? 100, 100) && !/^ {8}\S/.test(line));
      expect(wide).toEqual([]);
    },
  );

  test("says that all is ready, and what warns", () => {
    const good = together(platform, { objects: { workspaces: [ready] } });
    expect(
      stripVTControlCharacters(asText(report(good)))
        .split("\n")
        .at(-1),
    ).toBe("All ready");
    const twice = together(good, {
      objects: { deployments: [kaitoController({ metadata: { name: "addon" } })] },
    });
    const lines = stripVTControlCharacters(asText(report(twice))).split("\n");
    expect(lines.at(-1)).toBe("All ready, 1 with a warning");
    expect(lines.join("\n")).toContain("warning: KAITO's workspace controller is there 2 times");
  });

  test("says when there is nothing", () => {
    expect(stripVTControlCharacters(asText(report({})))).toContain("Nothing to look at");
  });
});

test("JSON is the report", () => {
  const made = report(scene);
  expect(JSON.parse(asJson(made))).toEqual(JSON.parse(JSON.stringify(made)));
  expect(made.subjects[1]).toMatchObject({
    kind: "workspace",
    role: "inference",
    namespace: "models",
    name: "phi",
    state: "not ready",
    causes: [{ cause: "no-matching-node", likelihood: 0.93, consequences: [] }],
    warnings: [],
  });
});

test("likelihood in words", () => {
  expect([1, 0.9, 0.89, 0.6, 0.5, 0.3, 0.1].map(likelihoodText)).toEqual([
    "very likely",
    "very likely",
    "likely",
    "likely",
    "possible",
    "possible",
    "unclear",
  ]);
});
