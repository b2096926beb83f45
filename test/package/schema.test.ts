import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import * as components from "../../components/index.ts";
import { programOf, root } from "../../package/emit.ts";
import { Inference } from "../../package/schema/inference.ts";
import type { ObjectSchema, PackageSchema } from "../../package/schema/types.ts";
import { inferSchema } from "../../package/schema.ts";

let schema: PackageSchema;
// One program for all of them: making it takes seconds.
beforeAll(() => {
  schema = inferSchema();
}, 300_000);

const component = (name: string) => {
  const found = schema.resources[`mcpaas:index:${name}`];
  if (found === undefined) throw new Error(`no component ${name}`);
  return found;
};
const type = (name: string) => schema.types[`mcpaas:index:${name}`];

test("every exported component is in it, by the type that its resource has", () => {
  const classes = Object.entries(components).flatMap(([name, value]) =>
    typeof value === "function" && Object.getPrototypeOf(value)?.name === "ComponentResource" ? [name] : [],
  );
  expect(Object.keys(schema.resources)).toEqual(classes.map((name) => `mcpaas:index:${name}`).sort());
  expect(classes).toEqual(expect.arrayContaining(["AcrForAks", "KmcpInstall", "McpServerDeployment"]));
  const sources = readdirSync(join(root, "components"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, "components", file), "utf8"))
    .join("\n");
  for (const token of Object.keys(schema.resources)) {
    expect(sources).toContain(`super("${token}"`);
  }
});

test("what must be known when the program starts is plain, and what may come from a resource is not", () => {
  const { inputProperties, requiredInputs } = component("AcrForAks");
  expect(requiredInputs).toEqual(["location", "resourceGroupName"]);
  expect(inputProperties["location"]).toEqual({ type: "string", description: expect.any(String) });
  expect(inputProperties["untaggedRetentionDays"]).toMatchObject({ type: "number", plain: true });
});

test("descriptions say defaults in words", () => {
  const { inputProperties } = component("AcrForAks");
  expect(inputProperties["kubeletIdentityObjectId"]?.description).toMatch(/\n\nDefault: nobody may pull$/);
  expect(inputProperties["namePrefix"]?.description).toMatch(/\n\nDefault: "mcpaas"$/);
});

test("literals are enums, a word beside an object is one of two, lists are arrays", () => {
  expect(component("AcrForAks").inputProperties["sku"]?.$ref).toBe("#/types/mcpaas:index:AcrForAksSku");
  expect(type("AcrForAksSku")).toEqual({
    type: "string",
    enum: [{ value: "Basic" }, { value: "Standard" }, { value: "Premium" }],
  });
  expect(component("McpServerDeployment").inputProperties["guard"]).toMatchObject({
    oneOf: [{ $ref: "#/types/mcpaas:index:McpGuardArgs" }, { type: "string" }],
    plain: true,
  });
  expect(component("KaitoWorkspace").inputProperties["egress"]).toMatchObject({
    type: "array",
    items: { $ref: "#/types/mcpaas:index:NetworkEgress" },
  });
});

test("types without a name are named by where they stand, and keep what they are made of", () => {
  const guard = type("AksMcpGuard") as ObjectSchema;
  expect(Object.keys(guard.properties)).toContain("authentication");
  // Omit<McpGuardArgs, "search" | "sse">
  expect(Object.keys(guard.properties)).not.toContain("search");
  expect(type("ContainerResourcesRequests")).toMatchObject({ required: ["cpu", "memory"] });
});

test("types of Kubernetes are its package's own", () => {
  expect(component("McpServerDeployment").inputProperties["affinity"]?.$ref).toBe(
    "/kubernetes/v4.25.0/schema.json#/types/kubernetes:core%2Fv1:Affinity",
  );
  expect(schema.dependencies).toEqual([{ name: "kubernetes", version: "4.25.0" }]);
});

test("results are what the component gives, and never plain", () => {
  const { properties } = component("McpServerDeployment");
  expect(Object.keys(properties).sort()).toEqual(["name", "namespace", "podLabels", "tokens", "url"]);
  expect(JSON.stringify(properties)).not.toContain('"plain"');
});

test("every reference leads somewhere, and every argument says what it is", () => {
  const references = JSON.stringify(schema).match(/"#\/types\/[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(100);
  for (const reference of references) {
    expect(schema.types).toHaveProperty([reference.slice(9, -1)]);
  }
  const silent = Object.entries(schema.resources).flatMap(([token, { inputProperties }]) =>
    Object.entries(inputProperties).flatMap(([name, { description }]) =>
      description ? [] : [`${token}.${name}`],
    ),
  );
  expect(silent).toEqual([]);
});

test("an optional argument says what it is when it isn't given", () => {
  const silent = Object.entries(schema.resources).flatMap(([token, { inputProperties, requiredInputs }]) =>
    Object.entries(inputProperties).flatMap(([name, { description }]) =>
      requiredInputs.includes(name) || description?.includes("Default: ") ? [] : [`${token}.${name}`],
    ),
  );
  expect(silent).toEqual([]);
});

test("what a schema can't say is an error that names the argument", () => {
  const file = join(root, "components/validation.ts");
  const program = programOf([file]);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  const check = symbol && checker.getExportsOfModule(symbol).filter(({ name }) => name === "ensure");
  expect(check).toHaveLength(1);
  const shape = () =>
    new Inference(checker, "p").shape(check as ts.Symbol[], { name: "X", path: "X", argument: true });
  expect(shape).toThrow(/^X\.ensure: Pulumi's schema has no place for/);
});
