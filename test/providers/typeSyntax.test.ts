import { expect, test } from "vitest";
import { enumValues, nestedShape, sdkResource } from "../../rehearsal/providers/azure-native/sdk.ts";
import { parseMembers } from "../../rehearsal/providers/azure-native/typeSyntax.ts";

test("every form of type that the SDK's declarations use is read", () => {
  const members = parseMembers(`
    /**
     * Says what: it is.
     */
    text: pulumi.Input<string>;
    count?: pulumi.Input<number | undefined>;
    readonly enabled: pulumi.Output<boolean | undefined>;
    list?: pulumi.Input<pulumi.Input<string>[] | undefined>;
    map?: pulumi.Input<{
        [key: string]: pulumi.Input<inputs.a.BArgs>;
    } | undefined>;
    open?: pulumi.Input<string | enums.a.B | undefined>;
    closed: pulumi.Input<enums.a.B>;
    nested?: pulumi.Input<inputs.a.BArgs | undefined>;
    list2: outputs.a.BResponse[];
    union?: pulumi.Input<inputs.a.BArgs | inputs.a.CArgs | undefined>;
    constant: pulumi.Input<"Weekly">;
    whatever?: any;
`);
  const nested = { kind: "object", ref: "inputs.a.BArgs" };
  expect(Object.fromEntries(members)).toEqual({
    text: { type: { kind: "string" }, required: true },
    count: { type: { kind: "number" }, required: false },
    enabled: { type: { kind: "boolean" }, required: true },
    list: { type: { kind: "array", items: { kind: "string" } }, required: false },
    map: { type: { kind: "map", values: nested }, required: false },
    open: { type: { kind: "string" }, required: false },
    closed: { type: { kind: "enum", ref: "enums.a.B" }, required: true },
    nested: { type: nested, required: false },
    list2: { type: { kind: "array", items: { kind: "object", ref: "outputs.a.BResponse" } }, required: true },
    union: { type: { kind: "any" }, required: false },
    constant: { type: { kind: "string" }, required: true },
    whatever: { type: { kind: "any" }, required: false },
  });
});

test("the installed SDK is read: a class, a nested type, an enum, the API version", () => {
  const cluster = sdkResource("containerservice", "ManagedCluster");
  expect(cluster.apiVersion).toMatch(/^\d{4}-\d\d-\d\d(-preview)?$/);
  expect(cluster.inputs.get("resourceGroupName")).toEqual({ type: { kind: "string" }, required: true });
  expect(cluster.outputs.get("fqdn")?.type).toEqual({ kind: "string" });
  expect(cluster.outputs.has("resourceGroupName")).toBe(false);
  expect([...nestedShape("inputs.containerservice.PowerStateArgs").keys()]).toEqual(["code"]);
  expect(enumValues("enums.containerservice.ResourceIdentityType")).toContain("SystemAssigned");
});
