import { describe, expect, it } from "vitest";
import { KaitoWorkspace, type KaitoWorkspaceArgs } from "../../../components/kaitoWorkspace.ts";
import { RestrictedNamespace } from "../../../components/restrictedNamespace.ts";
import { runWithMocks } from "../../support/mocks.ts";
import { mayCall, type Pod, policiesOf } from "../../support/networkPolicy.ts";

const model: Pod = { namespace: "models", labels: { "kaito.sh/workspace": "phi" } };
const worker: Pod = { namespace: "models", labels: { "kaito.sh/workspace": "phi", index: "1" } };
const other: Pod = { namespace: "models", labels: { "kaito.sh/workspace": "other" } };
const chat: Pod = { namespace: "chat", labels: { app: "chat" } };

/** The policies of two restricted namespaces, "chat" one that lets its pods out, with a model in "models". */
async function made(args: Partial<KaitoWorkspaceArgs> = {}) {
  const { resources } = await runWithMocks(() => {
    new RestrictedNamespace("models");
    new RestrictedNamespace("chat", { denyEgress: false });
    const nodes = { matchLabels: { a: "b" }, vmSize: "Standard_NV36ads_A10_v5", minCount: 2 };
    new KaitoWorkspace("phi", { namespace: "models", nodes, model: "phi-4-mini-instruct", ...args });
  }, {});
  return resources;
}

const policies = async (args?: Partial<KaitoWorkspaceArgs>) => policiesOf(await made(args));

describe("who can call a model in a restricted namespace", () => {
  it.each<[string, KaitoWorkspaceArgs["clients"], string[]]>([
    ["the pods of its namespace, by default", undefined, ["other"]],
    ["nobody, when there are no clients", [], []],
    ["pods of another namespace that lets them out", [{ namespace: "chat" }], ["chat"]],
  ])("%s", async (_, clients, expected) => {
    const rules = await policies({ clients });
    const able = Object.entries({ other, chat })
      .filter(([, pod]) => mayCall(rules, pod, model, 5000))
      .map(([name]) => name);
    expect(able).toEqual(expected);
  });

  it("is the port of the API and no other, not Ray's either", async () => {
    const rules = await policies();
    for (const port of [80, 6379, 8265]) expect(mayCall(rules, other, model, port)).toBe(false);
    expect(mayCall(rules, model, other, 5000)).toBe(false);
  });

  it("are the replicas of a set by its label", async () => {
    const replica: Pod = { namespace: "models", labels: { "inferenceset.kaito.sh/created-by": "phi" } };
    expect(mayCall(await policies({ inferenceSet: {} }), other, replica, 5000)).toBe(true);
    expect(mayCall(await policies({ inferenceSet: {}, clients: [] }), other, replica, 5000)).toBe(false);
  });
});

describe("what the pods of a model can call", () => {
  it("is each other on every port when they share a model, and not otherwise", async () => {
    const shared = await policies({ model: "gpt-oss-20b", clients: [] });
    expect(mayCall(shared, worker, model, 6379)).toBe(true);
    expect(mayCall(shared, worker, model, 41_000)).toBe(true);
    expect(mayCall(shared, other, model, 6379)).toBe(false);
    expect(mayCall(await policies({ clients: [] }), worker, model, 6379)).toBe(false);
  });

  const ranges = async (args?: Partial<KaitoWorkspaceArgs>) => {
    const own = (await made(args)).find(({ name }) => name === "phi-network");
    return own?.inputs.spec.egress;
  };

  it("is the internet on 443, but no private network and nothing of the node's", async () => {
    expect(await ranges()).toEqual([
      {
        to: [
          {
            ipBlock: {
              cidr: "0.0.0.0/0",
              except: [
                "10.0.0.0/8",
                "100.64.0.0/10",
                "169.254.0.0/16",
                "168.63.129.16/32",
                "172.16.0.0/12",
                "192.168.0.0/16",
              ],
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  it("is nothing when it is closed", async () => {
    expect(await ranges({ egress: [] })).toEqual([]);
  });
});
