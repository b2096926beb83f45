import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { requiredTags as rule } from "../../../policies/rules/requiredTags.ts";
import { tags } from "../azureFixtures.ts";
import { findings, judge, unknownObject, unknownString } from "../judge.ts";

const GROUP = "azure-native:resources:ResourceGroup";
const said = (own: unknown, config: object = {}) => findings(rule, GROUP, { tags: own }, config);

describe("required-tags", () => {
  it.each([["30d"], ["8h"], ["4w"], ["2199-12-31"], ["permanent"]])(
    "accepts a lifetime of %s",
    async (ttl) => {
      expect(await said({ ...tags, ttl })).toEqual([]);
    },
  );

  it("takes no account of case in names, as Azure does", async () => {
    expect(await said({ Owner: "a", COSTCENTER: "b", TTL: "8h" })).toEqual([]);
  });

  it.each([
    ["none of them", undefined, ["no tag owner", "no tag costCenter", "no tag ttl"]],
    ["no owner", { ...tags, owner: undefined }, ["The resource has no tag owner (tags.owner)"]],
    ["a blank owner", { ...tags, owner: " " }, ['The tag owner is " "']],
    ["a lifetime in words", { ...tags, ttl: "soon" }, ['ttl is "soon", which is neither a day']],
    ["no lifetime at all", { ...tags, ttl: "0d" }, ["neither a day"]],
    ["a day that isn't", { ...tags, ttl: "2027-02-31T" }, ["neither a day"]],
    ["a day that has passed", { ...tags, ttl: "2020-01-31" }, ["until 2020-01-31, which has passed"]],
  ])("refuses %s", async (_, own, why) => {
    expect(await said(own)).toEqual(why.map((text) => expect.stringContaining(text)));
  });

  it("takes names and forms from its configuration", async () => {
    const config = { tags: { team: "^[a-z]+$" }, lifetimeTag: "", permanent: [] };
    expect(await said({ team: "data" }, config)).toEqual([]);
    expect(await said({ team: "Data 1" }, config)).toHaveLength(1);
    expect(await said({ ...tags, ttl: "permanent" }, { permanent: [] })).toHaveLength(1);
  });

  it.each([
    ["tags", unknownObject],
    ["tags.ttl", { ...tags, ttl: unknownString }],
  ])("reports that %s isn't known yet", async (path, own) => {
    const [text, ...more] = await said(own);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });

  it.each([
    "azure-native:authorization:RoleAssignment",
    "azure-native:network:Subnet",
    "kubernetes:core/v1:Namespace",
  ])("asks nothing of a %s, which has no tags", async (type) => {
    expect(await judge(rule, type, {})).toEqual([]);
  });

  it("knows types by any version", async () => {
    expect(await judge(rule, "azure-native:containerservice/v20250101:ManagedCluster", {})).toHaveLength(3);
    expect(await judge(rule, "azure-native_dns_v20180501:dns:Zone", {})).toHaveLength(3);
  });
});

it("knows which types of the installed SDK take tags", { timeout: 60_000 }, () => {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/azure-native/package.json"));
  const modules = readdirSync(root, { withFileTypes: true }).filter(
    (each) => each.isDirectory() && !["types", "node_modules"].includes(each.name),
  );
  const lines = modules.flatMap(({ name: module }) => {
    const names = readdirSync(join(root, module))
      .filter((file) => file.endsWith(".d.ts") && file !== "index.d.ts")
      .flatMap((file) => taggable(readFileSync(join(root, module, file), "utf8")));
    return names.length > 0 ? [`${module}: ${names.sort().join(" ")}`] : [];
  });
  const list = new URL("../../../policies/rules/requiredTags/types.txt", import.meta.url);
  expect(readFileSync(list, "utf8")).toBe(`${lines.sort().join("\n")}\n`);
});

/** The resource that a file of the SDK declares, if its arguments have tags. */
function taggable(declarations: string): string[] {
  const name = /export declare class (\w+) extends pulumi\.CustomResource/.exec(declarations)?.[1];
  if (name === undefined) return [];
  const args = declarations.slice(declarations.indexOf(`export interface ${name}Args`));
  return /^ {4}tags\?: pulumi\.Input<\{\s+\[key: string\]: pulumi\.Input<string>;/m.test(args) ? [name] : [];
}
