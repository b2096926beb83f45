import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEvents, summarise } from "../../rehearsal/engineEvents.ts";
import { leftovers } from "../../rehearsal/inventory.ts";
import { describeChanges } from "../../rehearsal/rehearsal.ts";

const urn = "urn:pulumi:dev::mcpaas::azure-native:resources:ResourceGroup::group";

test("an event log is read for what changed, what policies said and what went wrong", () => {
  const result = summarise([
    { resourcePreEvent: { metadata: { op: "same", type: "pulumi:pulumi:Stack", urn } } },
    { resourcePreEvent: { metadata: { op: "update", type: "azure-native:resources:ResourceGroup", urn } } },
    {
      resOutputsEvent: {
        metadata: { op: "update", type: "azure-native:resources:ResourceGroup", urn, diffs: ["tags"] },
      },
    },
    {
      policyEvent: {
        policyName: "no-latest",
        enforcementLevel: "mandatory",
        resourceUrn: urn,
        message: "<{%reset%}>bad\n",
      },
    },
    { diagnosticEvent: { severity: "warning", message: "mind" } },
    { diagnosticEvent: { severity: "error", message: "<{%fg 1%}>broken<{%reset%}>" } },
    { summaryEvent: { resourceChanges: { update: 1, same: 1 }, PolicyPacks: { mcpaas: "0.1.0" } } },
  ]);
  expect(result).toEqual({
    changes: { update: 1, same: 1 },
    changed: ["update azure-native:resources:ResourceGroup group"],
    unfinished: [],
    differences: ["azure-native:resources:ResourceGroup group: tags"],
    violations: [{ policy: "no-latest", level: "mandatory", urn, message: "bad" }],
    policyPacks: { mcpaas: "0.1.0" },
    errors: ["broken"],
  });
});

test("what a broken off command waited for is what it began, and neither ended nor gave up", () => {
  const of = (name: string, op = "create") => ({
    metadata: { op, type: "kubernetes:core/v1:Pod", urn: `::${name}` },
  });
  const { unfinished } = summarise([
    { resourcePreEvent: of("ready") },
    { resourcePreEvent: of("waits") },
    { resourcePreEvent: of("refused") },
    { resourcePreEvent: of("replaced", "delete-replaced") },
    { resOutputsEvent: of("ready") },
    { resOpFailedEvent: of("refused") },
    { resOutputsEvent: of("replaced", "delete-replaced") },
    { resourcePreEvent: of("replaced", "create-replacement") },
  ]);
  expect(unfinished).toEqual([
    "create kubernetes:core/v1:Pod waits",
    "create-replacement kubernetes:core/v1:Pod replaced",
  ]);
});

test("an event log keeps no debug message, because those hold secrets", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mcpaas-events-"));
  const file = join(dir, "events.json");
  const debug = { diagnosticEvent: { severity: "debug", message: "client-key-data: hidden" } };
  const error = { diagnosticEvent: { severity: "error", message: "broken" } };
  await writeFile(file, `${JSON.stringify(debug)}\n${JSON.stringify(error)}\n{"half":`);
  expect(summarise(await readEvents(file)).errors).toEqual(["broken"]);
  expect(await readFile(file, "utf8")).toBe(`${JSON.stringify(error)}\n`);
  await rm(dir, { recursive: true });
});

test("what was there before is not left over", () => {
  const before = { azure: ["/subscriptions/0"], cluster: ["Namespace <none> default"] };
  const after = {
    azure: ["/subscriptions/0", "/subscriptions/0/resourceGroups/rg"],
    cluster: before.cluster,
  };
  expect(leftovers(before, after)).toEqual({ azure: ["/subscriptions/0/resourceGroups/rg"], cluster: [] });
});

test("changes are put into words", () => {
  expect(describeChanges({ create: 2, same: 0, delete: 1 })).toBe("2 created, 1 deleted");
  expect(describeChanges({})).toBe("nothing to do");
});
