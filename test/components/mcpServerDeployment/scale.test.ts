import { describe, expect, it } from "vitest";
import { addressConflicts } from "../../../components/mcpServerDeployment/address.ts";
import { type ServerScale, scaleConflicts } from "../../../components/mcpServerDeployment/scale.ts";

const own = { runtime: "deployment" } as const;
const many = { autoscaling: { maxReplicas: 3 } };
const calls = { autoscaling: { maxReplicas: 3, requestsPerSecond: 5 } };
const idle = { requests: { cpu: "0m" } };

describe("scaleConflicts", () => {
  it.each<[string, Partial<ServerScale>]>([
    ["one pod of either runtime", {}],
    ["one pod of its own", own],
    ["several pods without sessions", { replicas: 3, sessions: "stateless" }],
    ["an autoscaler without sessions", { ...own, ...many, sessions: "stateless" }],
    ["several pods, each with its clients", { ...own, replicas: 3, sessions: "client-ip" }],
    ["an autoscaler for one pod", { ...own, autoscaling: { maxReplicas: 1 } }],
    ["probes of its own", { ...own, probes: {} }],
    ["several pods that take up each other's sessions", { replicas: 3, sessions: "portable" }],
    ["an autoscaler by calls", { ...own, ...calls, sessions: "portable" }],
  ])("takes %s", (_, scale) => {
    expect(scaleConflicts({ transport: "http", image: "a:1", ...scale }, {})).toEqual([]);
  });

  it.each<[string, Partial<ServerScale>, string, RegExp]>([
    ["an autoscaler under KMCP", { ...many, sessions: "stateless" }, "autoscaling", /^left out .* resets/],
    ["probes under KMCP", { probes: {} }, "probes", /^left out .* sets no probes/],
    ["affinity under KMCP", { sessions: "client-ip" }, "sessions", /Service sticks to no pod/],
    ["several pods with sessions", { replicas: 2 }, "replicas", /^one pod while sessions are "in-memory"/],
    ["an autoscaler with sessions", { ...own, ...many }, "autoscaling", /^one pod while sessions/],
    ["stdio without KMCP", { ...own, transport: "stdio" }, "runtime", /^"kmcp" for a stdio server/],
    ["no image without KMCP", { ...own, image: undefined }, "image", /^an image/],
    [
      "an autoscaler and replicas",
      { ...own, ...many, replicas: 1, sessions: "stateless" },
      "replicas",
      /^left out where there is autoscaling/,
    ],
    [
      "more at least than at most",
      { ...own, autoscaling: { minReplicas: 4, maxReplicas: 3 }, sessions: "stateless" },
      "autoscaling.maxReplicas",
      /^at least minReplicas, which is 4/,
    ],
    [
      "no pods at all",
      { ...own, autoscaling: { minReplicas: 0, maxReplicas: 1 } },
      "autoscaling.minReplicas",
      /^1 at least: the guard is in the pod, so with none nobody listens/,
    ],
    [
      "a percentage of no CPU",
      { ...own, ...many, resources: idle, sessions: "stateless" },
      "resources",
      /^such that CPU/,
    ],
    ["a gateway without sessions", { transport: "stdio", sessions: "stateless" }, "sessions", /^another for/],
  ])("refuses %s", (_, scale, key, rule) => {
    expect(scaleConflicts({ transport: "http", image: "a:1", ...scale }, {})).toEqual([
      { key, rule: expect.stringMatching(rule) },
    ]);
  });
});

describe("scaleConflicts, by the guard", () => {
  it.each<[string, Partial<ServerScale>, { sse?: boolean } | undefined, string[]]>([
    [
      "calls that nobody counts",
      { ...own, ...calls, sessions: "stateless" },
      undefined,
      ["autoscaling.requestsPerSecond"],
    ],
    ["sessions that nobody makes portable", { sessions: "portable" }, undefined, ["sessions"]],
    ["sessions that are streams", { sessions: "portable" }, { sse: true }, ["sessions"]],
    ["streams without several pods", {}, { sse: true }, []],
    [
      "CPU that is none, where calls count",
      { ...own, ...calls, resources: idle, sessions: "stateless" },
      {},
      [],
    ],
  ])("%s", (_, scale, guard, keys) => {
    const conflicts = scaleConflicts({ transport: "http", image: "a:1", ...scale }, guard);
    expect(conflicts.map(({ key }) => key)).toEqual(keys);
  });
});

describe("addressConflicts", () => {
  const conflicts = (server: object, guarded = true) =>
    addressConflicts({ transport: "http", ...server }, guarded).map(({ key }) => key);
  const stdio = { transport: "stdio" };

  it.each<[string, object, boolean, string[]]>([
    ["the usual ports", {}, true, []],
    ["other ports", { port: 8080, serverPort: 9000 }, true, []],
    ["the guard's other port without a guard", { port: 9464 }, false, []],
    ["a stdio server's usual port", stdio, true, []],
    ["the port of the guard's metrics for clients", { port: 9464 }, true, ["port"]],
    ["the port of the guard's metrics for the server", { serverPort: 9464 }, true, ["serverPort"]],
    ["one port for both", { port: 4000, serverPort: 4000 }, true, ["serverPort"]],
    ["the default port for the server", { serverPort: 3000 }, true, ["serverPort"]],
    ["the gateway where its guard is", { ...stdio, port: 3001 }, true, ["port"]],
    ["the gateway without a guard anywhere", { ...stdio, port: 3001 }, false, []],
    ["a port for the server of a gateway", { ...stdio, serverPort: 8080 }, true, ["serverPort"]],
    ["a second port without a guard", { serverPort: 8080 }, false, ["serverPort"]],
    ["a path that the guard would read otherwise", { path: "/mcp?x=1" }, true, ["path"]],
    ["such a path without a guard", { path: "/mcp?x=1" }, false, []],
  ])("%s", (_, server, guarded, expected) => {
    expect(conflicts(server, guarded)).toEqual(expected);
  });
});
