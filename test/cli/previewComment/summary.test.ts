import { describe, expect, it } from "vitest";
import { dataIn } from "../../../cli/previewComment/dataHolding.ts";
import { FORMAT, summaryOf } from "../../../cli/previewComment/summary.ts";
import { UserError } from "../../../cli/userError.ts";
import { event, leaks, recorded, recording } from "./support.ts";

/** How many changes there are of each kind. */
function kinds(name: string) {
  const counts = Map.groupBy(recorded(name).changes, ({ kind }) => kind);
  return Object.fromEntries([...counts].map(([kind, all]) => [kind, all.length]));
}

/** What the engine counted itself. */
function counted(name: string): Record<string, number> {
  const lines = recording(name).trim().split("\n");
  return lines.map((line) => JSON.parse(line)).find((each) => each.summaryEvent).summaryEvent.resourceChanges;
}

describe("what the real engine streamed", () => {
  it.each(["create", "kept", "update", "delete", "move"])("has as many changes as it counted: %s", (name) => {
    const { same = 0, ...changes } = counted(name);
    expect(kinds(name)).toEqual(changes);
    expect(recorded(name).same).toBe(same);
    expect(recorded(name).ok).toBe(true);
  });

  it("says what is replaced, because of what, and what is lost with it", () => {
    const { changes } = recorded("move");
    expect(changes.find(({ type }) => type.endsWith(":ResourceGroup"))).toMatchObject({
      kind: "replace",
      name: "group",
      because: ["location"],
      data: "everything in it",
    });
    expect(
      changes
        .filter(({ data }) => data)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["aks", "group", "kaito-workspace-namespace", "kmcp-namespace", "mcp", "models", "registry"]);
  });

  it("names the properties that change, and no value of any", () => {
    const registry = recorded("update").changes.find(({ type }) => type.endsWith(":Registry"));
    expect(registry).toMatchObject({ kind: "update", properties: ["tags.team"] });
    expect(JSON.stringify(recorded("update"))).not.toContain("platform");
  });

  it("has what policies said, and a refusal is a failure", () => {
    expect(recorded("update").policies).toMatchObject({ packs: { "mcpaas|local|policies": "0.2.0" } });
    const { ok, policies } = recorded("violation");
    expect(ok).toBe(false);
    const refused = policies?.violations.filter(({ level }) => level !== "advisory");
    expect(refused?.map(({ level, policy, name }) => [level, policy, name])).toEqual([
      ["mandatory", "image-tags", "echo"],
      ["mandatory", "image-tags", "echo"],
    ]);
  });

  it("has every candidate's verdict", () => {
    const [selection] = recorded("create").vmSizes;
    expect(selection?.pools.map(({ pool, chosen }) => [pool, chosen])).toEqual([
      ["system", "Standard_D2as_v5"],
      ["user", "Standard_D2as_v5"],
      ["gpu", "Standard_NV36ads_A10_v5"],
    ]);
    expect(selection?.pools[2]?.verdicts[0]).toEqual({
      vmSize: "Standard_NC24ads_A100_v4",
      code: "family-quota",
      reason: expect.stringContaining("needs 24 vCPUs, 0 left"),
      chosen: false,
    });
  });

  it("has the error of a preview that broke off, and no cost of half a platform", () => {
    const { ok, errors, cost } = recorded("no-quota");
    expect(ok).toBe(false);
    expect(errors[0]).toContain("no VM size can run 50 nodes (surge included) in eastus");
    expect(errors[0]).toContain("What would help:");
    expect(cost).toBeUndefined();
  });

  it("says what it costs more and less", () => {
    const pool = recorded("update").cost;
    // A D4as_v5 in the place of a D2as_v5, one node at rest and two at full scale.
    expect(pool?.change.rest).toBeCloseTo(62.78, 2);
    expect(pool?.change.full).toBeCloseTo(125.56, 2);
    const without = recorded("delete").cost;
    expect(without?.change.rest).toBeLessThan(-2000);
    expect(without?.unknownLess).toEqual(["Premium SSD P20, 512 GiB"]);
    expect(recorded("create").cost?.before).toEqual({ rest: 0, full: 0 });
  });
});

describe("drift", () => {
  it("is what is gone and what somebody changed, and not what Azure adds by itself", () => {
    const { refresh, changes } = recorded("drift");
    expect(refresh).toBe(true);
    expect(changes.map(({ kind, name, properties }) => [kind, name, ...properties].join(" ")).sort()).toEqual(
      [
        "delete echo-clients-all",
        "delete echo-network",
        "delete mcp-allow-dns",
        "delete mcp-default-deny",
        'update mcp metadata.labels["pod-security.kubernetes.io/enforce"]',
      ],
    );
    // The recording has them: a cluster's own list of pools, and when a token's password was made.
    expect(recording("drift")).toContain("agentPoolProfiles[1]");
  });

  const refreshed = (inputs: object, path: string, type = "azure-native:x:Y") => {
    const state = { type, urn: "urn:pulumi:dev::p::t::it", inputs };
    const metadata = { op: "update", urn: state.urn, old: state, new: state };
    const detailedDiff = { [path]: { diffKind: "add" } };
    return summaryOf(
      "dev",
      [
        event({ resourcePreEvent: { metadata: { ...metadata, op: "refresh" } } }),
        event({ resOutputsEvent: { metadata: { ...metadata, detailedDiff } } }),
        event({ summaryEvent: {} }),
      ].join("\n"),
      "it",
    ).changes.length;
  };

  it.each([
    ["a property that the program leaves to Azure", {}, "credentials", 0],
    ["a tag that somebody added", { tags: { a: "b" } }, "tags.c", 1],
    ["a range that somebody let in", { access: { ranges: [] } }, "access.ranges[0]", 1],
  ])("%s", (_, inputs, path, expected) => {
    expect(refreshed(inputs, path)).toBe(expected);
  });

  it("counts a pool in the cluster's list only where it isn't a resource of its own", () => {
    const pools = { agentPoolProfiles: [{}] };
    expect(refreshed(pools, "agentPoolProfiles[1]", "azure-native:containerservice:ManagedCluster")).toBe(0);
    expect(
      refreshed(pools, "agentPoolProfiles[0].maxCount", "azure-native:containerservice:ManagedCluster"),
    ).toBe(1);
  });

  it("with the program after it, is what the program would do about it", () => {
    const { ok, refresh, changes, errors } = recorded("conflict");
    // Kubernetes leaves a field to whom it was taken by, and says so already in the preview.
    expect(ok).toBe(false);
    expect(errors[0]).toContain("Server-Side Apply field conflict");
    expect(refresh).toBeUndefined();
    expect(changes.map(({ name }) => name)).not.toContain("aks");
  });
});

describe("what can be read", () => {
  it("is the one document of Pulumi, too, which knows nothing of policies", () => {
    const digest = {
      steps: [
        {
          op: "replace",
          urn: "urn:pulumi:dev::p::kubernetes:core/v1:PersistentVolumeClaim::data",
          oldState: { type: "kubernetes:core/v1:PersistentVolumeClaim", urn: "u", protect: true },
          replaceReasons: ["spec"],
          detailedDiff: { "spec.storageClassName": { kind: "update-replace", inputDiff: false } },
        },
      ],
      diagnostics: [{ severity: "warning", message: "hm" }],
      changeSummary: { replace: 1 },
    };
    const { ok, changes, policies, warnings } = summaryOf("dev", JSON.stringify(digest, undefined, 4), "it");
    expect({ ok, policies, warnings }).toEqual({ ok: true, policies: undefined, warnings: ["hm"] });
    expect(changes).toMatchObject([
      {
        kind: "replace",
        name: "data",
        because: ["spec"],
        properties: ["spec.storageClassName"],
        data: "a volume",
        protected: true,
      },
    ]);
  });

  it("is a summary that was made before, of the stack that is asked for", () => {
    const before = recorded("move", "prod");
    const text = JSON.stringify({ format: FORMAT, stacks: [before] });
    expect(summaryOf("prod", text, "it")).toEqual(JSON.parse(JSON.stringify(before)));
    expect(() => summaryOf("dev", text, "it")).toThrow("it says nothing of the stack dev, but of prod");
  });

  it.each(["", "{}", "[]", "Updating (dev):\n", '{"a": 1}\n{"b": 2}\n', "null"])(
    "is nothing else: %j",
    (text) => {
      expect(() => summaryOf("dev", text, "it.txt")).toThrow(UserError);
      expect(() => summaryOf("dev", text, "it.txt")).toThrow(
        "it.txt is no preview; write one with: PULUMI_ENABLE",
      );
    },
  );

  it("is also a stream that breaks off in the middle of a line, which is a failure", () => {
    const text = recording("update");
    expect(summaryOf("dev", text.slice(0, text.length / 2), "it").ok).toBe(false);
  });
});

it("reads nothing of the engine's debug messages, where secrets are in clear", () => {
  const stream = [
    event({ diagnosticEvent: { severity: "debug", message: "password=hunter2-hunter2" } }),
    event({ diagnosticEvent: { severity: "info", message: "password=hunter2-hunter2" } }),
    event({ preludeEvent: { config: { "mcpaas:x": "hunter2-hunter2" } } }),
    event({ summaryEvent: {} }),
  ].join("\n");
  expect(JSON.stringify(summaryOf("dev", stream, "it"))).not.toContain("hunter2");
});

it.each(leaks)("has no secret that got into a message: %s", (_, text) => {
  const urn = "urn:pulumi:dev::p::pulumi-nodejs:dynamic/mcpaas:VmSkuSelection::sizes";
  const verdicts = { gpu: [{ vmSize: "Standard_X", code: "ok", reason: text, chosen: true }] };
  const inputs = { vmSizes: { gpu: "Standard_X" }, verdicts, verified: true };
  const state = { type: "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection", urn, inputs };
  const policy = { policyName: "p", enforcementLevel: "mandatory", resourceUrn: urn, message: text };
  const stream = [
    event({ resourcePreEvent: { metadata: { op: "create", urn, new: state } } }),
    event({ diagnosticEvent: { severity: "error", message: text } }),
    event({ diagnosticEvent: { severity: "warning", message: text } }),
    event({ policyEvent: policy }),
    event({ summaryEvent: {} }),
  ].join("\n");
  const made = JSON.stringify(summaryOf("dev", stream, "it"));
  expect(made.match(/\[redacted\]/g)).toHaveLength(4);
  expect(made).not.toContain("hunter2");
});

it("has no value of any property, also of one that was never marked as a secret", () => {
  const state = (value: string) => ({
    type: "kubernetes:core/v1:Secret",
    urn: "urn:pulumi:dev::p::kubernetes:core/v1:Secret::it",
    inputs: { stringData: { token: value } },
    outputs: { stringData: { token: value } },
  });
  const [old, next] = [state("hunter2-old"), state("hunter2-new")];
  const metadata = { urn: old.urn, old, new: next, keys: ["stringData"], diffs: ["stringData"] };
  const lines = ["create", "update", "replace", "delete"].map((op) =>
    event({
      resourcePreEvent: {
        metadata: { ...metadata, op, detailedDiff: { "stringData.token": { diffKind: "update-replace" } } },
      },
    }),
  );
  const made = summaryOf("dev", [...lines, event({ summaryEvent: {} })].join("\n"), "it");
  expect(made.changes).toHaveLength(4);
  expect(JSON.stringify(made)).not.toContain("hunter2");
});

describe("dataIn", () => {
  it.each([
    ["azure-native:containerregistry:Registry", "images and adapters"],
    ["azure-native:dbforpostgresql:Server", "a database"],
    ["azure-native:dbforpostgresql/v20250801:Server", "a database"],
    ["azure-native:keyvault/v20240401preview:Vault", "keys and secrets"],
    ["kubernetes:core/v1:PersistentVolumeClaim", "a volume"],
    ["kubernetes:core/v1:Secret", undefined],
    ["azure-native:containerservice:AgentPool", undefined],
  ])("%s", (type, expected) => {
    expect(dataIn(type)).toBe(expected);
  });
});
