import { describe, expect, it } from "vitest";
import { addressConflicts } from "../../../components/mcpServerDeployment/address.ts";
import { type ServerScale, scaleConflicts } from "../../../components/mcpServerDeployment/scale.ts";

const own = { runtime: "deployment" } as const;
const many = { autoscaling: { maxReplicas: 3 } };

describe("scaleConflicts", () => {
  it.each<[string, Partial<ServerScale>]>([
    ["one pod of either runtime", {}],
    ["one pod of its own", own],
    ["several pods without sessions", { replicas: 3, sessions: "stateless" }],
    ["an autoscaler without sessions", { ...own, ...many, sessions: "stateless" }],
    ["several pods, each with its clients", { ...own, replicas: 3, sessions: "client-ip" }],
    ["an autoscaler for one pod", { ...own, autoscaling: { maxReplicas: 1 } }],
    ["probes of its own", { ...own, probes: {} }],
  ])("takes %s", (_, scale) => {
    expect(scaleConflicts({ transport: "http", image: "a:1", ...scale })).toEqual([]);
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
  ])("refuses %s", (_, scale, key, rule) => {
    expect(scaleConflicts({ transport: "http", image: "a:1", ...scale })).toEqual([
      { key, rule: expect.stringMatching(rule) },
    ]);
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
