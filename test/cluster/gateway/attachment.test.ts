import { describe, expect, test } from "vitest";
import {
  attach,
  brokenRef,
  commonHostnames,
  hostMatches,
} from "../../../rehearsal/cluster/gateway/attachment.ts";
import type { ReferenceGrant } from "../../../rehearsal/cluster/gateway/types.ts";
import { chatListener, gateway, httpListener, route, snapshot } from "./objects.ts";

const attached = (of: ReturnType<typeof route>, door = gateway()) => {
  const [ref] = of.spec.parentRefs ?? [];
  return attach(snapshot({ gateways: [door] }), door, of, ref ?? { name: "" });
};

describe("a route belongs to", () => {
  test("the listener that it names, under the host names that both have", () => {
    expect(attached(route())).toEqual({
      listeners: [{ listener: chatListener, hostnames: ["chat.example.com"] }],
    });
  });

  test("every listener that takes it when it names none", () => {
    const anywhere = { ...httpListener, allowedRoutes: { namespaces: { from: "All" as const } } };
    const door = gateway({ listeners: [anywhere, chatListener] });
    const ref = { name: "front-door", namespace: "ingress" };
    const names = attached(route({ parentRefs: [ref] }), door).listeners.map(({ listener }) => listener.name);
    expect(names).toEqual(["http", "chat"]);
    const byPort = attached(route({ parentRefs: [{ ...ref, port: 443 }] }), door).listeners;
    expect(byPort.map(({ listener }) => listener.name)).toEqual(["chat"]);
  });

  test.each([
    ["NoMatchingParent", { parentRefs: [{ name: "front-door", namespace: "ingress", sectionName: "none" }] }],
    [
      "NotAllowedByListeners",
      { parentRefs: [{ name: "front-door", namespace: "ingress", sectionName: "http" }] },
    ],
    ["NoMatchingListenerHostname", { hostnames: ["other.example.com"] }],
  ])("none, and says why: %s", (reason, change) => {
    expect(attached(route(change))).toMatchObject({ listeners: [], refused: { reason } });
  });

  test("none of a listener that takes other kinds only", () => {
    const grpc = { ...chatListener, allowedRoutes: { kinds: [{ kind: "GRPCRoute" }] } };
    expect(attached(route(), gateway({ listeners: [grpc] })).refused?.reason).toBe("NotAllowedByListeners");
  });
});

test.each([
  [undefined, [], ["*"]],
  ["chat.example.com", [], ["chat.example.com"]],
  [undefined, ["a.com", "b.com"], ["a.com", "b.com"]],
  ["*.example.com", ["chat.example.com", "example.com"], ["chat.example.com"]],
  ["chat.example.com", ["*.example.com"], ["chat.example.com"]],
  ["chat.example.com", ["other.example.com"], []],
])("a listener for %s and a route for %j share %j", (listener, ofRoute, both) => {
  expect(commonHostnames(listener, ofRoute)).toEqual(both);
});

test("a wildcard stands for labels, and never for none", () => {
  expect(hostMatches("*.example.com", "a.b.example.com")).toBe(true);
  expect(hostMatches("*.example.com", "example.com")).toBe(false);
  expect(hostMatches("*.example.com", "badexample.com")).toBe(false);
});

describe("a route's backends", () => {
  const elsewhere = { backendRefs: [{ name: "chat", namespace: "chat", port: 80 }] };
  const foreign = () => ({ ...route({}, elsewhere), metadata: { name: "far", namespace: "ingress" } });
  const grant = (from: string, name?: string): ReferenceGrant => ({
    metadata: { namespace: "chat" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: from }],
      to: [{ group: "", kind: "Service", ...(name === undefined ? {} : { name }) }],
    },
  });

  test("are in order where they are there", () => {
    expect(brokenRef(snapshot(), route())).toBeUndefined();
  });

  test.each([
    ["BackendNotFound", { backendRefs: [{ name: "none", port: 80 }] }],
    ["InvalidKind", { backendRefs: [{ group: "x", kind: "Bucket", name: "b" }] }],
  ])("are not: %s", (reason, rule) => {
    expect(brokenRef(snapshot(), route({}, rule))?.reason).toBe(reason);
  });

  test("in another namespace need its leave, for this namespace and this Service", () => {
    expect(brokenRef(snapshot(), foreign())?.reason).toBe("RefNotPermitted");
    for (const wrong of [grant("other"), grant("ingress", "another")]) {
      expect(brokenRef(snapshot({ grants: [wrong] }), foreign())?.reason).toBe("RefNotPermitted");
    }
    expect(brokenRef(snapshot({ grants: [grant("ingress", "chat")] }), foreign())).toBeUndefined();
  });
});
