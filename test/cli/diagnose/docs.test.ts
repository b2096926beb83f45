import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { causes } from "../../../cli/diagnose/causes/index.ts";
import { asText } from "../../../cli/diagnose/print.ts";
import {
  condition,
  kaitoController,
  kmcpController,
  mcpServer,
  node,
  pod,
  runningReady,
  waitingFor,
  workload,
  workspace,
} from "./support/objects.ts";
import { report } from "./support/snapshots.ts";

const text = await readFile(join(import.meta.dirname, "../../../docs/diagnose.md"), "utf8");

test("docs/diagnose.md has every cause, and no other", () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| [^`|]/gm)].map(([, id]) => id);
  const inTables = [
    ...text
      .slice(text.indexOf("## The causes"), text.indexOf("## What it reads"))
      .matchAll(/^\| `([a-z-]+)`/gm),
  ];
  const ids = inTables.map(([, id]) => id);
  expect(rows.length).toBeGreaterThan(0);
  expect([...ids].sort()).toEqual([...causes.map(({ id }) => id), "unexplained"].sort());
});

test("docs/diagnose.md names those that warn", () => {
  const sentence = text.match(/Of what is ready, ([\s\S]*?) are warnings\./)?.[1] ?? "";
  const named = [...sentence.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id);
  expect(named.sort()).toEqual(
    causes
      .filter(({ warns }) => warns)
      .map(({ id }) => id)
      .sort(),
  );
});

test("docs/diagnose.md shows what is really printed", () => {
  const image = "mcpaasdev.azurecr.io/mcp/echo:0.2.0";
  const made = report({
    objects: {
      deployments: [kaitoController(), kmcpController(), workload("echo", "mcp", { updated: 1 })],
      nodes: [node("aks-user-0", { labels: { "mcpaas.dev/pool": "user" } })],
      workspaces: [
        workspace("phi-4-mini", {
          targetNodeCount: 0,
          conditions: [
            condition(
              "WorkspaceSucceeded",
              "False",
              "workspacePending",
              "workspace is waiting for inference workload readiness (last reconcile error: no ready nodes found, unable to determine GPU configuration)",
            ),
          ],
        }),
      ],
      mcpservers: [
        mcpServer("echo", [
          condition("Ready", "False", "NotAvailable", "Deployment not ready: 1/2 replicas available"),
        ]),
      ],
      pods: [
        pod("echo-2", "mcp", {
          labels: { app: "echo" },
          nodeName: "aks-user-0",
          containers: [
            waitingFor(
              "mcp-server",
              "ImagePullBackOff",
              `Back-off pulling image "${image}": ErrImagePull: ${image}: not found`,
            ),
          ],
          image,
        }),
        pod("echo-1", "mcp", {
          labels: { app: "echo" },
          nodeName: "aks-user-0",
          phase: "Running",
          conditions: [{ type: "Ready", status: "True" }],
          containers: [runningReady("mcp-server")],
        }),
      ],
    },
    autoscalerStatus: `autoscalerStatus: Running
nodeGroups:
- name: aks-gpu-27164372-vmss
  health: {status: Healthy, cloudProviderTarget: 0, minSize: 0, maxSize: 1}
  scaleUp: {status: NoActivity}
`,
  });
  const sample = text.match(/```text\n(https:\/\/aks\.example[\s\S]*?)\n```/)?.[1];
  expect(sample).toBe(stripVTControlCharacters(asText(made, 80)));
});
