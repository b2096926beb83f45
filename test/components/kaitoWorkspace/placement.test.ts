import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { findModel } from "../../../components/kaito/models.ts";
import { inferenceSetSpec, type KaitoInferenceSet } from "../../../components/kaitoWorkspace/inferenceSet.ts";
import { checkedPlacement } from "../../../components/kaitoWorkspace/placement.ts";
import type { KaitoWorkspaceArgs } from "../../../components/kaitoWorkspace.ts";
import { failureOf } from "../../support/mocks.ts";

const pool = { matchLabels: { a: "b" }, minCount: 1, maxCount: 4 };

/** gpt-oss-20b takes two nodes with an A10, one with an A100. */
function place(nodes: Partial<KaitoWorkspaceArgs["nodes"]>, more: Partial<KaitoWorkspaceArgs> = {}) {
  const args = { namespace: "models", model: "gpt-oss-20b", nodes: { ...pool, ...nodes }, ...more };
  const set = args.inferenceSet as KaitoInferenceSet | undefined;
  return checkedPlacement(args, findModel(args.model ?? ""), set && inferenceSetSpec(set));
}

const a10 = "Standard_NV36ads_A10_v5";
const a100 = "Standard_NC24ads_A100_v4";

describe("checkedPlacement", () => {
  it.each<[string, Parameters<typeof place>, string]>([
    [
      "fewer nodes than KAITO waits for before it makes a pod",
      [{ vmSize: a10 }],
      "nodes.minCount: gpt-oss-20b on Standard_NV36ads_A10_v5 takes 2 nodes, and 1 is always there; KAITO makes no pod",
    ],
    [
      "a pool that can't grow to it",
      [{ vmSize: a10, minCount: undefined, maxCount: 1 }],
      "nodes.maxCount: gpt-oss-20b on Standard_NV36ads_A10_v5 takes 2 nodes, and there can be 1 at most",
    ],
    [
      "a pool that can't grow to all replicas",
      [{ vmSize: a10, minCount: 2 }, { inferenceSet: { replicas: 3 } }],
      "nodes.maxCount: gpt-oss-20b on Standard_NV36ads_A10_v5 takes 2 nodes a replica, 6 for 3 replicas, and there",
    ],
    [
      "a limit below what the replicas need",
      [{ vmSize: a100 }, { inferenceSet: { replicas: 3, nodeCountLimit: 2 } }],
      "inferenceSet.nodeCountLimit: gpt-oss-20b on Standard_NC24ads_A100_v4 takes 1 node a replica, 3 for 3",
    ],
    [
      "several nodes for a runtime that has one",
      [{ vmSize: a10, minCount: 2 }, { runtime: "transformers" }],
      "nodes.vmSize: Standard_NV36ads_A10_v5 is too small for gpt-oss-20b",
    ],
    [
      "a context that leaves no room",
      [{ vmSize: a10 }, { model: "phi-4-mini-instruct", config: { maxModelLength: 131_072 } }],
      "nodes.vmSize: Standard_NV36ads_A10_v5 is too small for phi-4-mini-instruct: it needs 7.3 GiB of weights and, " +
        "for a context of 131072 tokens, 18.3 GiB a GPU besides",
    ],
  ])("refuses %s", (_, args, message) => {
    expect(() => place(...args)).toThrow(message);
  });

  it("names what would do", () => {
    expect(() => place({ vmSize: a10 }, { model: "deepseek-r1-0528" })).toThrow(
      /the smallest size on one node of which it fits is Standard_ND96isr_H200_v5 \(fitCheck: false skips this\)$/,
    );
    expect(() =>
      place({ vmSize: a10 }, { config: { maxModelLength: 400_000 }, model: "phi-4-mini-instruct" }),
    ).toThrow(/or a smaller config.maxModelLength may do/);
  });

  it("lets the pods of a model talk to each other only when there may be several", () => {
    expect(place({ vmSize: a100 }).maybeDistributed).toBe(false);
    expect(place({ vmSize: a10, minCount: 2 }).maybeDistributed).toBe(true);
    expect(place({ vmSize: undefined }).maybeDistributed).toBe(true);
    expect(place({ vmSize: undefined, maxCount: 1 }).maybeDistributed).toBe(false);
    expect(place({ vmSize: undefined }, { runtime: "transformers" }).maybeDistributed).toBe(false);
    expect(place({ vmSize: undefined }, { model: undefined }).maybeDistributed).toBe(false);
  });

  it("asks for no nodes of the pool while nothing is to run, but for GPUs that will do", () => {
    const none = { inferenceSet: { replicas: 0 } };
    expect(place({ vmSize: a10, minCount: 0, maxCount: 1 }, none).maybeDistributed).toBe(true);
    expect(() => place({ vmSize: a10, minCount: 0 }, { ...none, model: "deepseek-r1-0528" })).toThrow(
      "too small",
    );
  });

  it("asks no pool for nodes that KAITO makes", () => {
    expect(place({ vmSize: a10, provision: true, minCount: 0, maxCount: undefined }).maybeDistributed).toBe(
      true,
    );
  });

  it("checks a size that is known later before anything is made of it", async () => {
    const { nodes } = place({ vmSize: pulumi.output(a10) });
    expect(String(await failureOf(nodes.vmSize as pulumi.Output<string>))).toContain(
      "nodes.minCount: gpt-oss-20b",
    );
  });
});
