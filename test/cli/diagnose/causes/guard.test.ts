import { expect, test } from "vitest";
import {
  condition,
  ended,
  kmcpController,
  mcpServer,
  pod,
  runningNotReady,
  runningReady,
  waitingFor,
  workload,
} from "../support/objects.ts";
import { about, cause, causesOf, commandsOf, evidenceOf, type Scene } from "../support/snapshots.ts";

const NOT_READY = condition("Ready", "False", "NotAvailable", "Deployment not ready: 0/1 replicas available");

/** A server with a guard, whose pod has these containers. */
const guarded = (containers: object[], more: Partial<Scene> = {}): Scene => ({
  ...more,
  objects: {
    deployments: [kmcpController(), workload("echo", "mcp", { ready: 0 })],
    mcpservers: [mcpServer("echo", [NOT_READY])],
    pods: [pod("echo-1", "mcp", { labels: { app: "echo" }, nodeName: "n", phase: "Running", containers })],
  },
});
const logOf = (lines: string[], previous = false) => ({
  logs: [{ namespace: "mcp", pod: "echo-1", container: "guard", previous, lines }],
});

test("the guard's settings are wrong, which it says in a line", () => {
  const line = "guard: /etc/mcp-guard/guard.yaml: limits.concurrency must be a whole number from 1 to 10000";
  const subject = about(
    "mcpserver/echo",
    guarded([runningReady("mcp-server"), ended("guard", 1)], logOf(["node:1", line], true)),
  );
  expect(causesOf(subject)).toEqual(["guard-config"]);
  expect(cause("guard-config", subject).summary).toContain("limits.concurrency must be a whole number");
  expect(cause("guard-config", subject).consequences.map((each) => each.cause)).toContain("crash-loop");
  expect(evidenceOf("guard-config", subject)).toContain(`log of guard before its last start | ${line}`);
  expect(cause("guard-config", subject).next[0]?.text).toContain(
    "mcpaas:mcpServers.echo, or mcpaas:mcpGuard",
  );
});

test("a guard that ends without such a line is a crash like any other, and so is a server's", () => {
  const crash = guarded(
    [runningReady("mcp-server"), ended("guard", 139)],
    logOf(["Segmentation fault"], true),
  );
  expect(causesOf(about("mcpserver/echo", crash))).toEqual(["crash-loop"]);
  const server = guarded([ended("mcp-server", 1), runningNotReady("guard", 3)], logOf(["guard: x"]));
  expect(causesOf(about("mcpserver/echo", server))).toEqual(["crash-loop"]);
});

test("the guard says why it isn't ready", () => {
  const containers = [runningReady("mcp-server"), runningNotReady("guard", 3)];
  const reason = "The MCP server gave no answer within 10 seconds";
  const subject = about("mcpserver/echo", guarded(containers, { guardReasons: { "mcp/echo-1": reason } }));
  expect(causesOf(subject)).toEqual(["guard-not-ready"]);
  expect(cause("guard-not-ready", subject).summary).toBe(`The guard isn't ready: ${reason}.`);
  expect(commandsOf("guard-not-ready", subject)[0]).toBe("kubectl -n mcp logs echo-1 -c mcp-server");
});

test("or its log says it, for those who may not ask", () => {
  const containers = [runningReady("mcp-server"), runningNotReady("guard", 3)];
  const lines = [
    '{"level":40,"name":"guard","reason":"old","msg":"the MCP server doesn\'t answer"}',
    '{"level":40,"name":"guard","reason":"connect \\"ECONNREFUSED\\"","msg":"the MCP server doesn\'t answer"}',
    '{"level":30,"name":"guard","msg":"session opened"}',
  ];
  const subject = about("mcpserver/echo", guarded(containers, logOf(lines)));
  expect(cause("guard-not-ready", subject).summary).toBe('The guard isn\'t ready: connect "ECONNREFUSED".');
});

test("of a guard that says nothing, nothing is concluded; nor of one whose server has yet to start", () => {
  const running = guarded([runningReady("mcp-server"), runningNotReady("guard", 3)]);
  expect(causesOf(about("mcpserver/echo", running))).not.toContain("guard-not-ready");
  const containers = [
    waitingFor("mcp-server", "ImagePullBackOff", "x: not found"),
    runningNotReady("guard", 3),
  ];
  const pulling = guarded(containers, { guardReasons: { "mcp/echo-1": "connect ECONNREFUSED" } });
  expect(causesOf(about("mcpserver/echo", pulling))).toEqual(["image-pull"]);
});
