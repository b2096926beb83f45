import { describe, expect, it } from "vitest";
import { allows, type Call, type Policy, READINGS } from "../../support/networkPolicy.ts";
import { db, into, node, ownNode, policy, selecting, sql, stranger, web, world } from "./fixtures.ts";

// What is expected here stands in the documentation of Kubernetes
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/) and in the comments of
// networking/v1/types.go; for Cilium in the documentation of AKS.

describe.each(READINGS)("NetworkPolicies, read as %s does", (reading) => {
  const judged = (policies: Policy[], call: Call) => allows(policies, call, reading);

  it.each<[string, Policy[], Call, boolean]>([
    ["without any, everything is allowed", [], sql(stranger), true],
    ["one of another namespace says nothing", [policy({ podSelector: {} }, "other")], sql(web), true],
    ["one that selects other pods says nothing", [into([])], { from: db, to: web, port: 1 }, true],
    ["an empty selector selects all pods", [policy({ podSelector: {} })], sql(web), false],
    ["a missing selector selects all pods", [policy({})], sql(web), false],
    ["without types ingress is meant", [policy(selecting)], sql(web), false],
    [
      "without types and rules out, egress isn't meant",
      [policy(selecting)],
      { from: db, to: web, port: 1 },
      true,
    ],
    [
      "an empty list of rules out isn't one",
      [policy({ ...selecting, egress: [] })],
      { from: db, to: web, port: 1 },
      true,
    ],
    [
      "without types but with rules out, egress is meant too",
      [policy({ ...selecting, egress: [{ to: [{ podSelector: { matchLabels: { app: "x" } } }] }] })],
      { from: db, to: web, port: 1 },
      false,
    ],
    ["egress alone leaves ingress open", [policy({ ...selecting, policyTypes: ["Egress"] })], sql(web), true],
    [
      "egress without rules closes",
      [policy({ ...selecting, policyTypes: ["Egress"] })],
      { from: db, to: web, port: 1 },
      false,
    ],
    [
      "what selects for ingress only doesn't judge rules out",
      [policy({ ...selecting, policyTypes: ["Ingress"], egress: [{}] })],
      { from: db, to: web, port: 1 },
      true,
    ],
    ["an empty rule allows everything", [into([{}])], sql(world), true],
    ["an empty list of peers is everybody", [into([{ from: [] }])], sql(stranger), true],
    ["an empty list of ports is every port", [into([{ ports: [] }])], sql(web, { protocol: "SCTP" }), true],
    ["rules are added up", [into([]), into([{ from: [{ podSelector: {} }] }])], sql(web), true],
    [
      "both ends must allow",
      [into([{}]), policy({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"] })],
      sql(web),
      false,
    ],
    [
      "a pod reaches itself",
      [policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] })],
      { from: db, to: db, port: 1 },
      true,
    ],
    [
      "another pod with the same labels isn't itself",
      [policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] })],
      { from: { ...db }, to: db, port: 1 },
      false,
    ],
  ])("%s", (_, policies, call, expected) => {
    expect(judged(policies, call)).toBe(expected);
  });
});

describe("where the readings differ", () => {
  const everywhere = [{ ipBlock: { cidr: "0.0.0.0/0" } }];
  const out = [policy({ ...selecting, policyTypes: ["Egress"], egress: [{ to: everywhere }] })];

  it.each<[string, Call["to"], boolean, boolean]>([
    ["pods", web, true, false],
    ["pods of other namespaces", stranger, true, false],
    ["nodes", node, true, false],
    ["the pod's own node", ownNode, true, false],
    ["what is outside", world, true, true],
  ])("everywhere, out to %s: kubernetes %s, cilium %s", (_, to, kubernetes, cilium) => {
    const call: Call = { from: db, to, port: 443 };
    expect(READINGS.map((reading) => allows(out, call, reading))).toEqual([kubernetes, cilium]);
  });

  it("everywhere, in from pods and nodes", () => {
    const policies = [into([{ from: everywhere }])];
    const callers = [web, stranger, node, world];
    expect(callers.map((from) => allows(policies, sql(from), "kubernetes"))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(callers.map((from) => allows(policies, sql(from), "cilium"))).toEqual([false, false, false, true]);
  });
});
