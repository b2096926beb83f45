import { beforeAll, describe, expect, it } from "vitest";
import { liveView, readLive } from "../support/networkPolicy/live.ts";
import { type Policy, READINGS } from "../support/networkPolicy.ts";
import { differencesOf, StackNetwork } from "../support/stackNetwork.ts";
import type { ClusterView } from "../support/stackPods.ts";
import { TABLES } from "./allowedCalls.ts";
import { mutations } from "./policyMutations.ts";
import { stackView } from "./stacks.ts";

/** Policies that could be missing or about other pods, and nothing would change: another one says the same. */
const REPEATED: Record<keyof typeof TABLES, string[]> = {
  // Without clients and calls of its own, it says what the namespace's default says.
  dev: ["chat/chat-chat"],
  everything: [
    // The same.
    "mcp/mcp-files",
    "mcp/mcp-innovation-engine",
    // Who calls and who is called are made apart, and each lets the caller out.
    "chat/chat-database-backup",
    "chat/chat-database.clients-319mazdj",
    "chat/chat-database.clients-4t63ka0b",
    "chat/chat-redis.clients-4t63ka0b",
    "models/kaito-many.clients-xhzc6n94",
    "models/kaito-phi.clients-2dx3fgk1",
    "models/rag-docs.services",
  ],
};

describe.each(Object.keys(TABLES) as (keyof typeof TABLES)[])("the network of the stack %s", (stack) => {
  let view: ClusterView;
  let network: StackNetwork;
  beforeAll(async () => {
    view = await stackView(stack);
    network = new StackNetwork(view, TABLES[stack]);
  }, 60_000);

  it.each(READINGS)(
    "lets through what the table allows and nothing else, as %s reads policies",
    (reading) => {
      expect([...network.differences(reading)]).toEqual([]);
    },
  );

  it("is judged in every namespace", () => {
    expect([...view.namespaces.keys()].sort()).toEqual(TABLES[stack].namespaces);
  });

  it("is another when any policy is missing, wider, or about other pods", () => {
    const all = mutations(view.policies);
    expect(all.length).toBeGreaterThan(view.policies.length * 2);
    const unseen = all.filter(
      ({ policies, namespace }) => network.differences("kubernetes", policies, namespace).next().done,
    );
    const expected = REPEATED[stack].flatMap((name) => [`${name} is about other pods`, `${name} is missing`]);
    expect(unseen.map(({ what }) => what).sort()).toEqual(expected.sort());
  }, 60_000);
});

describe("what is read from an API server", () => {
  it("is judged as what the program registers", async () => {
    const { namespaces, pods, policies } = await stackView("dev");
    const objects: Record<string, object[]> = {
      "/api/v1/namespaces": [...namespaces].map(([name, { labels }]) => ({ metadata: { name, labels } })),
      "/api/v1/pods": [
        ...pods.map(({ namespace, labels, spec }, i) => ({
          metadata: { name: `pod-${i}`, namespace, labels },
          spec: spec ?? {},
          status: { phase: "Running" },
        })),
        { metadata: { name: "over", namespace: "mcp" }, spec: {}, status: { phase: "Succeeded" } },
        { metadata: { name: "csi", namespace: "kube-system" }, spec: {} },
      ],
      "/apis/networking.k8s.io/v1/networkpolicies": policies.map((each) => ({ ...each })),
    };
    const read = (items = objects) => readLive(async (path) => ({ items: items[path] }));
    const ours = TABLES.dev.namespaces;
    expect(differencesOf(liveView(await read(), ours), TABLES.dev)).toEqual([]);
    // One without a policy of its own, in a namespace that is closed.
    const intruder = { metadata: { name: "x", namespace: "chat", labels: { app: "x" } }, spec: {} };
    const path = "/apis/networking.k8s.io/v1/networkpolicies";
    const open = objects[path]?.filter((each) => (each as Policy).metadata.name !== "default-deny");
    const changed = {
      ...objects,
      "/api/v1/pods": [...(objects["/api/v1/pods"] ?? []), intruder],
      [path]: open ?? [],
    };
    const found = differencesOf(liveView(await read(changed), ours), TABLES.dev);
    expect(found).toContain("cilium: open: @public:internet -> chat/unknown: any");
  });
});
