import { beforeAll, describe, expect, test } from "vitest";
import { CertificateAuthority, type KeyPair } from "../../../rehearsal/certs.ts";
import type { Snapshot } from "../../../rehearsal/cluster/gateway/cluster.ts";
import { programmed } from "../../../rehearsal/cluster/gateway/programmed.ts";
import { gatewayStatus, routeParents } from "../../../rehearsal/cluster/gateway/status.ts";
import type { Condition, RouteParentStatus } from "../../../rehearsal/cluster/gateway/types.ts";
import { chatListener, chatService, gateway, httpListener, route, snapshot } from "./objects.ts";

let pair: KeyPair;
beforeAll(async () => {
  pair = await (await CertificateAuthority.create()).issue({ name: "chat", hosts: ["chat.example.com"] });
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (cert = pair.cert, key = pair.key) => ({
  metadata: { name: "chat", namespace: "ingress" },
  data: { "tls.crt": base64(cert), "tls.key": base64(key) },
});
const service = {
  metadata: { name: "front-door-approuting-istio", namespace: "ingress" },
  status: { loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } },
};
const pod = {
  metadata: {
    ...{ name: "p", namespace: "ingress" },
    labels: { "gateway.networking.k8s.io/gateway-name": "front-door" },
  },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};
const whole = (change: Partial<Snapshot> = {}) =>
  snapshot({ services: [chatService, service], pods: [pod], secrets: [secret()], ...change });
const told = (conditions: readonly Condition[] = []) =>
  Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));

describe("a Gateway", () => {
  test("is programmed with an address, a ready pod and its certificates", () => {
    const status = gatewayStatus(whole({ routes: [route()] }), gateway());
    expect(status.addresses).toEqual([{ type: "IPAddress", value: "203.0.113.10" }]);
    expect(told(status.conditions)).toEqual({ Accepted: "True Accepted", Programmed: "True Programmed" });
    expect(status.conditions?.[0]?.observedGeneration).toBe(3);
    expect(status.listeners?.map(({ name, attachedRoutes }) => [name, attachedRoutes])).toEqual([
      ["http", 0],
      ["chat", 1],
    ]);
  });

  test.each([
    ["its Service has no address", { services: [chatService] }, /has no address yet/],
    ["it has no pods, as where pod security refuses them", { pods: [] }, /no pod .* is ready/],
    [
      "its pods aren't ready",
      { pods: [{ ...pod, status: { conditions: [{ type: "Ready", status: "False" }] } }] },
      /no pod .* is ready/,
    ],
  ])("is not, and takes no request, while %s", (_name, change, message) => {
    const { conditions } = gatewayStatus(whole(change), gateway());
    const condition = conditions?.find(({ type }) => type === "Programmed");
    expect(condition).toMatchObject({ status: "False", reason: "AddressNotAssigned" });
    expect(condition?.message).toMatch(message);
    expect(programmed(whole(change))).toEqual([]);
  });

  test.each([
    ["there is no Secret", () => [], /there is no Secret ingress\/chat/],
    ["the certificate is none", () => [secret("x")], /no usable certificate and key/],
    ["the key is missing", () => [secret(pair.cert, "")], /no usable certificate and key/],
  ])("says at the listener, and there alone, that %s", (_name, secrets, message) => {
    const now = whole({ secrets: secrets() });
    const { conditions, listeners } = gatewayStatus(now, gateway());
    expect(told(conditions)).toMatchObject({ Programmed: "True Programmed" });
    const [http, chat] = listeners ?? [];
    expect(told(http?.conditions)).toMatchObject({ Programmed: "True Programmed" });
    expect(told(chat?.conditions)).toMatchObject({
      Programmed: "False Invalid",
      ResolvedRefs: "False InvalidCertificateRef",
    });
    expect(chat?.conditions.find(({ type }) => type === "ResolvedRefs")?.message).toMatch(message);
    expect(programmed(now).map(({ port }) => port)).toEqual([80]);
  });

  test("may use the Secret of another namespace only with its leave", () => {
    const elsewhere = { certificateRefs: [{ name: "chat", namespace: "certificates" }] };
    const door = gateway({ listeners: [httpListener, { ...chatListener, tls: elsewhere }] });
    const away = { ...secret(), metadata: { name: "chat", namespace: "certificates" } };
    const grant = {
      metadata: { namespace: "certificates" },
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "ingress" }],
        to: [{ group: "", kind: "Secret" }],
      },
    };
    const of = (grants: Snapshot["grants"]) =>
      gatewayStatus(whole({ gateways: [door], secrets: [away], grants }), door).listeners?.[1]?.conditions;
    expect(told(of([]))).toMatchObject({ ResolvedRefs: "False InvalidCertificateRef" });
    expect(told(of([grant]))).toMatchObject({ ResolvedRefs: "True ResolvedRefs" });
  });

  test("keeps the time of what hasn't changed", () => {
    const first = gatewayStatus(whole(), gateway());
    const long = first.conditions?.map((one) => ({ ...one, lastTransitionTime: "2020-01-01T00:00:00Z" }));
    const before = { ...gateway(), status: { ...first, conditions: long ?? [] } };
    const { conditions } = gatewayStatus(whole({ pods: [] }), before);
    expect(
      conditions?.map(({ lastTransitionTime }) => lastTransitionTime === "2020-01-01T00:00:00Z"),
    ).toEqual([true, false]);
  });
});

test("listeners that Azure's load balancer takes for ill get no requests, and the Gateway doesn't know", () => {
  const ill = { ...service, spec: { ports: [{ port: 80, appProtocol: "http" }, { port: 443 }] } };
  const now = whole({ services: [chatService, ill] });
  expect(programmed(now).map(({ port }) => port)).toEqual([443]);
  expect(told(gatewayStatus(now, gateway()).conditions)).toMatchObject({ Programmed: "True Programmed" });
});

describe("a route", () => {
  test("tells of its parent", () => {
    const [parent] = routeParents(whole(), route());
    expect(parent).toMatchObject({
      parentRef: { name: "front-door" },
      controllerName: "istio.io/gateway-controller",
    });
    expect(told(parent?.conditions)).toEqual({
      Accepted: "True Accepted",
      ResolvedRefs: "True ResolvedRefs",
    });
  });

  test("is accepted also where its Service isn't there", () => {
    const [parent] = routeParents(whole({ services: [service] }), route());
    expect(told(parent?.conditions)).toEqual({
      Accepted: "True Accepted",
      ResolvedRefs: "False BackendNotFound",
    });
  });

  test("keeps what other controllers have written, and says nothing of Gateways of other classes", () => {
    const other: RouteParentStatus = {
      ...{ parentRef: { name: "theirs" }, controllerName: "example.com/other", conditions: [] },
    };
    const gateways = [gateway({ gatewayClassName: "azure-alb-external" })];
    const seen = { ...route(), status: { parents: [other] } };
    expect(routeParents(whole({ gateways }), seen)).toEqual([other]);
  });
});
