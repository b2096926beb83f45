import { describe, expect, it } from "vitest";
import type { Planned } from "../../../cli/cost/plan.ts";
import { graphOf } from "../../../cli/diagram/graph.ts";
import { mermaidOf, tableOf } from "../../../cli/diagram/mermaid.ts";

/** A resource whose URN is its name. */
const planned = (name: string, type: string, parent?: string, dependencies: string[] = []): Planned => ({
  urn: `urn::${name}`,
  type,
  ...(parent && { parent: `urn::${parent}` }),
  dependencies: dependencies.map((each) => `urn::${each}`),
});
const STACK = planned("stack", "pulumi:pulumi:Stack");
const component = (name: string, dependencies: string[] = []) =>
  planned(name, "mcpaas:index:Thing", "stack", dependencies);

/** Edges by the first names of their parts. */
function edges(...resources: Planned[]): string[] {
  const { parts, edges } = graphOf([STACK, ...resources]);
  return edges.map(([from, to]) => `${parts[from]?.names} > ${parts[to]?.names}`);
}

describe("edges", () => {
  it("go between components, from what is needed to what needs it, whichever of their resources does", () => {
    expect(
      edges(
        component("a"),
        planned("a-x", "kubernetes:core/v1:Secret", "a"),
        component("b"),
        planned("b-x", "kubernetes:core/v1:Secret", "b", ["a-x", "b-y"]),
        planned("b-y", "kubernetes:core/v1:Secret", "b", ["stack"]),
      ),
    ).toEqual(["a > b"]);
  });

  it("belong to the outermost component, and a resource without one stands for itself", () => {
    expect(
      edges(
        planned("group", "azure-native:resources:ResourceGroup", "stack"),
        component("outer"),
        planned("inner", "mcpaas:index:Other", "outer"),
        planned("x", "azure-native:a:B", "inner", ["group"]),
      ),
    ).toEqual(["group > outer"]);
  });

  it("that follow from others are left out", () => {
    expect(edges(component("a"), component("b", ["a"]), component("c", ["a", "b"]))).toEqual([
      "a > b",
      "b > c",
    ]);
  });

  it("don't hang in a circle", () => {
    expect(edges(component("a", ["b"]), component("b", ["a"]))).toEqual(["b > a", "a > b"]);
  });
});

it("one box has parts of one kind with the same edges, and another has those that differ", () => {
  const { parts } = graphOf([
    STACK,
    component("base"),
    component("one", ["base"]),
    component("two", ["base"]),
    component("last", ["two"]),
    component("three", ["base"]),
  ]);
  expect(parts.map(({ names }) => names)).toEqual([["base"], ["last"], ["one", "three"], ["two"]]);
});

it("the order in which resources were registered changes nothing", () => {
  const resources = [
    STACK,
    component("a"),
    component("b", ["a"]),
    component("c", ["a"]),
    component("d", ["b", "c"]),
  ];
  expect(mermaidOf(graphOf(resources.toReversed()))).toBe(mermaidOf(graphOf(resources)));
});

it("draws boxes where what they make lives, and says what that is", () => {
  const graph = graphOf([
    STACK,
    component("vault"),
    planned("v", "azure-native:keyvault:Vault", "vault"),
    component("app", ["vault"]),
    planned("d", "kubernetes:apps/v1:Deployment", "app"),
    planned("e", "kubernetes:apps/v1:Deployment", "app"),
    planned("p", "pulumi:providers:kubernetes", "app"),
  ]);
  expect(mermaidOf(graph)).toBe(
    [
      "```mermaid",
      "flowchart LR",
      '  subgraph azure["Azure"]',
      '    Thing_vault["Thing<br/>vault"]',
      "  end",
      '  subgraph cluster["in the cluster"]',
      '    Thing_app["Thing<br/>app"]',
      "  end",
      "  Thing_vault --> Thing_app",
      "```",
    ].join("\n"),
  );
  expect(tableOf(graph).split("\n").slice(2)).toEqual([
    "| `Thing` | app | 2 Deployment |",
    "| `Thing` | vault | 1 Vault |",
  ]);
});
