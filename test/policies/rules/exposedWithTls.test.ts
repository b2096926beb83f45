import { describe, expect, it } from "vitest";
import { exposedWithTls as rule } from "../../../policies/rules/exposedWithTls.ts";
import { judgeStack, type Member, stackFindings, unknownArray, unknownString } from "../judge.ts";

const API = "kubernetes:gateway.networking.k8s.io/v1";
const listener = (name: string, port: number, protocol: unknown) => ({ name, port, protocol });
const both = [listener("http", 80, "HTTP"), listener("https", 443, "HTTPS")];
const gateway = (listeners: unknown = both): Member => ({
  type: `${API}:Gateway`,
  name: "door",
  props: { metadata: { name: "door", namespace: "ingress" }, spec: { listeners } },
});
const toService = { backendRefs: [{ name: "app", port: 80 }] };
const route = (parent: object, rule: object = toService, type = "HTTPRoute"): Member => ({
  type: `${API}:${type}`,
  name: "route",
  props: {
    metadata: { name: "route", namespace: "apps" },
    spec: { parentRefs: [{ name: "door", namespace: "ingress", ...parent }], rules: [rule] },
  },
});
const hidden = (spec: object): Member => ({ ...route({}), props: { metadata: { name: "route" }, spec } });
const ingress = (tls: unknown, rules: unknown = [{ host: "a.example.com" }]): Member => ({
  type: "kubernetes:networking.k8s.io/v1:Ingress",
  name: "ingress",
  props: { metadata: { name: "ingress" }, spec: { tls, rules } },
});
const said = (...members: Member[]) => stackFindings(rule, members);

describe("exposed-with-tls: Gateways", () => {
  it("accepts routes of listeners with TLS, and redirects of plain HTTP", async () => {
    const redirect = { filters: [{ type: "RequestRedirect" }] };
    expect(await said(gateway(), route({ sectionName: "https" }))).toEqual([]);
    expect(await said(gateway(), route({ port: 443 }))).toEqual([]);
    expect(await said(gateway(), route({ sectionName: "http" }, redirect))).toEqual([]);
  });

  it.each([
    ["a route of plain HTTP", route({ sectionName: "http" }), "in clear by the listener http of door"],
    ["a route of all listeners", route({}), "in clear by the listener http of door (protocol HTTP)"],
    [
      "a Gateway that isn't here",
      route({ name: "other" }),
      "Gateway ingress/other, which isn't in this stack",
    ],
    ["a set of listeners", route({ kind: "XListenerSet", name: "set" }), "XListenerSet ingress/set"],
    ["bytes", route({}, toService, "TCPRoute"), "leads bytes in as they come"],
  ])("refuses %s", async (_, member, why) => {
    const [text, ...more] = await said(gateway(), member);
    expect(text).toContain("mandatory route: ");
    expect(text).toContain(why);
    expect(more).toEqual([]);
  });

  it("trusts a Gateway that its configuration names", async () => {
    const gateways = { "ingress/other": "the network stack's, with TLS" };
    expect(await judgeStack(rule, [route({ name: "other" })], { gateways })).toEqual([]);
  });

  it.each([
    ["spec.listeners", gateway(unknownArray), route({ sectionName: "https" })],
    ["spec.listeners[0].protocol", gateway([listener("https", 443, unknownString)]), route({})],
    ["spec.parentRefs[0].name", gateway(), route({ name: unknownString })],
    ["spec.parentRefs", gateway(), hidden({ parentRefs: unknownArray, rules: [toService] })],
    ["spec.rules", gateway(), hidden({ rules: unknownArray })],
  ])("refuses what it can't see: %s", async (path, door, member) => {
    const [text, ...more] = await said(door, member);
    expect(text).toMatch(/^mandatory /);
    expect(text).toContain(`${path} of `);
    expect(more).toEqual([]);
  });
});

describe("exposed-with-tls: Ingresses", () => {
  it("accepts one with TLS for each host", async () => {
    expect(await said(ingress([{ hosts: ["a.example.com"], secretName: "tls" }]))).toEqual([]);
  });

  it.each([
    ["no TLS", ingress(undefined), "serves a.example.com in clear"],
    ["TLS for another host", ingress([{ hosts: ["b.example.com"] }]), "serves a.example.com in clear"],
    ["no host", ingress(undefined, null), "serves every host in clear"],
  ])("refuses %s", async (_, member, why) => {
    expect(await said(member)).toEqual([expect.stringContaining(why)]);
  });

  it("refuses what it can't see", async () => {
    expect((await said(ingress(unknownArray)))[0]).toContain("mandatory ingress: spec.tls of ingress");
    expect(await said(ingress([{ hosts: ["a.example.com"] }], [{ host: unknownString }]))).toEqual([
      expect.stringContaining("mandatory ingress: spec.rules[0].host of ingress"),
    ]);
  });
});

describe("exposed-with-tls: what stands for others", () => {
  it("refuses a listener that it can't see, whichever the route asks for", async () => {
    const texts = await said(gateway([unknownString]), route({ sectionName: "https" }));
    expect(texts).toEqual([expect.stringContaining("mandatory door: spec.listeners[0] of door")]);
  });

  it("takes a wildcard of spec.tls for one label", async () => {
    const wild = [{ hosts: ["*.example.com"] }];
    expect(await said(ingress(wild))).toEqual([]);
    expect(await said(ingress(wild, [{ host: "a.b.example.com" }]))).toHaveLength(1);
    expect(await said(ingress(wild, [{ host: "example.com" }]))).toHaveLength(1);
  });
});
