import { describe, expect, it } from "vitest";
import { allows, type Call, type Policy, READINGS } from "../../support/networkPolicy.ts";
import { db, into, node, ownNode, pod, policy, sql, stranger, web, world } from "./fixtures.ts";

// What is expected here stands in the documentation of Kubernetes
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/) and in the comments of
// networking/v1/types.go; for Cilium in the documentation of AKS.

describe.each(READINGS)("peers and ports of NetworkPolicies, read as %s does", (reading) => {
  const judged = (policies: Policy[], call: Call) => allows(policies, call, reading);

  describe("peers", () => {
    it.each<
      [
        string,
        NonNullable<NonNullable<Policy["spec"]["ingress"]>[number]["from"]>,
        [boolean, boolean, boolean],
      ]
    >([
      [
        "pods alone: of the policy's namespace",
        [{ podSelector: { matchLabels: { app: "web" } } }],
        [true, false, false],
      ],
      [
        "an empty selector of pods: all of the policy's namespace",
        [{ podSelector: {} }],
        [true, false, false],
      ],
      [
        "an empty selector of namespaces: all pods, and nothing else",
        [{ namespaceSelector: {} }],
        [true, true, false],
      ],
      [
        "a namespace by its name",
        [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } }],
        [false, true, false],
      ],
      [
        "a namespace by its labels",
        [{ namespaceSelector: { matchLabels: { team: "red" } } }],
        [false, true, false],
      ],
      [
        "both selectors in one peer: both must hold",
        [
          {
            namespaceSelector: { matchLabels: { team: "red" } },
            podSelector: { matchLabels: { app: "db" } },
          },
        ],
        [false, false, false],
      ],
      [
        "both selectors in one peer, met",
        [
          {
            namespaceSelector: { matchLabels: { team: "red" } },
            podSelector: { matchLabels: { app: "web" } },
          },
        ],
        [false, true, false],
      ],
      [
        "two peers: either may hold",
        [
          { namespaceSelector: { matchLabels: { team: "red" } } },
          { podSelector: { matchLabels: { app: "web" } } },
        ],
        [true, true, false],
      ],
      ["a range that has it", [{ ipBlock: { cidr: "20.0.0.0/8" } }], [false, false, true]],
      ["a range that hasn't", [{ ipBlock: { cidr: "20.2.0.0/16" } }], [false, false, false]],
      [
        "a range without it",
        [{ ipBlock: { cidr: "20.0.0.0/8", except: ["20.1.2.0/24"] } }],
        [false, false, false],
      ],
      ["a range of the other family", [{ ipBlock: { cidr: "::/0" } }], [false, false, false]],
      ["a peer that says nothing", [{}], [false, false, false]],
    ])("%s", (_, from, expected) => {
      const policies = [into([{ from }])];
      expect([web, stranger, world].map((caller) => judged(policies, sql(caller)))).toEqual(expected);
    });
  });

  it("takes IPv6 ranges with exceptions", () => {
    const policies = [
      into([{ from: [{ ipBlock: { cidr: "2001:db8::/32", except: ["2001:db8:1::/48"] } }] }]),
    ];
    const from = (address: string) => judged(policies, sql({ address }));
    expect([from("2001:db8::1"), from("2001:db8:1::1"), from("2001:db9::1")]).toEqual([true, false, false]);
  });

  it.each<[string, object, [string, number][], [string, number][]]>([
    [
      "a number is TCP",
      { port: 80 },
      [["TCP", 80]],
      [
        ["UDP", 80],
        ["TCP", 81],
      ],
    ],
    [
      "a protocol alone is all its ports",
      { protocol: "UDP" },
      [
        ["UDP", 1],
        ["UDP", 65535],
      ],
      [["TCP", 1]],
    ],
    [
      "a range has both ends",
      { port: 80, endPort: 90 },
      [
        ["TCP", 80],
        ["TCP", 90],
      ],
      [
        ["TCP", 79],
        ["TCP", 91],
      ],
    ],
    [
      "SCTP is one of its own",
      { protocol: "SCTP", port: 7 },
      [["SCTP", 7]],
      [
        ["TCP", 7],
        ["UDP", 7],
      ],
    ],
    [
      "a name is the called pod's",
      { port: "sql" },
      [["TCP", 5432]],
      [
        ["TCP", 53],
        ["UDP", 53],
        ["TCP", 80],
      ],
    ],
    [
      "a name of a protocol",
      { protocol: "UDP", port: "sql" },
      [["UDP", 53]],
      [
        ["TCP", 53],
        ["TCP", 5432],
      ],
    ],
    [
      "a name that no pod has",
      { port: "http" },
      [],
      [
        ["TCP", 80],
        ["TCP", 5432],
      ],
    ],
  ])("ports: %s", (_, port, open, closed) => {
    const call = ([protocol, number]: [string, number]): Call => ({
      from: web,
      to: db,
      port: number,
      protocol: protocol as "TCP",
    });
    for (const policies of [
      [into([{ ports: [port] }])],
      [
        policy({
          podSelector: { matchLabels: { app: "web" } },
          policyTypes: ["Egress"],
          egress: [{ ports: [port] }],
        }),
      ],
    ]) {
      expect(open.map((each) => judged(policies, call(each)))).toEqual(open.map(() => true));
      expect(closed.map((each) => judged(policies, call(each)))).toEqual(closed.map(() => false));
    }
  });

  it.each<[string, object, [boolean, boolean, boolean]]>([
    ["In", { key: "app", operator: "In", values: ["web", "x"] }, [true, false, false]],
    [
      "NotIn, also of pods without the label",
      { key: "app", operator: "NotIn", values: ["web"] },
      [false, true, true],
    ],
    ["Exists", { key: "app", operator: "Exists" }, [true, true, false]],
    ["DoesNotExist", { key: "app", operator: "DoesNotExist" }, [false, false, true]],
  ])("expressions: %s", (_, expression, expected) => {
    const policies = [policy({ podSelector: { matchExpressions: [expression as never] } })];
    const closed = [web, { ...db }, pod("shop")].map(
      (to) => !judged(policies, { from: stranger, to, port: 1 }),
    );
    expect(closed).toEqual(expected);
  });

  it("refuses an operator that doesn't exist", () => {
    const policies = [policy({ podSelector: { matchExpressions: [{ key: "app", operator: "Equals" }] } })];
    expect(() => judged(policies, sql(web))).toThrow("Equals");
  });

  it("lets a pod's own node in, and no other", () => {
    expect([ownNode, node].map((from) => judged([into([])], sql(from)))).toEqual([true, false]);
  });

  it("doesn't select pods of their node's network, which are nodes to other pods", () => {
    const agent = pod("shop", { app: "db" }, { hostNetwork: true, address: "10.224.0.4" });
    expect(judged([policy({ podSelector: {} })], { from: web, to: agent, port: 1 })).toBe(true);
    expect(judged([into([{ from: [{ podSelector: {} }] }])], sql(agent))).toBe(false);
  });
});
