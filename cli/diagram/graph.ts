import type { Planned } from "../cost/plan.ts";

/** A component of the program, or a resource that belongs to none, and what is made for it. */
export interface Part {
  /** "AcrForAks", or the type of a resource that is in no component, as "ResourceGroup". */
  kind: string;
  /** Several when they have the same kind and the same edges. */
  names: string[];
  /** Where what it makes lives. */
  place: "azure" | "cluster";
  /** How many resources of each type it makes, components left out. */
  makes: Record<string, number>;
}

/** Parts, and which have to be there before which. */
export interface Graph {
  parts: Part[];
  /** Indexes of parts: the second needs the first. What follows from other edges is left out. */
  edges: [number, number][];
}

const OWN_COMPONENT = "mcpaas:index:";
/** What the engine has for itself. */
const ENGINE = /^pulumi:(pulumi|providers):/;

/** The parts of a program and the edges that its own dependencies make. */
export function graphOf(planned: readonly Planned[]): Graph {
  const byUrn = new Map(planned.map((each) => [each.urn, each]));
  /** The outermost component above a resource, or else the resource itself. */
  const topOf = (urn: string): string | undefined => {
    let top: Planned | undefined;
    for (let at = byUrn.get(urn); at; at = at.parent ? byUrn.get(at.parent) : undefined) {
      if (at.type.startsWith(OWN_COMPONENT) || top === undefined) top = at;
    }
    return top && !ENGINE.test(top.type) ? top.urn : undefined;
  };
  const members = Map.groupBy(
    planned.filter(({ type }) => !ENGINE.test(type)),
    ({ urn }) => topOf(urn),
  );
  members.delete(undefined);
  const needs = new Map<string, Set<string>>();
  for (const [top, own] of members) {
    const others = own.flatMap(({ dependencies }) => dependencies.map(topOf));
    needs.set(
      top as string,
      new Set(others.filter((each) => each !== undefined && each !== top) as string[]),
    );
  }
  const tops = [...members.keys()].map((urn) => byUrn.get(urn as string) as Planned).sort(inOrder);
  return merged(
    tops.map((top) => partOf(top, members.get(top.urn) ?? [])),
    reduced(
      tops.map(({ urn }) => urn),
      needs,
    ),
  );
}

function inOrder(a: Planned, b: Planned): number {
  return `${kindOf(a)} ${nameOf(a.urn)}`.localeCompare(`${kindOf(b)} ${nameOf(b.urn)}`, "en");
}

function partOf(top: Planned, own: readonly Planned[]): Part {
  const makes: Record<string, number> = {};
  for (const { type } of own) {
    if (!type.startsWith(OWN_COMPONENT)) makes[type] = (makes[type] ?? 0) + 1;
  }
  const inCluster = Object.keys(makes).filter((type) => type.startsWith("kubernetes:")).length;
  // Images are in Azure's registry.
  const inAzure = Object.keys(makes).filter((type) => /^(azure-native|docker):/.test(type)).length;
  const place = inCluster > inAzure || (inCluster === 0 && inAzure === 0) ? "cluster" : "azure";
  return { kind: kindOf(top), names: [nameOf(top.urn)], place, makes };
}

/** Edges without those that follow from others. */
function reduced(
  urns: readonly string[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): [number, number][] {
  const reachable = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(needs.get(from) ?? [])].some((next) => {
      if (seen.has(next)) return false;
      seen.add(next);
      return next === to || reachable(next, to, seen);
    });
  return urns.flatMap((urn, index) => {
    const direct = [...(needs.get(urn) ?? [])];
    const plain = direct.filter((need) => !direct.some((other) => other !== need && reachable(other, need)));
    return plain.map((need): [number, number] => [urns.indexOf(need), index]).sort(([a], [b]) => a - b);
  });
}

/** Parts of one kind with the same edges as one: they differ by their names only. */
function merged(parts: readonly Part[], edges: readonly [number, number][]): Graph {
  const keyOf = (index: number) =>
    JSON.stringify([
      parts[index]?.kind,
      edges.filter(([, to]) => to === index).map(([from]) => from),
      edges.filter(([from]) => from === index).map(([, to]) => to),
    ]);
  const groups = [...Map.groupBy(parts.keys(), keyOf).values()];
  const groupOf = (index: number) => groups.findIndex((group) => group.includes(index));
  const pairs = new Set(edges.map(([from, to]) => `${groupOf(from)} ${groupOf(to)}`));
  return {
    parts: groups.map((group) => {
      const own = group.map((index) => parts[index] as Part);
      const makes: Record<string, number> = {};
      for (const part of own) {
        for (const [type, count] of Object.entries(part.makes)) makes[type] = (makes[type] ?? 0) + count;
      }
      return { ...(own[0] as Part), names: own.flatMap(({ names }) => names), makes };
    }),
    edges: [...pairs].map((pair) => pair.split(" ").map(Number) as [number, number]),
  };
}

function kindOf({ type }: Planned): string {
  return type.split(":").at(-1) as string;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) as string;
}
