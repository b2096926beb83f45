import { beforeAll, describe, expect, it } from "vitest";
import { Matrix } from "../support/networkPolicy/matrix.ts";
import { type Pod, type Policy, READINGS, type Reading } from "../support/networkPolicy.ts";
import { partiesOf } from "../support/stackParties.ts";
import type { ClusterView } from "../support/stackPods.ts";
import { CLOSED, TABLES } from "./allowedCalls.ts";
import { mutations } from "./policyMutations.ts";
import { stackView } from "./stacks.ts";

/** Policies that could be missing or about other pods, and nothing would change: another one says the same. */
const REPEATED: Record<keyof typeof TABLES, string[]> = {
  // Without clients and calls of its own, it says what the namespace's default says.
  dev: ["chat/chat-chat"],
  everything: [
    // The same.
    "mcp/mcp-files",
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
  const { rows, openToAll } = TABLES[stack];
  let view: ClusterView;
  let tables: Record<Reading, { calls: Matrix; into: Matrix }>;
  beforeAll(async () => {
    view = await stackView(stack);
    const parties = partiesOf(view);
    const table = (reading: Reading) => ({
      calls: new Matrix(view.policies, parties, rows, reading),
      into: new Matrix(view.policies, parties, [...rows, ...openToAll], reading),
    });
    tables = { kubernetes: table("kubernetes"), cilium: table("cilium") };
  }, 60_000);

  /**
   * What differs from the table. Each side must say it alone: whether one is too wide isn't seen in calls, as long as
   * the other one isn't.
   */
  function* differences(policies: readonly Policy[], reading: Reading, within?: string): Generator<string> {
    const judged = ({ namespace }: Pod) =>
      within === undefined ? view.namespaces.has(namespace) : namespace === within;
    const closed = (pod: Pod) => judged(pod) && CLOSED.includes(pod.namespace);
    const { calls, into } = tables[reading];
    yield* calls.differences(policies, { reading, side: "out", judged: closed });
    yield* into.differences(policies, { reading, side: "in", judged });
    yield* calls.differences(policies, { reading, judged });
  }

  it.each(READINGS)(
    "lets through what the table allows and nothing else, as %s reads policies",
    (reading) => {
      expect([...differences(view.policies, reading)]).toEqual([]);
    },
  );

  it("is another when any policy is missing, wider, or about other pods", () => {
    const all = mutations(view.policies);
    expect(all.length).toBeGreaterThan(view.policies.length * 2);
    const unseen = all.filter(
      ({ policies, namespace }) => differences(policies, "kubernetes", namespace).next().done,
    );
    const expected = REPEATED[stack].flatMap((name) => [`${name} is about other pods`, `${name} is missing`]);
    expect(unseen.map(({ what }) => what).sort()).toEqual(expected.sort());
  }, 60_000);
});
