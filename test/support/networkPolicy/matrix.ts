import { between, type Direction, policiesFor, type Reading } from "./evaluate.ts";
import type { Outside, Party, Pod, Policy, Protocol } from "./objects.ts";

/**
 * Who may call whom, and on which ports: "TCP 3000", or "any" for all of every protocol. Names are those of the
 * parties, and a star stands for any letters: "chat/*" for the pods of a namespace, "*" for all that there is.
 */
export interface Row {
  from: string;
  to: string;
  ports: readonly string[];
  /** Why, where it isn't plain. */
  why?: string;
  /** Where only one reading allows it. @default - both */
  reading?: Reading;
}

/** Pods by "namespace/name", and addresses by names that begin with "@". */
export type Parties = ReadonlyMap<string, Party>;

/** Addresses that matter. A pod's own node is none of them: whether it may be called is beyond policies. */
export const OUTSIDE: Readonly<Record<string, Outside>> = {
  "@metadata": { address: "169.254.169.254" },
  "@wireserver": { address: "168.63.129.16" },
  "@link-local": { address: "fe80::1" },
  "@internet": { address: "20.1.2.3" },
  "@internet-v6": { address: "2603:1030::7" },
  "@api-server": { address: "20.50.60.70" },
  "@private-network": { address: "10.240.0.9" },
  "@node": { address: "10.224.0.4", kind: "node" },
};

interface Port {
  protocol: Protocol;
  port: number;
}

interface Comparison {
  /** Calls that the policies let through and no row allows. */
  open: string[];
  /** Calls that a row allows and the policies don't let through; or rows about nothing at all. */
  closed: string[];
}

/**
 * Compares all calls that are possible between the parties with a table of those that are allowed.
 *
 * @param judged whether calls from or to a pod are judged: one of the two must be. @default - all
 */
export function compare(
  policies: readonly Policy[],
  parties: Parties,
  rows: readonly Row[],
  reading: Reading,
  judged: (pod: Pod) => boolean = () => true,
): Comparison {
  const ports = portsOf(policies, parties);
  const applying = remembered(policies);
  const found: Comparison = { open: [], closed: [] };
  const used = new Set<Row>();
  const applicable = rows.filter((row) => row.reading === undefined || row.reading === reading);
  const matchers = applicable.map((row) => ({ row, from: pattern(row.from), to: pattern(row.to) }));
  for (const [from, caller] of parties) {
    for (const [to, called] of parties) {
      if (![caller, called].some((party) => "namespace" in party && judged(party))) continue;
      const matching = matchers
        .filter((each) => each.from.test(from) && each.to.test(to))
        .map(({ row }) => row);
      for (const row of matching) used.add(row);
      // Of the same name, but not itself: another replica.
      const other = caller === called ? { ...called } : called;
      const open = ports.filter(between(policies, caller, other, reading, applying));
      const wanted = ports.filter((port) => matching.some((row) => covers(row, port)));
      const place = `${from} -> ${to}`;
      found.open.push(...listed(place, open, wanted, ports));
      found.closed.push(...listed(place, wanted, open, ports));
    }
  }
  const idle = applicable
    .filter((row) => !used.has(row))
    .map(({ from, to }) => `nothing is ${from} -> ${to}`);
  found.closed.push(...idle);
  return found;
}

/** Finds each pod's policies once: pods with the same labels have the same. */
function remembered(policies: readonly Policy[]): typeof policiesFor {
  const known = new Map<string, Policy[]>();
  return (_, direction: Direction, pod: Pod) => {
    const key = JSON.stringify([direction, pod.namespace, pod.labels, pod.hostNetwork]);
    const found = known.get(key) ?? policiesFor(policies, direction, pod);
    known.set(key, found);
    return found;
  };
}

/** Every port that pods have or that policies mean, its neighbours, and some that nobody means. */
function portsOf(policies: readonly Policy[], parties: Parties): Port[] {
  const numbers = new Set([1, 22, 53, 80, 443, 10_250, 65_535]);
  for (const { spec } of policies) {
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const { port, endPort } of ports) {
        for (const edge of [port, endPort]) if (typeof edge === "number") around(edge, numbers);
      }
    }
  }
  for (const party of parties.values()) {
    if ("namespace" in party) for (const { containerPort } of party.ports ?? []) numbers.add(containerPort);
  }
  const sorted = [...numbers].sort((a, b) => a - b);
  return (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) => sorted.map((port) => ({ protocol, port })));
}

function around(port: number, numbers: Set<number>): void {
  for (const each of [port - 1, port, port + 1]) if (each >= 1 && each <= 65_535) numbers.add(each);
}

function listed(place: string, some: Port[], others: Port[], all: Port[]): string[] {
  const rest = some.filter((port) => !others.includes(port));
  if (rest.length === 0) return [];
  if (rest.length === all.length) return [`${place}: any`];
  const texts = rest.map(textOf);
  const shown = texts.length > 12 ? [...texts.slice(0, 12), `and ${texts.length - 12} more`] : texts;
  return [`${place}: ${shown.join(", ")}`];
}

function covers(row: Row, port: Port): boolean {
  return row.ports.includes("any") || row.ports.includes(textOf(port));
}

function textOf({ protocol, port }: Port): string {
  return `${protocol} ${port}`;
}

function pattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
